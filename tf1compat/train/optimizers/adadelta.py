"""Adadelta."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import rows
from ..optimizer import Optimizer

__all__ = ["AdadeltaOptimizer"]


class AdadeltaOptimizer(Optimizer):
    """Steps as large as the steps before, in proportion to the gradients before.

        accum = rho * accum + (1 - rho) * gradient^2
        step = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * gradient
        accum_update = rho * accum_update + (1 - rho) * step^2
        variable -= learning_rate * step

    From Zeiler, 2012 (https://arxiv.org/abs/1212.5701), which has no learning rate: 1.0 is its. A sparse
    gradient touches slots and variable only in its rows. Two slots, `accum` and `accum_update`, which begin
    with zeros and are named `<variable>/Adadelta` and `<variable>/Adadelta_1`.

    Args:
      learning_rate: What each step is multiplied by; a hyperparameter as `Optimizer` describes them.
      rho: How much of the means is kept in a step, from 0 to 1; likewise.
      epsilon: What the first steps grow from; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slots' name.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._rho = rho
        self._epsilon = epsilon
        self._lr_t: Any = None
        self._rho_t: Any = None
        self._epsilon_t: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "accum", self._name)
            self._zeros_slot(v, "accum_update", self._name)

    def _prepare(self) -> None:
        self._lr_t = self._tensor(self._lr, "lr")
        self._rho_t = self._tensor(self._rho, "rho")
        self._epsilon_t = self._tensor(self._epsilon, "epsilon")

    def _arguments(self, grad: tf.Tensor, handle: Any) -> dict[str, Any]:
        """What both kernels take."""
        return {
            "var": handle.handle,
            "accum": self.get_slot(handle, "accum").handle,
            "accum_update": self.get_slot(handle, "accum_update").handle,
            "lr": tf.cast(self._lr_t, grad.dtype),
            "rho": tf.cast(self._rho_t, grad.dtype),
            "epsilon": tf.cast(self._epsilon_t, grad.dtype),
            "grad": grad,
            "use_locking": self._use_locking,
        }

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return tf.raw_ops.ResourceApplyAdadelta(**self._arguments(grad, handle))

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        given = self._arguments(grad, handle)
        if rows.has_kernel("ResourceSparseApplyAdadelta", handle):
            return tf.raw_ops.ResourceSparseApplyAdadelta(**given, indices=indices)
        rate, rho, epsilon = (given[name] for name in ("lr", "rho", "epsilon"))

        def rule(var: tf.Tensor, accum: tf.Tensor, accum_update: tf.Tensor) -> tuple[tf.Tensor, ...]:
            accum = accum * rho + tf.square(grad) * (1 - rho)
            step = tf.sqrt(accum_update + epsilon) * tf.math.rsqrt(accum + epsilon) * grad
            return var - step * rate, accum, accum_update * rho + tf.square(step) * (1 - rho)

        slots = (self.get_slot(handle, name) for name in ("accum", "accum_update"))
        return rows.update(rule, indices, handle, *slots)
