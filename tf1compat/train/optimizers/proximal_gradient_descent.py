"""Gradient descent with penalties applied after the step."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["ProximalGradientDescentOptimizer"]


class ProximalGradientDescentOptimizer(Optimizer):
    """Gradient descent, then the weights that the penalties prefer.

        moved = variable - learning_rate * gradient
        variable = sign(moved) * max(|moved| - learning_rate * l1, 0) / (1 + learning_rate * l2)

    From Duchi and Singer, 2009 (http://papers.nips.cc/paper/3793-efficient-learning-using-forward-backward-splitting.pdf).
    A sparse gradient touches only its rows. There are no slots.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more; likewise.
      l2_regularization_strength: The weight of half the sum of squares; zero or more; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope.
    """

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._learning_rate_tensor: Any = None
        self._l1_regularization_strength_tensor: Any = None
        self._l2_regularization_strength_tensor: Any = None

    def _prepare(self) -> None:
        for name in ("learning_rate", "l1_regularization_strength", "l2_regularization_strength"):
            setattr(self, f"_{name}_tensor", self._tensor(getattr(self, f"_{name}"), name))

    def _strengths(self, dtype: tf.DType) -> dict[str, tf.Tensor]:
        return {
            "l1": tf.cast(self._l1_regularization_strength_tensor, dtype),
            "l2": tf.cast(self._l2_regularization_strength_tensor, dtype),
        }

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        if rows.is_on_gpu_without("ResourceApplyProximalGradientDescent", handle):
            rate = tf.cast(self._learning_rate_tensor, grad.dtype)
            strengths = self._strengths(grad.dtype)
            return rows.replace(lambda var: (rows.shrunk(var - grad * rate, rate, **strengths),), handle)
        return tf.raw_ops.ResourceApplyProximalGradientDescent(
            var=handle.handle,
            alpha=tf.cast(self._learning_rate_tensor, grad.dtype),
            **self._strengths(grad.dtype),
            delta=grad,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        rate = tf.cast(self._learning_rate_tensor, grad.dtype)
        strengths = self._strengths(grad.dtype)
        if rows.has_kernel("ResourceSparseApplyProximalGradientDescent", handle):
            return tf.raw_ops.ResourceSparseApplyProximalGradientDescent(
                var=handle.handle,
                alpha=rate,
                **strengths,
                grad=grad,
                indices=indices,
                use_locking=self._use_locking,
            )
        return rows.update(lambda var: (rows.shrunk(var - grad * rate, rate, **strengths),), indices, handle)
