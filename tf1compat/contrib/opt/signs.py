"""Optimizers that scale a gradient by whether it agrees with its running mean (Bello et al., 2017)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.train import Optimizer

__all__ = ["AddSignOptimizer", "PowerSignOptimizer"]


class _SignOptimizer(Optimizer):
    """What both share: the mean m = beta * m + (1 - beta) * g in a slot `m`, and the decay of the agreement."""

    #: The kernel, and what it calls `strength`.
    _kernel: Callable[..., Any]
    _strength: tuple[str, Any]

    def __init__(
        self, learning_rate: Any, beta: Any, sign_decay_fn: Callable[[Any], Any] | None, use_locking: bool, name: str
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta = beta
        self._sign_decay_fn = sign_decay_fn

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "m", self._name)

    def _prepare(self) -> None:
        self._lr_t = self._tensor(self._lr, "learning_rate")
        self._beta_t = self._tensor(self._beta, "beta")
        self._strength_t = self._tensor(self._strength[1], self._strength[0])
        decay = 1.0 if self._sign_decay_fn is None else self._sign_decay_fn(self._step)
        self._sign_decay_t = tf.convert_to_tensor(decay, name="sign_decay")

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return self._kernel(
            var=handle.handle,
            m=self.get_slot(handle, "m").handle,
            lr=tf.cast(self._lr_t, grad.dtype),
            sign_decay=tf.cast(self._sign_decay_t, grad.dtype),
            beta=tf.cast(self._beta_t, grad.dtype),
            grad=grad,
            use_locking=self._use_locking,
            **{self._strength[0]: tf.cast(self._strength_t, grad.dtype)},
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        slot, dtype = self.get_slot(handle, "m"), grad.dtype
        beta = tf.cast(self._beta_t, dtype)
        place = tf.expand_dims(indices, 1)
        m = tf.tensor_scatter_nd_add(slot * beta, place, grad * (1 - beta))
        agreement = tf.cast(self._sign_decay_t, dtype) * tf.sign(tf.gather(m, indices)) * tf.sign(grad)
        step = tf.cast(self._lr_t, dtype) * self._scale(agreement, tf.cast(self._strength_t, dtype)) * grad
        with tf.control_dependencies([m, step]):
            written = [
                tf.raw_ops.AssignVariableOp(resource=slot.handle, value=m),
                tf.raw_ops.ResourceScatterSub(resource=handle.handle, indices=indices, updates=step),
            ]
        return tf.group(*written)

    def _scale(self, agreement: tf.Tensor, strength: tf.Tensor) -> tf.Tensor:
        raise NotImplementedError


class PowerSignOptimizer(_SignOptimizer):
    """variable -= learning_rate * base ** (decay * sign(g) * sign(m)) * g, with m = beta * m + (1 - beta) * g.

    Args:
      sign_decay_fn: a function of `global_step` that gives the decay; 1 without.
    """

    _kernel = staticmethod(tf.raw_ops.ResourceApplyPowerSign)

    def __init__(
        self,
        learning_rate: Any = 0.1,
        base: float = math.e,
        beta: Any = 0.9,
        sign_decay_fn: Callable[[Any], Any] | None = None,
        use_locking: bool = False,
        name: str = "PowerSignOptimizer",
    ) -> None:
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._strength = "logbase", math.log(base)

    def _scale(self, agreement: tf.Tensor, strength: tf.Tensor) -> tf.Tensor:
        return tf.exp(strength * agreement)


class AddSignOptimizer(_SignOptimizer):
    """variable -= learning_rate * (alpha + decay * sign(g) * sign(m)) * g, with m = beta * m + (1 - beta) * g.

    Args:
      sign_decay_fn: a function of `global_step` that gives the decay; 1 without.
    """

    _kernel = staticmethod(tf.raw_ops.ResourceApplyAddSign)

    def __init__(
        self,
        learning_rate: Any = 0.1,
        alpha: Any = 1.0,
        beta: Any = 0.9,
        sign_decay_fn: Callable[[Any], Any] | None = None,
        use_locking: bool = False,
        name: str = "AddSignOptimizer",
    ) -> None:
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._strength = "alpha", alpha

    def _scale(self, agreement: tf.Tensor, strength: tf.Tensor) -> tf.Tensor:
        return strength + agreement
