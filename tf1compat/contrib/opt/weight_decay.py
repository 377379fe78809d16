"""Weight decay beside the gradient, not in it (Loshchilov and Hutter, 2017)."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.train import AdamOptimizer, MomentumOptimizer, Optimizer, variables

__all__ = [
    "AdamWOptimizer",
    "DecoupledWeightDecayExtension",
    "MomentumWOptimizer",
    "extend_with_decoupled_weight_decay",
]


class DecoupledWeightDecayExtension:
    """Before an optimizer's own step, variable -= weight_decay * variable; of a sparse gradient in its rows alone.

    A base class to stand before an optimizer's:

        class AdamW(DecoupledWeightDecayExtension, tf.train.AdamOptimizer):
            def __init__(self, weight_decay, *args, **kwargs):
                super().__init__(weight_decay, *args, **kwargs)

    `weight_decay` is not multiplied by the learning rate. `minimize` and `apply_gradients` take `decay_var_list`, the
    variables that decay; all without.
    """

    def __init__(self, weight_decay: Any, **kwargs: Any) -> None:
        self._decay_var_list: set[Any] | None = None
        self._weight_decay = weight_decay
        super().__init__(**kwargs)

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
        decay_var_list: Any = None,
    ) -> Any:
        pairs = self.compute_gradients(  # type: ignore[attr-defined]
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(gradient is None for gradient, _ in pairs):
            raise ValueError(f"No gradients provided for any variable: {[str(v) for _, v in pairs]}.")
        return self.apply_gradients(pairs, global_step, name, decay_var_list)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None, decay_var_list: Any = None
    ) -> Any:
        self._decay_var_list = {variables.key_of(v) for v in decay_var_list} if decay_var_list else None
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)  # type: ignore[misc]

    def _amount(self, values: tf.Tensor) -> Any:
        decay = self._weight_decay() if callable(self._weight_decay) else self._weight_decay
        return (tf.cast(decay, values.dtype) if tf.is_tensor(decay) else decay) * values

    def _decays(self, var: Any) -> bool:
        return self._decay_var_list is None or variables.key_of(var) in self._decay_var_list

    def _resource_apply_dense(self, grad: tf.Tensor, var: Any) -> Any:
        before: Any = None
        if self._decays(var):
            before = tf.raw_ops.AssignSubVariableOp(resource=var.handle, value=self._amount(tf.identity(var)))
        with tf.control_dependencies([] if before is None else [before]):
            return super()._resource_apply_dense(grad, var)  # type: ignore[misc]

    def _resource_apply_sparse(self, grad: tf.Tensor, var: Any, indices: tf.Tensor) -> Any:
        before: Any = None
        if self._decays(var):
            amount = self._amount(tf.gather(var, indices))
            before = tf.raw_ops.ResourceScatterSub(resource=var.handle, indices=indices, updates=amount)
        with tf.control_dependencies([] if before is None else [before]):
            return super()._resource_apply_sparse(grad, var, indices)  # type: ignore[misc]


def extend_with_decoupled_weight_decay(base_optimizer: type[Optimizer]) -> type[Optimizer]:
    """The class that takes `weight_decay` before the arguments of `base_optimizer`, and decays."""

    class OptimizerWithDecoupledWeightDecay(DecoupledWeightDecayExtension, base_optimizer):  # type: ignore[misc, valid-type]
        def __init__(self, weight_decay: Any, *args: Any, **kwargs: Any) -> None:
            DecoupledWeightDecayExtension.__init__(self, weight_decay, *args, **kwargs)

    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):  # type: ignore[misc]
    """`tf.train.MomentumOptimizer` with decoupled weight decay."""

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "MomentumW",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):  # type: ignore[misc]
    """`tf.train.AdamOptimizer` with decoupled weight decay."""

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdamW",
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )
