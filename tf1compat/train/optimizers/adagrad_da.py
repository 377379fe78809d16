"""Adagrad with dual averaging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import rows, variables
from ..optimizer import Optimizer

__all__ = ["AdagradDAOptimizer"]


class AdagradDAOptimizer(Optimizer):
    """Adagrad's dual averaging, for linear models of which most weights are to be zero.

    In step t, counted from 1 (`global_step + 1`):

        g_sum += gradient
        g2_sum += gradient^2
        variable = -sign(g_sum) * learning_rate * max(|g_sum| - l1 * t, 0)
                   / (l2 * t * learning_rate + sqrt(g2_sum))

    From Duchi et al., 2011 (http://www.jmlr.org/papers/volume12/duchi11a/duchi11a.pdf). The variable is
    computed from the sums alone: its initial value is forgotten. A sparse gradient touches only its rows,
    and `t` makes up for the steps that a row was left out of.

    Two slots, `gradient_accumulator`, of zeros, and `gradient_squared_accumulator`; named
    `<variable>/AdagradDA` and `<variable>/AdagradDA_1`.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      global_step: The number of steps taken, an integer scalar: a variable, a tensor, or a callable that returns
        one. What is given here counts; give `apply_gradients` the variable too, so that it is incremented.
      initial_gradient_squared_accumulator_value: What the sum of squares begins with; a number above zero.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more; a hyperparameter.
      l2_regularization_strength: The weight of the sum of squares; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slots' name.

    Raises:
      ValueError: if `initial_gradient_squared_accumulator_value` is not above zero.
    """

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError(
                "initial_gradient_squared_accumulator_value must be positive: "
                f"{initial_gradient_squared_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_gradient_squared_accumulator_value = initial_gradient_squared_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._global_step = global_step
        self._learning_rate_tensor: Any = None
        self._global_step_on_worker: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "gradient_accumulator", self._name)
            value = self._initial_gradient_squared_accumulator_value
            self._filled_slot(v, value, "gradient_squared_accumulator", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = self._tensor(self._learning_rate, "learning_rate")
        self._l1_tensor = self._tensor(self._l1_regularization_strength, "l1_regularization_strength")
        self._l2_tensor = self._tensor(self._l2_regularization_strength, "l2_regularization_strength")
        step = tf.convert_to_tensor(variables.unwrapped(self._call_if_callable(self._global_step)))
        self._global_step_on_worker = tf.cast(step, tf.int64) + 1

    def _arguments(self, grad: tf.Tensor, handle: Any) -> dict[str, Any]:
        """What both kernels take."""
        return {
            "var": handle.handle,
            "gradient_accumulator": self.get_slot(handle, "gradient_accumulator").handle,
            "gradient_squared_accumulator": self.get_slot(handle, "gradient_squared_accumulator").handle,
            "grad": grad,
            "lr": tf.cast(self._learning_rate_tensor, grad.dtype),
            "l1": tf.cast(self._l1_tensor, grad.dtype),
            "l2": tf.cast(self._l2_tensor, grad.dtype),
            "global_step": self._global_step_on_worker,
            "use_locking": self._use_locking,
        }

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        given = self._arguments(grad, handle)
        if rows.is_on_gpu_without("ResourceApplyAdagradDA", handle):
            return rows.replace(self._rule(grad, given), handle, *self._slots_of(handle))
        return tf.raw_ops.ResourceApplyAdagradDA(**given)

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        given = self._arguments(grad, handle)
        if rows.has_kernel("ResourceSparseApplyAdagradDA", handle):
            return tf.raw_ops.ResourceSparseApplyAdagradDA(**given, indices=indices)
        return rows.update(self._rule(grad, given), indices, handle, *self._slots_of(handle))

    def _slots_of(self, handle: Any) -> list[Any]:
        return [self.get_slot(handle, name) for name in ("gradient_accumulator", "gradient_squared_accumulator")]

    def _rule(self, grad: tf.Tensor, given: dict[str, Any]) -> Callable[..., tuple[tf.Tensor, ...]]:
        """What the kernels compute, of a variable or of some of its rows."""
        step = tf.cast(self._global_step_on_worker, grad.dtype)

        def rule(var: tf.Tensor, g_sum: tf.Tensor, g2_sum: tf.Tensor) -> tuple[tf.Tensor, ...]:
            del var
            g_sum, g2_sum = g_sum + grad, g2_sum + tf.square(grad)
            shrunk = tf.sign(g_sum) * tf.maximum(tf.abs(g_sum) / step - given["l1"], 0)
            return -shrunk / (given["l2"] + tf.sqrt(g2_sum) / (step * given["lr"])), g_sum, g2_sum

        return rule
