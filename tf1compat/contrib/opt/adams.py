"""Adam's relatives: with Nesterov's momentum, lazy, with the largest gradient."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.train import AdamOptimizer, rows

__all__ = ["AdaMaxOptimizer", "LazyAdamOptimizer", "NadamOptimizer"]


class NadamOptimizer(AdamOptimizer):
    """Adam that steps along where its mean of gradients will be (Dozat, 2015).

        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        variable -= rate * (beta1 * m + (1 - beta1) * g) / (sqrt(v) + epsilon)

    with `rate` as in `AdamOptimizer`. A sparse gradient moves all of m and v, and the variable in its rows.
    """

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
            use_nesterov=True,
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        rate, beta1, beta2, epsilon = _numbers(self, grad.dtype)
        m, v = self.get_slot(handle, "m"), self.get_slot(handle, "v")

        def rule(var: tf.Tensor, m: tf.Tensor, v: tf.Tensor) -> tuple[tf.Tensor, ...]:
            m = _added(m * beta1, indices, grad * (1 - beta1))
            v = _added(v * beta2, indices, grad * grad * (1 - beta2))
            ahead = grad * (1 - beta1) + beta1 * tf.gather(m, indices)
            step = -rate * ahead / (tf.sqrt(tf.gather(v, indices)) + epsilon)
            return _added(var, indices, step), m, v

        return rows.replace(rule, handle, m, v)


class LazyAdamOptimizer(AdamOptimizer):
    """Adam for which a sparse gradient moves m, v and the variable in its rows alone; else `AdamOptimizer`."""

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        rate, beta1, beta2, epsilon = _numbers(self, grad.dtype)

        def rule(var: tf.Tensor, m: tf.Tensor, v: tf.Tensor) -> tuple[tf.Tensor, ...]:
            m = beta1 * m + (1 - beta1) * grad
            v = beta2 * v + (1 - beta2) * tf.square(grad)
            return var - rate * m / (tf.sqrt(v) + epsilon), m, v

        return rows.update(rule, indices, handle, self.get_slot(handle, "m"), self.get_slot(handle, "v"))


class AdaMaxOptimizer(AdamOptimizer):
    """Adam with the largest gradient in place of the root mean square (Kingma and Ba, 2014, section 7.1).

        m = beta1 * m + (1 - beta1) * g
        v = max(beta2 * v, |g|)
        variable -= learning_rate / (1 - beta1 ** step) * m / (v + epsilon)

    A sparse gradient touches m, v and the variable only in its rows.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdaMax",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _get_beta_accumulators(self) -> Any:
        return self._get_non_slot_variable("beta1_power")

    def _create_slots(self, var_list: list[Any]) -> None:
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._initial_value(self._beta1, first), "beta1_power", colocate_with=first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        return tf.raw_ops.ResourceApplyAdaMax(
            var=handle.handle,
            m=self.get_slot(handle, "m").handle,
            v=self.get_slot(handle, "v").handle,
            beta1_power=tf.cast(self._get_beta_accumulators(), grad.dtype),
            lr=tf.cast(self._lr_t, grad.dtype),
            beta1=tf.cast(self._beta1_t, grad.dtype),
            beta2=tf.cast(self._beta2_t, grad.dtype),
            epsilon=tf.cast(self._epsilon_t, grad.dtype),
            grad=grad,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        dtype = grad.dtype
        beta1, beta2 = tf.cast(self._beta1_t, dtype), tf.cast(self._beta2_t, dtype)
        rate = tf.cast(self._lr_t, dtype) / (1 - tf.cast(self._get_beta_accumulators(), dtype))

        def rule(var: tf.Tensor, m: tf.Tensor, v: tf.Tensor) -> tuple[tf.Tensor, ...]:
            m = m * beta1 + grad * (1 - beta1)
            v = tf.maximum(v * beta2, tf.abs(grad))
            return var - rate * (m / (v + tf.cast(self._epsilon_t, dtype))), m, v

        return rows.update(rule, indices, handle, self.get_slot(handle, "m"), self.get_slot(handle, "v"))

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        power = self._get_beta_accumulators()
        with tf.control_dependencies([op for op in update_ops if op is not None]):
            done = power.assign(power * tf.cast(self._beta1_t, power.dtype), read_value=False)
        return tf.group(*update_ops, done, name=name_scope)


def _numbers(adam: Any, dtype: tf.DType) -> tuple[tf.Tensor, ...]:
    """Adam's rate at this step, beta1, beta2 and epsilon."""
    beta1_power, beta2_power = (tf.cast(power, dtype) for power in adam._get_beta_accumulators())
    rate = tf.cast(adam._lr_t, dtype) * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
    return rate, *(tf.cast(each, dtype) for each in (adam._beta1_t, adam._beta2_t, adam._epsilon_t))


def _added(values: tf.Tensor, indices: tf.Tensor, added: tf.Tensor) -> tf.Tensor:
    return tf.tensor_scatter_nd_add(values, tf.expand_dims(indices, 1), added)
