"""`PhasedLSTMCell` (Neil et al., 2016, arXiv:1610.09513)."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .base import RNNCell
from .linear import Linear
from .states import LSTMStateTuple

__all__ = ["PhasedLSTMCell"]

v1 = tf.compat.v1


class PhasedLSTMCell(RNNCell):
    """An LSTM whose units open for a part of a cycle of their own.

    `inputs` is a pair: times, [batch, 1] and float32 or float64, and what came then, [batch, depth].

    Args:
      num_units: how many units.
      use_peepholes: whether the memory reaches the gates.
      leak: how far a unit is open in the rest of its cycle.
      ratio_on: the open part of a cycle, as it begins.
      trainable_ratio_on: whether it is trained.
      period_init_min, period_init_max: between which periods begin, log-uniformly.
      reuse: as for every cell.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        leak: float = 0.001,
        ratio_on: float = 0.1,
        trainable_ratio_on: bool = True,
        period_init_min: float = 1.0,
        period_init_max: float = 1000.0,
        reuse: bool | None = None,
    ) -> None:
        # Times stay what they are: float32 is too coarse for some.
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._leak = leak
        self._ratio_on = ratio_on
        self._trainable_ratio_on = trainable_ratio_on
        self._period_init_min = period_init_min
        self._period_init_max = period_init_max
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Any:
        return self._num_units

    def _linear(self, scope: str, args: list[Any], size: int) -> tf.Tensor:
        with v1.variable_scope(scope):
            if scope not in self._linears:
                self._linears[scope] = Linear(args, size, True)
            return self._linears[scope](args)

    def _cycle_ratio(self, time: Any, phase: Any, period: Any) -> tf.Tensor:
        """Where in its cycle each unit is, in [0, 1); its gradient is that of (time - phase) / period."""
        since, period = time - tf.cast(phase, time.dtype), tf.cast(period, time.dtype)
        rest = tf.stop_gradient(tf.math.floormod(since, period) - since) + since
        return tf.cast(rest / period, tf.float32)

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        time, x = inputs
        units = self._num_units

        def seen(memory: Any) -> list[Any]:
            return [x, h, memory] if self._use_peepholes else [x, h]

        i, f = tf.split(tf.sigmoid(self._linear("mask_gates", seen(c), 2 * units)), 2, 1)
        new_c = c * f + i * tf.tanh(self._linear("new_input", [x, h], units))
        new_h = tf.tanh(new_c) * tf.sigmoid(self._linear("output_gate", seen(new_c), units))

        period = v1.get_variable(
            "period", [units], initializer=_log_uniform(self._period_init_min, self._period_init_max)
        )
        phase = v1.get_variable("phase", [units], initializer=_below(period))
        ratio_on = v1.get_variable(
            "ratio_on",
            [units],
            initializer=v1.constant_initializer(self._ratio_on),
            trainable=self._trainable_ratio_on,
        )
        cycle = self._cycle_ratio(time, phase, period)
        opening = 2 * cycle / ratio_on
        k = tf.where(cycle < ratio_on, 2 - opening, self._leak * cycle)
        k = tf.where(cycle < 0.5 * ratio_on, opening, k)
        new_c, new_h = k * new_c + (1 - k) * c, k * new_h + (1 - k) * h
        return new_h, LSTMStateTuple(new_c, new_h)


def _log_uniform(low: float, high: float) -> Any:
    def initializer(shape: Any, dtype: Any = tf.float32, partition_info: Any = None) -> tf.Tensor:
        del partition_info
        return tf.exp(tf.random.uniform(shape, tf.math.log(low), tf.math.log(high), dtype))

    return initializer


def _below(variable: Any) -> Any:
    """Uniform between 0 and the value that `variable` itself begins with."""

    def initializer(shape: Any, dtype: Any = tf.float32, partition_info: Any = None) -> tf.Tensor:
        del partition_info
        return tf.random.uniform(shape, 0.0, variable.initial_value, dtype)

    return initializer
