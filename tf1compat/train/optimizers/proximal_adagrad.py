"""Adagrad with penalties applied after the step."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["ProximalAdagradOptimizer"]


class ProximalAdagradOptimizer(Optimizer):
    """Adagrad's step, then the weights that the penalties prefer.

        accumulator += gradient^2
        rate = learning_rate / sqrt(accumulator)
        moved = variable - rate * gradient
        variable = sign(moved) * max(|moved| - rate * l1, 0) / (1 + rate * l2)

    From Duchi and Singer, 2009 (http://papers.nips.cc/paper/3793-efficient-learning-using-forward-backward-splitting.pdf).
    A sparse gradient touches only its rows. One slot, `accumulator`, named `<variable>/ProximalAdagrad`.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      initial_accumulator_value: What the accumulator begins with everywhere; a number above zero.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more; a hyperparameter.
      l2_regularization_strength: The weight of half the sum of squares; zero or more; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slot's name.

    Raises:
      ValueError: if `initial_accumulator_value` is not above zero.
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._learning_rate_tensor: Any = None
        self._l1_regularization_strength_tensor: Any = None
        self._l2_regularization_strength_tensor: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._filled_slot(v, self._initial_accumulator_value, "accumulator", self._name)

    def _prepare(self) -> None:
        for name in ("learning_rate", "l1_regularization_strength", "l2_regularization_strength"):
            setattr(self, f"_{name}_tensor", self._tensor(getattr(self, f"_{name}"), name))

    def _arguments(self, grad: tf.Tensor, handle: Any) -> dict[str, Any]:
        """What both kernels take."""
        return {
            "var": handle.handle,
            "accum": self.get_slot(handle, "accumulator").handle,
            "lr": tf.cast(self._learning_rate_tensor, grad.dtype),
            "l1": tf.cast(self._l1_regularization_strength_tensor, grad.dtype),
            "l2": tf.cast(self._l2_regularization_strength_tensor, grad.dtype),
            "grad": grad,
            "use_locking": self._use_locking,
        }

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return tf.raw_ops.ResourceApplyProximalAdagrad(**self._arguments(grad, handle))

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        given = self._arguments(grad, handle)
        if rows.has_kernel("ResourceSparseApplyProximalAdagrad", handle):
            return tf.raw_ops.ResourceSparseApplyProximalAdagrad(**given, indices=indices)

        def rule(var: tf.Tensor, accum: tf.Tensor) -> tuple[tf.Tensor, ...]:
            accum += tf.square(grad)
            rate = given["lr"] * tf.math.rsqrt(accum)
            return rows.shrunk(var - grad * rate, rate, given["l1"], given["l2"]), accum

        return rows.update(rule, indices, handle, self.get_slot(handle, "accumulator"))
