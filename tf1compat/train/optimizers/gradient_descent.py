"""Gradient descent."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from ..optimizer import Optimizer

__all__ = ["GradientDescentOptimizer"]


class GradientDescentOptimizer(Optimizer):
    """`variable -= learning_rate * gradient`.

    Rows of a sparse gradient are subtracted one after the other, repeated ones too.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope.
    """

    def __init__(self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._learning_rate_tensor: Any = None

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._tensor(self._learning_rate, "learning_rate")

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return tf.raw_ops.ResourceApplyGradientDescent(
            var=handle.handle,
            alpha=tf.cast(self._learning_rate_tensor, grad.dtype),
            delta=grad,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse_duplicate_indices(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        delta = grad * tf.cast(self._learning_rate_tensor, grad.dtype)
        return tf.raw_ops.ResourceScatterSub(resource=handle.handle, indices=indices, updates=delta)

    def _apply_sparse_duplicate_indices(self, grad: tf.IndexedSlices, var: Any) -> Any:
        return self._resource_apply_sparse_duplicate_indices(grad.values, var, grad.indices)
