"""The learning rate decays of TensorFlow 1.15.5 as functions of the step.

Each takes the step first, computes in the dtype of the initial rate with the operations that 1.15.5
used, in its order, and names the result as it did. `schedules` has them under TF1's names and
`schedule_classes` as Keras schedules; what the arguments are is said there.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

__all__ = [
    "cosine",
    "cosine_restarts",
    "exponential",
    "inverse_time",
    "linear_cosine",
    "natural_exp",
    "noisy_linear_cosine",
    "piecewise_constant",
    "polynomial",
]


def _rate(value: Any) -> tf.Tensor:
    return tf.convert_to_tensor(value, name="initial_learning_rate")


def _periods(step: Any, decay_steps: Any, staircase: bool, dtype: tf.DType) -> tf.Tensor:
    """How many times `decay_steps` have passed."""
    decay_steps = tf.cast(decay_steps, dtype)
    passed = tf.cast(step, dtype) / decay_steps
    return tf.floor(passed) if staircase else passed


def _half_cosine(fraction: tf.Tensor) -> tf.Tensor:
    # Pi is a float32, as in 1.15.5, which refuses rates of other dtypes with a TypeError for it.
    return 0.5 * (1.0 + tf.cos(tf.constant(math.pi) * fraction))


def exponential(
    step: Any,
    initial_learning_rate: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> tf.Tensor:
    with tf.name_scope(name or "ExponentialDecay") as scope:
        rate = _rate(initial_learning_rate)
        base = tf.cast(decay_rate, rate.dtype)
        periods = _periods(step, decay_steps, staircase, rate.dtype)
        return tf.multiply(rate, tf.pow(base, periods), name=scope)


def natural_exp(
    step: Any,
    initial_learning_rate: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> tf.Tensor:
    # The base is computed in decay_rate's own dtype: a Python number gives float32's exp, whatever the rate's.
    base = tf.exp(tf.negative(decay_rate))
    return exponential(step, initial_learning_rate, decay_steps, base, staircase, name)


def inverse_time(
    step: Any,
    initial_learning_rate: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> tf.Tensor:
    with tf.name_scope(name or "InverseTimeDecay") as scope:
        rate = _rate(initial_learning_rate)
        slope = tf.cast(decay_rate, rate.dtype)
        periods = _periods(step, decay_steps, staircase, rate.dtype)
        return tf.divide(rate, tf.cast(1, rate.dtype) + slope * periods, name=scope)


def polynomial(
    step: Any,
    initial_learning_rate: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> tf.Tensor:
    with tf.name_scope(name or "PolynomialDecay") as scope:
        rate = _rate(initial_learning_rate)
        end = tf.cast(end_learning_rate, rate.dtype)
        power = tf.cast(power, rate.dtype)
        now = tf.cast(step, rate.dtype)
        length = tf.cast(decay_steps, rate.dtype)
        if cycle:
            cycles = tf.cond(tf.equal(now, 0), lambda: tf.ones_like(now), lambda: tf.math.ceil(now / decay_steps))
            length = length * cycles
        else:
            now = tf.minimum(now, decay_steps)
        # XLA multiplies by 1 / length instead, so that at the end a little is left, of which a root makes much.
        # The other side of the minimum is 0 there, and at least 1 before.
        left = tf.minimum(1 - now / length, tf.math.ceil(length - now))
        return tf.add((rate - end) * tf.pow(left, power), end, name=scope)


def piecewise_constant(
    step: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None
) -> tf.Tensor:
    with tf.name_scope(name or "PiecewiseConstant"):
        step = tf.convert_to_tensor(step)
        limits = [tf.cast(boundary, step.dtype) for boundary in map(tf.convert_to_tensor, boundaries)]
        levels = [tf.convert_to_tensor(value) for value in values]
        cases: list[tuple[tf.Tensor, Callable[[], tf.Tensor]]] = [
            (step <= limits[0], lambda: levels[0]),
            (step > limits[-1], lambda: levels[-1]),
        ]
        for low, high, level in zip(limits[:-1], limits[1:], levels[1:-1], strict=True):
            cases.append(((step > low) & (step <= high), functools.partial(tf.identity, level)))
        # A step that is not a number is in no interval, and gets the first value.
        return tf.case(cases, default=lambda: levels[0], exclusive=True)


def cosine(
    step: Any, initial_learning_rate: Any, decay_steps: Any, alpha: Any = 0.0, name: str | None = None
) -> tf.Tensor:
    with tf.name_scope(name or "CosineDecay"):
        rate = _rate(initial_learning_rate)
        length = tf.cast(decay_steps, rate.dtype)
        fraction = tf.minimum(tf.cast(step, rate.dtype), length) / length
        return tf.multiply(rate, (1 - alpha) * _half_cosine(fraction) + alpha)


def cosine_restarts(
    step: Any,
    initial_learning_rate: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> tf.Tensor:
    with tf.name_scope(name or "SGDRDecay") as scope:
        rate = _rate(initial_learning_rate)
        alpha, t_mul, m_mul = (tf.cast(value, rate.dtype) for value in (alpha, t_mul, m_mul))
        passed = tf.cast(step, rate.dtype) / tf.cast(first_decay_steps, rate.dtype)

        def equal_periods() -> tuple[tf.Tensor, tf.Tensor]:
            restarts = tf.floor(passed)
            return restarts, passed - restarts

        def growing_periods() -> tuple[tf.Tensor, tf.Tensor]:
            restarts = tf.floor(tf.math.log(1.0 - passed * (1.0 - t_mul)) / tf.math.log(t_mul))
            before = (1.0 - t_mul**restarts) / (1.0 - t_mul)
            return restarts, (passed - before) / t_mul**restarts

        restarts, fraction = tf.cond(tf.equal(t_mul, 1.0), equal_periods, growing_periods)
        # 1.15.5 multiplied the half by m_mul**restarts before the cosine.
        decayed = 0.5 * m_mul**restarts * (1.0 + tf.cos(tf.constant(math.pi) * fraction))
        return tf.multiply(rate, (1 - alpha) * decayed + alpha, name=scope)


def linear_cosine(
    step: Any,
    initial_learning_rate: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> tf.Tensor:
    with tf.name_scope(name or "LinearCosineDecay") as scope:
        rate = _rate(initial_learning_rate)
        length, num_periods, alpha, beta = (
            tf.cast(value, rate.dtype) for value in (decay_steps, num_periods, alpha, beta)
        )
        now = tf.minimum(tf.cast(step, rate.dtype), length)
        left = (length - now) / length
        cosine_decayed = _half_cosine(2.0 * num_periods * (now / length))
        return tf.multiply(rate, (alpha + left) * cosine_decayed + beta, name=scope)


def noisy_linear_cosine(
    step: Any,
    initial_learning_rate: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> tf.Tensor:
    with tf.name_scope(name or "NoisyLinearCosineDecay") as scope:
        rate = _rate(initial_learning_rate)
        length, variance, variance_decay, num_periods, alpha, beta = (
            tf.cast(value, rate.dtype)
            for value in (decay_steps, initial_variance, variance_decay, num_periods, alpha, beta)
        )
        now = tf.minimum(tf.cast(step, rate.dtype), length)
        left = (length - now) / length
        deviation = tf.sqrt(variance / tf.pow(1.0 + now, variance_decay))
        noisy = left + tf.random.normal(left.shape, stddev=deviation)
        cosine_decayed = _half_cosine(2.0 * num_periods * (now / length))
        return tf.multiply(rate, (alpha + noisy) * cosine_decayed + beta, name=scope)
