"""`TimeFreqLSTMCell`: an LSTM that goes up the frequencies within a step."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .base import RNNCell
from .gates import Peepholes, clip, lstm_step
from .linear import sharded

__all__ = ["TimeFreqLSTMCell", "width_of", "windows"]

v1 = tf.compat.v1


def width_of(inputs: Any) -> int:
    """The columns of the inputs; ValueError while their number is unknown."""
    width = inputs.shape.with_rank(2).as_list()[-1]
    if width is None:
        raise ValueError("Cannot infer input_size from static shape inference.")
    return width


def windows(inputs: Any, begin: int, width: int, size: int, step: int) -> list[Any]:
    """Windows of `size` columns, every `step` columns of the `width` ones from `begin`."""
    return [
        tf.slice(inputs, [0, begin + n * step], [-1, size]) for n in range(int((width - size) / step) + 1)
    ]


class TimeFreqLSTMCell(RNNCell):
    """An LSTM that goes up the frequencies within a step (Li et al., 2015), its output there an input of the next.

    Args:
      num_units: how many units at a frequency.
      use_peepholes, cell_clip, forget_bias, reuse: as in `LSTMCell`.
      initializer: reaches no variable, as in TF1.
      num_unit_shards: into how many variables the kernel is cut.
      feature_size: columns that one frequency sees.
      frequency_skip: columns between frequencies.

    The state is one tensor of c and m for each frequency; `state_size` and `output_size` count one frequency, as
    in TF1, so a state for several must be given.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_unit_shards: int = 1,
        forget_bias: float = 1.0,
        feature_size: int | None = None,
        frequency_skip: int = 1,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_unit_shards = num_unit_shards
        self._forget_bias = forget_bias
        self._feature_size: Any = feature_size
        self._frequency_skip = frequency_skip

    @property
    def state_size(self) -> Any:
        return 2 * self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        units, dtype = self._num_units, inputs.dtype
        features = windows(inputs, 0, width_of(inputs), self._feature_size, self._frequency_skip)
        kernel = sharded("W", [self._feature_size + 2 * units, 4 * units], dtype, self._num_unit_shards)
        bias = v1.get_variable("B", shape=[4 * units], initializer=v1.zeros_initializer(), dtype=dtype)
        peepholes = None
        if self._use_peepholes:
            diagonals = {gate: v1.get_variable(f"W_{gate.upper()}_diag", [units], dtype=dtype) for gate in "fio"}
            peepholes = Peepholes(**diagonals)
        below = tf.zeros([inputs.shape.as_list()[0] or tf.shape(inputs)[0], units], dtype)
        outputs, states = [], []
        for n, feature in enumerate(features):
            c, m = (tf.slice(state, [0, (2 * n + k) * units], [-1, units]) for k in (0, 1))
            gates = tf.nn.bias_add(tf.matmul(tf.concat([feature, m, below], 1), kernel), bias)
            c, below = lstm_step(
                tf.split(gates, 4, 1),
                c,
                forget_bias=self._forget_bias,
                activation=tf.tanh,
                peepholes=peepholes,
                settle=lambda c: clip(c, self._cell_clip),
            )
            outputs.append(below)
            states += [c, below]
        return tf.concat(outputs, 1), tf.concat(states, 1)
