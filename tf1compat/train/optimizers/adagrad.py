"""Adagrad."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["AdagradOptimizer"]


class AdagradOptimizer(Optimizer):
    """Gradients divided by the root of the sum of their squares.

        accumulator += gradient^2
        variable -= learning_rate * gradient / sqrt(accumulator)

    From Duchi et al., 2011 (http://www.jmlr.org/papers/volume12/duchi11a/duchi11a.pdf). A sparse gradient
    touches only its rows. One slot, `accumulator`, named `<variable>/Adagrad`.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      initial_accumulator_value: What the accumulator begins with everywhere; a number above zero.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slot's name.

    Raises:
      ValueError: if `initial_accumulator_value` is not above zero.
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._learning_rate_tensor: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._filled_slot(v, self._initial_accumulator_value, "accumulator", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._tensor(self._learning_rate, "learning_rate")

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return tf.raw_ops.ResourceApplyAdagrad(
            var=handle.handle,
            accum=self.get_slot(handle, "accumulator").handle,
            lr=tf.cast(self._learning_rate_tensor, grad.dtype),
            grad=grad,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        accumulator = self.get_slot(handle, "accumulator")
        rate = tf.cast(self._learning_rate_tensor, grad.dtype)
        if rows.has_kernel("ResourceSparseApplyAdagrad", handle):
            return tf.raw_ops.ResourceSparseApplyAdagrad(
                var=handle.handle,
                accum=accumulator.handle,
                lr=rate,
                grad=grad,
                indices=indices,
                use_locking=self._use_locking,
            )

        def rule(var: tf.Tensor, accum: tf.Tensor) -> tuple[tf.Tensor, ...]:
            accum += tf.square(grad)
            return var - rate * grad * tf.math.rsqrt(accum), accum

        return rows.update(rule, indices, handle, accumulator)
