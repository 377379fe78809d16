"""Momentum with a learning rate for each layer (You, Gitman and Ginsburg, 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf1compat.train import MomentumOptimizer

__all__ = ["LARSOptimizer"]


class LARSOptimizer(MomentumOptimizer):
    """Momentum whose gradients are scaled by how large the variable is beside them:

        g = gradient + weight_decay * variable
        rate = learning_rate * eeta * |variable| / (|gradient| + weight_decay * |variable| + epsilon)
        accumulator = momentum * accumulator + rate * g
        variable -= accumulator

    A sparse gradient, and one of a variable whose name holds a word of `skip_list`, goes without scale and decay.

    Raises:
      ValueError: for a negative momentum or weight decay.
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: float = 0.9,
        weight_decay: float = 0.0001,
        eeta: float = 0.001,
        epsilon: float = 0.0,
        name: str = "LARSOptimizer",
        skip_list: Sequence[str] | None = None,
        use_nesterov: bool = False,
    ) -> None:
        if momentum < 0.0:
            raise ValueError(f"momentum should be positive: {momentum}")
        if weight_decay < 0.0:
            raise ValueError(f"weight_decay should be positive: {weight_decay}")
        super().__init__(learning_rate, momentum, name=name, use_nesterov=use_nesterov)
        self._weight_decay = weight_decay
        self._eeta = eeta
        self._epsilon = epsilon
        self._skip_list = skip_list

    def compute_lr(self, grad: tf.Tensor, var: Any) -> tuple[Any, tf.Tensor]:
        """(the rate, the gradient with the decay) of a variable."""
        rate = tf.cast(self._learning_rate_tensor, grad.dtype)
        if any(word in var.name for word in self._skip_list or ()):
            return rate, grad
        size, slope = tf.norm(var, ord=2), tf.norm(grad, ord=2)
        trust = self._eeta * size / (slope + self._weight_decay * size + self._epsilon)
        trust = tf.where((size > 0) & (slope > 0), trust, tf.ones_like(trust))
        return rate * trust, grad + self._weight_decay * tf.identity(var)

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        rate, grad = self.compute_lr(grad, handle)
        return tf.raw_ops.ResourceApplyMomentum(
            var=handle.handle,
            accum=self.get_slot(handle, "momentum").handle,
            lr=tf.ones([], grad.dtype),
            grad=grad * rate,
            momentum=tf.cast(self._momentum_tensor, grad.dtype),
            use_locking=False,
            use_nesterov=self._use_nesterov,
        )
