"""Initializers by fan-in and fan-out: Glorot's ("Xavier") and He's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["variance_scaling_initializer", "xavier_initializer", "xavier_initializer_conv2d"]

v1 = tf.compat.v1
#: Mode: the n of the formula.
_FANS: dict[str, Callable[[float, float], float]] = {
    "FAN_IN": lambda fan_in, fan_out: fan_in,
    "FAN_OUT": lambda fan_in, fan_out: fan_out,
    "FAN_AVG": lambda fan_in, fan_out: (fan_in + fan_out) / 2.0,
}


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: tf.DType = tf.float32,
) -> Callable[..., tf.Tensor]:
    """An initializer whose values have the variance factor / n, n being of the fans what `mode` says.

    Uniform between -sqrt(3 * factor / n) and that, or a truncated normal of deviation sqrt(1.3 * factor / n). The
    fans are the last two dimensions times the product of those before. The default is He's, "Delving Deep into
    Rectifiers", 2015.

    Raises:
      TypeError: for a type that is not floating, or another mode than FAN_IN, FAN_OUT and FAN_AVG.
    """

    def check(dtype: tf.DType) -> None:
        if not dtype.is_floating:
            raise TypeError(f"Cannot create initializer for non-floating point type {dtype}.")

    check(tf.as_dtype(dtype))
    if mode not in _FANS:
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def initializer(shape: Any, dtype: tf.DType = dtype, partition_info: Any = None) -> tf.Tensor:
        dtype = tf.as_dtype(dtype)
        check(dtype)
        sizes = [float(size) for size in tf.TensorShape(shape).as_list()] or [1.0]
        field = math.prod(sizes[:-2])
        fan_in = field * sizes[-2 if len(sizes) > 1 else -1]
        n = _FANS[mode](fan_in, field * sizes[-1])
        if uniform:
            limit = math.sqrt(3.0 * factor / n)
            return v1.random_uniform(shape, -limit, limit, dtype, seed=seed)
        return v1.truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / n), dtype, seed=seed)

    return initializer


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: tf.DType = tf.float32
) -> Callable[..., tf.Tensor]:
    """`variance_scaling_initializer` with factor 1 and FAN_AVG: Glorot and Bengio, "Understanding the difficulty of
    training deep feedforward neural networks", 2010."""
    return variance_scaling_initializer(factor=1.0, mode="FAN_AVG", uniform=uniform, seed=seed, dtype=dtype)


xavier_initializer_conv2d = xavier_initializer
