"""RMSProp, plain and centred."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["RMSPropOptimizer"]


class RMSPropOptimizer(Optimizer):
    """Gradients divided by the root of their mean square, with momentum.

        rms = decay * rms + (1 - decay) * gradient^2
        momentum_sum = momentum * momentum_sum + learning_rate * gradient / sqrt(rms + epsilon)
        variable -= momentum_sum

    and if `centered`, by the root of their variance:

        mg = decay * mg + (1 - decay) * gradient
        momentum_sum = momentum * momentum_sum + learning_rate * gradient / sqrt(rms - mg^2 + epsilon)

    Hinton's lecture 6 (http://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf) has the
    rule; TF1's has `epsilon` inside the root, and its mean square begins with one, Keras's with zero. A
    sparse gradient touches slots and variable only in its rows.

    Slots: `rms`, of ones, `<variable>/RMSProp`; if centred `mg`, of zeros; `momentum`, of zeros. The
    second and third are named `<variable>/RMSProp_1` and `RMSProp_2`, in that order.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      decay: How much of the means is kept in a step, from 0 to 1; likewise.
      momentum: What is left of the last step; likewise.
      epsilon: What keeps the root from zero; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      centered: Whether to divide by the root of the variance.
      name: The update's name scope, and the slots' name.
    """

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._decay = decay
        self._momentum = momentum
        self._epsilon = epsilon
        self._centered = centered
        self._learning_rate_tensor: Any = None
        self._decay_tensor: Any = None
        self._momentum_tensor: Any = None
        self._epsilon_tensor: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._filled_slot(v, 1.0, "rms", self._name)
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._tensor(self._learning_rate, "learning_rate")
        self._decay_tensor = self._tensor(self._decay, "decay")
        self._momentum_tensor = self._tensor(self._momentum, "momentum")
        self._epsilon_tensor = self._tensor(self._epsilon, "epsilon")

    def _arguments(self, grad: tf.Tensor, handle: Any) -> dict[str, Any]:
        """What the kernels of all four kinds take."""
        slots = {"ms": "rms", "mom": "momentum", **({"mg": "mg"} if self._centered else {})}
        return {
            "var": handle.handle,
            **{argument: self.get_slot(handle, name).handle for argument, name in slots.items()},
            "lr": tf.cast(self._learning_rate_tensor, grad.dtype),
            "rho": tf.cast(self._decay_tensor, grad.dtype),
            "momentum": tf.cast(self._momentum_tensor, grad.dtype),
            "epsilon": tf.cast(self._epsilon_tensor, grad.dtype),
            "grad": grad,
            "use_locking": self._use_locking,
        }

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        raw = tf.raw_ops
        kernel = raw.ResourceApplyCenteredRMSProp if self._centered else raw.ResourceApplyRMSProp
        return kernel(**self._arguments(grad, handle))

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        raw = tf.raw_ops
        if rows.has_kernel("ResourceSparseApplyRMSProp", handle):
            kernel = raw.ResourceSparseApplyCenteredRMSProp if self._centered else raw.ResourceSparseApplyRMSProp
            return kernel(**self._arguments(grad, handle), indices=indices)
        given = self._arguments(grad, handle)
        rate, decay, momentum, epsilon = (given[name] for name in ("lr", "rho", "momentum", "epsilon"))

        def rule(var: tf.Tensor, ms: tf.Tensor, mom: tf.Tensor, *mg: tf.Tensor) -> tuple[tf.Tensor, ...]:
            ms = ms * decay + tf.square(grad) * (1 - decay)
            mg = tuple(mean * decay + grad * (1 - decay) for mean in mg)
            divisor = ms + epsilon - tf.square(mg[0]) if mg else ms + epsilon
            mom = mom * momentum + tf.math.rsqrt(divisor) * rate * grad
            return var - mom, ms, mom, *mg

        names = ("rms", "momentum", "mg") if self._centered else ("rms", "momentum")
        return rows.update(rule, indices, handle, *(self.get_slot(handle, name) for name in names))
