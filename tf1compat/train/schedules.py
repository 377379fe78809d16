"""TF1's learning rate schedules.

In a TF1 graph each function returns a tensor, the rate at `global_step` in every run. Eagerly and inside
`tf.function` it returns a callable that takes no arguments and computes the rate at what `global_step`
then is, so that a variable which training counts up is followed; this package's optimizers and Keras's
take such a callable as a learning rate. A `keras.optimizers.schedules.LearningRateSchedule` of each,
which can be saved with a model, is in `schedule_classes`.

What holds for all of them:

* `learning_rate` is a scalar number, tensor or variable; its dtype, float32 for a Python number, is the
  result's. The cosine decays take float32 only and raise TypeError or ValueError for others, as TF 1.15.5.
* `global_step` is a scalar number, tensor or variable of any numeric dtype, not negative.
* Other arguments are scalar numbers or tensors and are cast to that dtype, save where an entry says
  otherwise. `decay_steps` must be positive; nothing checks it: 0 gives NaN or 0, as in TF 1.15.5.
* Every schedule raises ValueError for None where a number is wanted, when the rate is computed.

Source: TensorFlow 1.15.5, whose numbers these are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import tensorflow as tf

from . import decay_rules

__all__ = [
    "cosine_decay",
    "cosine_decay_restarts",
    "exponential_decay",
    "inverse_time_decay",
    "linear_cosine_decay",
    "natural_exp_decay",
    "noisy_linear_cosine_decay",
    "piecewise_constant",
    "piecewise_constant_decay",
    "polynomial_decay",
]

Rate: TypeAlias = "tf.Tensor | Callable[[], tf.Tensor]"


def _at(global_step: Any, rule: Callable[..., tf.Tensor], *arguments: Any) -> Any:
    """The rate of a rule at a step: a tensor in a graph, a callable where code runs eagerly around it."""
    if tf.compat.v1.executing_eagerly_outside_functions():
        return functools.partial(rule, global_step, *arguments)
    return rule(global_step, *arguments)


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Rate:
    """`learning_rate * decay_rate ** (global_step / decay_steps)`.

    With `staircase` the quotient is rounded down, so that the rate falls every `decay_steps` steps.
    """
    return _at(global_step, decay_rules.exponential, learning_rate, decay_steps, decay_rate, staircase, name)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Rate:
    """`learning_rate * exp(-decay_rate) ** (global_step / decay_steps)`.

    With `staircase` the quotient is rounded down. `exp(-decay_rate)` is computed in `decay_rate`'s own
    dtype, which is float32 for a Python number.
    """
    return _at(global_step, decay_rules.natural_exp, learning_rate, decay_steps, decay_rate, staircase, name)


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Rate:
    """`learning_rate / (1 + decay_rate * global_step / decay_steps)`.

    With `staircase` the quotient of the two steps is rounded down.
    """
    return _at(global_step, decay_rules.inverse_time, learning_rate, decay_steps, decay_rate, staircase, name)


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Rate:
    """`(learning_rate - end) * (1 - global_step / decay_steps) ** power + end`, where `end` is
    `end_learning_rate`.

    After `decay_steps` the rate stays at `end`; with `cycle`, `decay_steps` becomes the smallest multiple
    of it that is not below `global_step`. `decay_steps` is a number or a tensor of the rate's dtype.
    """
    return _at(global_step, decay_rules.polynomial, learning_rate, decay_steps, end_learning_rate, power, cycle, name)


def piecewise_constant(x: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None) -> Rate:
    """`values[0]` while `x <= boundaries[0]`, `values[1]` while `x <= boundaries[1]`, and so on;
    `values[-1]` beyond the last boundary.

    Args:
      x: the step, a scalar.
      boundaries: increasing numbers or scalar tensors, at least one, of `x`'s dtype; int32 ones (Python
        integers) go with an int64 step too.
      values: numbers or scalar tensors, one more than `boundaries`, all of one dtype, the result's.
      name: of the scope the operations are in.

    Raises:
      ValueError: for dtypes or lengths that do not go together.
      tf.errors.InvalidArgumentError: when the rate is computed, for boundaries that do not increase
        where `x` is between them (not under XLA, which checks nothing).
    """
    step_dtype = tf.convert_to_tensor(x).dtype
    limits = [tf.convert_to_tensor(boundary) for boundary in boundaries]
    levels = [tf.convert_to_tensor(value) for value in values]
    for limit in limits:
        if limit.dtype != step_dtype and (limit.dtype, step_dtype) != (tf.int32, tf.int64):
            raise ValueError(f"Boundaries ({limit.dtype}) must have the same dtype as x ({step_dtype}).")
    for level in levels[1:]:
        if level.dtype != levels[0].dtype:
            raise ValueError(f"Values must have elements all with the same dtype ({levels[0].dtype} vs {level.dtype}).")
    if len(limits) != len(levels) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    return _at(x, decay_rules.piecewise_constant, limits, levels, name)


#: The later of TF1's two names for it.
piecewise_constant_decay = piecewise_constant


def cosine_decay(
    learning_rate: Any, global_step: Any, decay_steps: Any, alpha: Any = 0.0, name: str | None = None
) -> Rate:
    """`learning_rate * ((1 - alpha) * (1 + cos(pi * s / decay_steps)) / 2 + alpha)`, where `s` is
    `min(global_step, decay_steps)`.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017.
    """
    return _at(global_step, decay_rules.cosine, learning_rate, decay_steps, alpha, name)


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Rate:
    """`cosine_decay` that begins anew: after `first_decay_steps`, and then after periods each `t_mul` times
    as long as the one before, each starting at `m_mul` times the rate:
    `learning_rate * ((1 - alpha) * m_mul ** i * (1 + cos(pi * f)) / 2 + alpha)`, where `i` counts the
    restarts so far and `f` is the part of the present period that has passed.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017.
    """
    return _at(global_step, decay_rules.cosine_restarts, learning_rate, first_decay_steps, t_mul, m_mul, alpha, name)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Rate:
    """`learning_rate * ((alpha + l) * c + beta)`, where `s` is `min(global_step, decay_steps)`, `l` is
    `(decay_steps - s) / decay_steps` and `c` is `(1 + cos(2 * pi * num_periods * s / decay_steps)) / 2`.

    Source: Bello et al., Neural Optimizer Search with Reinforcement Learning, ICML 2017.
    """
    return _at(global_step, decay_rules.linear_cosine, learning_rate, decay_steps, num_periods, alpha, beta, name)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Rate:
    """`learning_rate * ((alpha + l + noise) * c + beta)`, with `s`, `l` and `c` as in `linear_cosine_decay`;
    `noise` is normal with mean 0 and variance `initial_variance / (1 + s) ** variance_decay`, drawn anew
    each time the rate is computed, from the graph's or process's random seed.

    Source: Bello et al., Neural Optimizer Search with Reinforcement Learning, ICML 2017.
    """
    arguments = (decay_steps, initial_variance, variance_decay, num_periods, alpha, beta, name)
    return _at(global_step, decay_rules.noisy_linear_cosine, learning_rate, *arguments)
