"""Follow the regularized leader."""

from __future__ import annotations

import numbers
from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["FtrlOptimizer"]


class FtrlOptimizer(Optimizer):
    """Ftrl-proximal, with both kinds of L2 penalty.

        shrunk = gradient + 2 * l2_shrinkage * variable
        new = accum + gradient^2
        linear += shrunk - (new^-p - accum^-p) / learning_rate * variable
        variable = (clip(linear, -l1, l1) - linear) / (new^-p / learning_rate + 2 * l2)
        accum = new

    where p is `learning_rate_power`. From McMahan et al., 2013, "Ad click prediction: a view from the
    trenches" (https://www.eecs.tufts.edu/~dsculley/papers/ad-click-prediction.pdf). A sparse gradient touches
    slots and variable only in its rows, the shrinkage too. Two slots, `accum` and `linear`, the second of
    zeros, named `<variable>/Ftrl` and `<variable>/Ftrl_1`.

    Args:
      learning_rate: The step's size; a hyperparameter as `Optimizer` describes them.
      learning_rate_power: How the step shrinks as squares add up; zero (never) or less; likewise.
      initial_accumulator_value: What `accum` begins with everywhere; a number, zero or more.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more; a hyperparameter.
      l2_regularization_strength: The weight of the sum of squares, which steadies; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slots' name.
      accum_name: The name of the slot `accum`, instead.
      linear_name: The name of the slot `linear`, instead.
      l2_shrinkage_regularization_strength: The weight of the sum of squares in the loss, which makes
        weights small; zero or more, a number.

    Raises:
      ValueError: if a strength or `initial_accumulator_value` is below zero, or `learning_rate_power` above.
    """

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: Any = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        not_below_zero = {
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for argument, value in not_below_zero.items():
            if _is_number(value) and value < 0.0:
                raise ValueError(f"{argument} {value:f} needs to be positive or zero")
        if _is_number(learning_rate_power) and learning_rate_power > 0.0:
            raise ValueError(f"learning_rate_power {learning_rate_power:f} needs to be negative or zero")
        self._learning_rate = learning_rate
        self._learning_rate_power = learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self._accum_name = accum_name
        self._linear_name = linear_name
        self._learning_rate_tensor: Any = None
        self._learning_rate_power_tensor: Any = None
        self._l1_regularization_strength_tensor: Any = None
        self._l2_regularization_strength_tensor: Any = None
        self._l2_shrinkage_regularization_strength_tensor: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._filled_slot(v, self._initial_accumulator_value, "accum", self._accum_name or self._name)
            self._zeros_slot(v, "linear", self._linear_name or self._name)

    def _prepare(self) -> None:
        for name in (
            "learning_rate",
            "l1_regularization_strength",
            "l2_regularization_strength",
            "l2_shrinkage_regularization_strength",
            "learning_rate_power",
        ):
            setattr(self, f"_{name}_tensor", self._tensor(getattr(self, f"_{name}"), name))

    @property
    def _shrinks(self) -> bool:
        """Whether to use the kernels that know shrinkage; TF1's without it round differently."""
        strength = self._l2_shrinkage_regularization_strength
        return not _is_number(strength) or strength > 0.0

    def _arguments(self, grad: tf.Tensor, handle: Any) -> dict[str, Any]:
        """What the kernels of all four kinds take."""
        given = {
            "lr": self._learning_rate_tensor,
            "l1": self._l1_regularization_strength_tensor,
            "l2": self._l2_regularization_strength_tensor,
            "lr_power": self._learning_rate_power_tensor,
        }
        if self._shrinks:
            given["l2_shrinkage"] = self._l2_shrinkage_regularization_strength_tensor
        return {
            "var": handle.handle,
            "accum": self.get_slot(handle, "accum").handle,
            "linear": self.get_slot(handle, "linear").handle,
            "grad": grad,
            **{name: tf.cast(value, grad.dtype) for name, value in given.items()},
            "use_locking": self._use_locking,
        }

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        kernel = tf.raw_ops.ResourceApplyFtrlV2 if self._shrinks else tf.raw_ops.ResourceApplyFtrl
        return kernel(**self._arguments(grad, handle))

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        given = self._arguments(grad, handle)
        if rows.has_kernel("ResourceSparseApplyFtrl", handle):
            raw = tf.raw_ops
            kernel = raw.ResourceSparseApplyFtrlV2 if self._shrinks else raw.ResourceSparseApplyFtrl
            return kernel(**given, indices=indices)
        rate, l1, l2, power = (given[name] for name in ("lr", "l1", "l2", "lr_power"))

        def rule(var: tf.Tensor, accum: tf.Tensor, linear: tf.Tensor) -> tuple[tf.Tensor, ...]:
            shrunk = grad + 2 * given["l2_shrinkage"] * var if self._shrinks else grad
            new = accum + tf.square(grad)
            root, new_root = tf.pow(accum, -power), tf.pow(new, -power)
            linear += shrunk - (new_root - root) / rate * var
            var = (tf.clip_by_value(linear, -l1, l1) - linear) / (new_root / rate + 2 * l2)
            return var, new, linear

        slots = (self.get_slot(handle, name) for name in ("accum", "linear"))
        return rows.update(rule, indices, handle, *slots)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real)
