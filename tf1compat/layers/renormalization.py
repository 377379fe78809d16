"""The moving statistics of batch normalization, and Batch Renormalization, which corrects a batch's by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .base import Layer
from .utils import smart_cond

__all__ = ["Renormalization", "assign_moving_average", "assign_new_value"]

_v1 = tf.compat.v1
_CLIPPING = ("rmax", "rmin", "dmax")


def assign_moving_average(variable: Any, value: Any, momentum: Any) -> Any:
    """`variable -= (variable - value) * (1 - momentum)`."""
    with _v1.name_scope("AssignMovingAvg") as scope:
        decay = tf.cast(tf.convert_to_tensor(1.0 - momentum, name="decay"), variable.dtype.base_dtype)
        delta = (variable - tf.cast(value, variable.dtype)) * decay
        return variable.assign_sub(delta, name=scope)


def assign_new_value(variable: Any, value: Any) -> Any:
    """`variable = value`."""
    with _v1.name_scope("AssignNewValue") as scope:
        return variable.assign(value, name=scope)


class Renormalization(Layer):
    """The part of batch normalization that `renorm` switches on: `r = s / S` and `d = (m - M) / S` for the batch's
    mean `m` and standard deviation `s` and their averages `M` and `S`; normalized values `v` become `v * r + d`.
    """

    epsilon: float
    moving_variance_initializer: Callable[..., Any]
    moving_mean_initializer: Callable[..., Any]
    _statistic: Callable[..., Any]

    def _keep_renorm(self, renorm: bool, clipping: dict[str, Any] | None, momentum: Any) -> None:
        self.renorm = renorm
        if renorm:
            clipping = clipping or {}
            unknown = sorted(set(clipping) - set(_CLIPPING))
            if unknown:
                raise ValueError(f"renorm_clipping {clipping} contains keys not in {list(_CLIPPING)}: {unknown}")
            self.renorm_clipping = clipping
            self.renorm_momentum = momentum

    def _build_renorm(self, shape: Any) -> None:
        def stddev(*args: Any, **kwargs: Any) -> Any:
            return tf.sqrt(self.moving_variance_initializer(*args, **kwargs))

        self.moving_stddev = self._statistic("moving_stddev", shape, stddev)
        self.renorm_mean = self._statistic("renorm_mean", shape, self.moving_mean_initializer)
        self.renorm_stddev = self._statistic("renorm_stddev", shape, stddev)

    def _correction(self, mean: Any, variance: Any, training: Any) -> tuple[Any, Any, Any, Any]:
        """`r` and `d` (1 and 0 outside of training), and the moments, which wait for the averages' update."""
        stddev = tf.sqrt(variance + self.epsilon)
        least = tf.maximum(self.renorm_stddev, tf.sqrt(self.epsilon))
        r = stddev / least
        d = (mean - self.renorm_mean) / least
        with tf.control_dependencies([r, d]):  # which take the averages before the update
            mean, stddev = tf.identity(mean), tf.identity(stddev)
        rmin, rmax, dmax = (self.renorm_clipping.get(key) for key in ("rmin", "rmax", "dmax"))
        if rmin is not None:
            r = tf.maximum(r, rmin)
        if rmax is not None:
            r = tf.minimum(r, rmax)
        if dmax is not None:
            d = tf.minimum(tf.maximum(d, -dmax), dmax)
        r = smart_cond(training, lambda: r, lambda: tf.ones_like(r))
        d = smart_cond(training, lambda: d, lambda: tf.zeros_like(d))
        updates = [
            self._renorm_update(self.renorm_mean, mean, training),
            self._renorm_update(self.renorm_stddev, stddev, training),
        ]
        with tf.control_dependencies(updates):
            return r, d, tf.identity(mean), tf.identity(variance)

    def _renorm_update(self, variable: Any, value: Any, training: Any) -> Any:
        value = tf.identity(value)
        return smart_cond(
            training,
            lambda: assign_moving_average(variable, value, self.renorm_momentum),
            lambda: tf.identity(variable),
        )
