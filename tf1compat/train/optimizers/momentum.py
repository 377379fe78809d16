"""Gradient descent with momentum, and Nesterov's."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["MomentumOptimizer"]


class MomentumOptimizer(Optimizer):
    """Gradient descent along a running sum of gradients.

        accumulator = momentum * accumulator + gradient
        variable -= learning_rate * accumulator

    and with `use_nesterov`, as Sutskever et al., 2013 (http://proceedings.mlr.press/v28/sutskever13.html)
    approximate Nesterov's momentum with gradients taken at the variable itself,

        variable -= learning_rate * (gradient + momentum * accumulator)

    A sparse gradient touches the accumulator and the variable only in its rows. One slot, `momentum`,
    which begins with zeros and is named `<variable>/Momentum`.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      momentum: What is left of the accumulator after a step, from 0 to 1; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slot's name.
      use_nesterov: Whether to use Nesterov's momentum.
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._tensor(self._learning_rate, "learning_rate")
        self._momentum_tensor = self._tensor(self._momentum, "momentum")

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return tf.raw_ops.ResourceApplyMomentum(
            var=handle.handle,
            accum=self.get_slot(handle, "momentum").handle,
            lr=tf.cast(self._learning_rate_tensor, grad.dtype),
            grad=grad,
            momentum=tf.cast(self._momentum_tensor, grad.dtype),
            use_locking=self._use_locking,
            use_nesterov=self._use_nesterov,
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        accumulator = self.get_slot(handle, "momentum")
        rate = tf.cast(self._learning_rate_tensor, grad.dtype)
        momentum = tf.cast(self._momentum_tensor, grad.dtype)
        if rows.has_kernel("ResourceSparseApplyMomentum", handle):
            return tf.raw_ops.ResourceSparseApplyMomentum(
                var=handle.handle,
                accum=accumulator.handle,
                lr=rate,
                grad=grad,
                indices=indices,
                momentum=momentum,
                use_locking=self._use_locking,
                use_nesterov=self._use_nesterov,
            )

        def rule(var: tf.Tensor, accum: tf.Tensor) -> tuple[tf.Tensor, ...]:
            accum = accum * momentum + grad
            step = grad * rate + accum * momentum * rate if self._use_nesterov else accum * rate
            return var - step, accum

        return rows.update(rule, indices, handle, accumulator)
