"""Adam."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import variables
from ..optimizer import Optimizer

__all__ = ["AdamOptimizer"]


class AdamOptimizer(Optimizer):
    """Adam, as the end of section 2 of Kingma and Ba, 2014 (https://arxiv.org/abs/1412.6980) writes it.

    In step t, counted from 1:

        rate = learning_rate * sqrt(1 - beta2^t) / (1 - beta1^t)
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient^2
        variable -= rate * m / (sqrt(v) + epsilon)

    so `epsilon` is what the paper calls epsilon hat, and not Keras's. A sparse gradient counts as a
    dense one with zeros in the other rows: all of `m` and `v` decay, and all of the variable moves.

    Two slots, `m` and `v`, which begin with zeros and are named `<variable>/Adam` and `<variable>/Adam_1`;
    and `beta1_power` and `beta2_power`, the betas to the power of the next step, updated after all
    variables.

    Args:
      learning_rate: The largest step, nearly; a hyperparameter as `Optimizer` describes them.
      beta1: How much of the mean gradient is kept in a step, from 0 to 1; likewise. Its first value
        is also what `beta1_power` begins with.
      beta2: How much of the mean squared gradient is kept; likewise.
      epsilon: What keeps the divisor from zero; likewise.
      use_locking: Whether the kernels hold a lock on the variable.
      name: The update's name scope, and the slots' name.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta1 = beta1
        self._beta2 = beta2
        self._epsilon = epsilon
        self._lr_t: Any = None
        self._beta1_t: Any = None
        self._beta2_t: Any = None
        self._epsilon_t: Any = None

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        return self._get_non_slot_variable("beta1_power"), self._get_non_slot_variable("beta2_power")

    def _create_slots(self, var_list: list[Any]) -> None:
        first = min(var_list, key=lambda v: v.name)
        for beta, name in ((self._beta1, "beta1_power"), (self._beta2, "beta2_power")):
            self._create_non_slot_variable(self._initial_value(beta, first), name, colocate_with=first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _prepare(self) -> None:
        self._lr_t = self._tensor(self._lr, "learning_rate")
        self._beta1_t = self._tensor(self._beta1, "beta1")
        self._beta2_t = self._tensor(self._beta2, "beta2")
        self._epsilon_t = self._tensor(self._epsilon, "epsilon")

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        beta1_power, beta2_power = self._get_beta_accumulators()
        return tf.raw_ops.ResourceApplyAdam(
            var=handle.handle,
            m=self.get_slot(handle, "m").handle,
            v=self.get_slot(handle, "v").handle,
            beta1_power=tf.cast(beta1_power, grad.dtype),
            beta2_power=tf.cast(beta2_power, grad.dtype),
            lr=tf.cast(self._lr_t, grad.dtype),
            beta1=tf.cast(self._beta1_t, grad.dtype),
            beta2=tf.cast(self._beta2_t, grad.dtype),
            epsilon=tf.cast(self._epsilon_t, grad.dtype),
            grad=grad,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        dtype = grad.dtype
        beta1_power, beta2_power = (tf.cast(power, dtype) for power in self._get_beta_accumulators())
        beta1, beta2 = tf.cast(self._beta1_t, dtype), tf.cast(self._beta2_t, dtype)
        rate = tf.cast(self._lr_t, dtype) * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        m = _decayed(self.get_slot(handle, "m"), beta1, grad * (1 - beta1), indices)
        v = _decayed(self.get_slot(handle, "v"), beta2, (grad * grad) * (1 - beta2), indices)
        step = rate * m / (tf.sqrt(v) + tf.cast(self._epsilon_t, dtype))
        return tf.raw_ops.AssignSubVariableOp(resource=handle.handle, value=step)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        powers = zip(self._get_beta_accumulators(), (self._beta1_t, self._beta2_t), strict=True)
        with tf.control_dependencies([op for op in update_ops if op is not None]):
            done = [_multiply(power, beta) for power, beta in powers]
        return tf.group(*update_ops, *done, name=name_scope)


def _decayed(slot: Any, decay: tf.Tensor, values: tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
    """Write `slot * decay`, with values added in some rows; the slot's new value."""
    decays = tf.raw_ops.AssignVariableOp(resource=slot.handle, value=slot * decay)
    with tf.control_dependencies(_made(decays)):
        adds = tf.raw_ops.ResourceScatterAdd(resource=slot.handle, indices=indices, updates=values)
    with tf.control_dependencies(_made(adds)):
        return slot.read_value()


def _made(op: Any) -> list[Any]:
    return [] if op is None else [op]


def _multiply(power: Any, beta: tf.Tensor) -> Any:
    with variables.beside(power):
        return power.assign(power * tf.cast(beta, power.dtype), read_value=False)
