"""The grid LSTMs, which run along frequency as well as time (Kalchbrenner et al., 2015)."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from .base import RNNCell
from .gates import clip
from .linear import sharded
from .lstm import warn_of_joined_state
from .time_frequency import width_of, windows

__all__ = ["BidirectionalGridLSTMCell", "GridLSTMCell"]

v1 = tf.compat.v1


class GridLSTMCell(RNNCell):
    """At every frequency two LSTMs, one along time and one along frequency, of the same inputs (arXiv:1507.01526).

    Args:
      num_units: how many units at a frequency.
      use_peepholes, cell_clip, forget_bias, reuse: as in `LSTMCell`.
      share_time_frequency_weights: whether the two LSTMs have the same weights.
      initializer: reaches no variable, as in TF1.
      num_unit_shards: into how many variables each kernel is cut.
      feature_size: columns that one frequency sees.
      frequency_skip: columns between frequencies.
      num_frequency_blocks: a list, the number of frequencies of each block; each block has weights of its own.
      start_freqindex_list, end_freqindex_list: the columns that each block sees; all, for one block, if None.
      couple_input_forget_gates: whether forget gates are one minus the input gates.
      state_is_tuple: whether the state is a namedtuple (`state_f00_b00_c`, `state_f00_b00_m`…) or one tensor.

    Raises:
      ValueError: where these do not fit together, or the inputs do not fit them.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        share_time_frequency_weights: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_unit_shards: int = 1,
        forget_bias: float = 1.0,
        feature_size: int | None = None,
        frequency_skip: int | None = None,
        num_frequency_blocks: Sequence[int] | None = None,
        start_freqindex_list: Sequence[int] | None = None,
        end_freqindex_list: Sequence[int] | None = None,
        couple_input_forget_gates: bool = False,
        state_is_tuple: bool = True,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        warn_of_joined_state(self, state_is_tuple)
        if num_frequency_blocks is None:
            raise ValueError("Must specify num_frequency_blocks")
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._share_time_frequency_weights = share_time_frequency_weights
        self._couple_input_forget_gates = couple_input_forget_gates
        self._state_is_tuple = state_is_tuple
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_unit_shards = num_unit_shards
        self._forget_bias = forget_bias
        self._feature_size: Any = feature_size
        self._frequency_skip: Any = frequency_skip
        self._start_freqindex_list = start_freqindex_list
        self._end_freqindex_list = end_freqindex_list
        self._num_frequency_blocks = num_frequency_blocks
        self._total_blocks = sum(int(number) for number in num_frequency_blocks)
        self._state_tuple_type: Any = self._named("GridLSTMStateTuple", [""]) if state_is_tuple else None

    def _named(self, name: str, prefixes: list[str]) -> Any:
        """The namedtuple of the states of every frequency of every block."""
        fields = [
            f"{prefix}state_f{frequency:02d}_b{block:02d}_{letter}"
            for prefix in prefixes
            for block, number in enumerate(self._num_frequency_blocks)
            for frequency in range(number)
            for letter in "cm"
        ]
        return collections.namedtuple(name, fields)

    @property
    def state_size(self) -> Any:
        total = 2 * self._total_blocks
        return self._state_tuple_type(*[self._num_units] * total) if self._state_is_tuple else total * self._num_units

    @property
    def output_size(self) -> Any:
        return 2 * self._total_blocks * self._num_units

    @property
    def state_tuple_type(self) -> Any:
        """The namedtuple that states are; None where they are tensors."""
        return self._state_tuple_type

    def call(self, inputs: Any, state: Any) -> Any:
        outputs, states = self._run(self._make_tf_features(inputs), state, "state")
        joined = self._state_tuple_type(*states) if self._state_is_tuple else tf.concat(states, 1)
        return tf.concat(outputs, 1), joined

    def _run(self, blocks: list[list[Any]], state: Any, prefix: str) -> tuple[list[Any], list[Any]]:
        outputs, states = [], []
        for number, block in enumerate(blocks):
            of_block = self._compute(block, number, state, prefix)
            outputs += of_block[0]
            states += of_block[1]
        return outputs, states

    def _lstm(self, kind: str, block: int, rows: int, dtype: Any) -> _GridLSTM:
        gates = 3 if self._couple_input_forget_gates else 4
        columns = gates * self._num_units
        kernel = sharded(f"W_{kind}_{block}", [rows, columns], dtype, self._num_unit_shards)
        bias = v1.get_variable(f"B_{kind}_{block}", shape=[columns], initializer=v1.zeros_initializer(), dtype=dtype)
        return _GridLSTM(kernel, bias, self._forget_bias, self._couple_input_forget_gates)

    def _diagonals(self, kind: str, block: int, dtype: Any) -> dict[str, Any]:
        """The peepholes of one LSTM, of frequency's memory and of time's: of gate i, "if" and "it"."""
        letters = "io" if self._couple_input_forget_gates else "fio"
        return {
            letter + memory: v1.get_variable(
                f"W_{letter.upper()}_diag_{kind}{memory}_{block}", shape=[self._num_units], dtype=dtype
            )
            for letter in letters
            for memory in "ft"
        }

    def _compute(self, features: list[Any], block: int, state: Any, prefix: str) -> tuple[list[Any], list[Any]]:
        units, dtype = self._num_units, features[0].dtype
        rows = features[0].shape.as_list()[1] + 2 * units
        along_frequency = self._lstm("f", block, rows, dtype)
        shared = self._share_time_frequency_weights
        along_time = along_frequency if shared else self._lstm("t", block, rows, dtype)
        if self._use_peepholes:
            along_frequency.diagonals = self._diagonals("freq", block, dtype)
            if not shared:
                along_time.diagonals = self._diagonals("time", block, dtype)
        batch = features[0].shape.as_list()[0] or tf.shape(features[0])[0]
        m_below = c_below = tf.zeros([batch, units], dtype)
        outputs, states = [], []
        for n, feature in enumerate(features):
            if self._state_is_tuple:
                c, m = (getattr(state, f"{prefix}_f{n:02d}_b{block:02d}_{letter}") for letter in "cm")
            else:
                c, m = (tf.slice(state, [0, (2 * n + k) * units], [-1, units]) for k in (0, 1))
            joined = tf.concat([feature, m, m_below], 1)
            gates_f = along_frequency.gates(joined)
            gates_t = gates_f if shared else along_time.gates(joined)
            c_freq = clip(along_frequency.memory(gates_f, c_below, c, c_below), self._cell_clip)
            c_time = clip(along_time.memory(gates_t, c_below, c, c), self._cell_clip)
            m_below = along_frequency.output(gates_f, c_freq, c_time, c_freq)
            m_time = along_time.output(gates_t, c_freq, c_time, c_time)
            c_below = c_freq
            outputs += [m_time, m_below]
            states += [c_time, m_time]
        return outputs, states

    def _make_tf_features(self, inputs: Any, slice_offset: int = 0) -> list[list[Any]]:
        """The windows of each block, `slice_offset` columns further on, with zeros beyond the end."""
        size, step = self._feature_size, self._frequency_skip
        width = width_of(inputs)
        if slice_offset:
            pad = [0, slice_offset] if slice_offset > 0 else [-slice_offset, 0]
            inputs, slice_offset = tf.pad(inputs, [[0, 0], pad]), max(slice_offset, 0)
        numbers = self._num_frequency_blocks
        if not self._start_freqindex_list:
            if len(numbers) != 1:
                raise ValueError(f"Length of num_frequency_blocks is not 1, but instead is {len(numbers)}")
            spans = [(0, width)]
        else:
            ends = self._end_freqindex_list or []
            spans = list(zip(self._start_freqindex_list, ends))  # noqa: B905 - the lengths are compared below
            if not len(spans) == len(self._start_freqindex_list) == len(ends) == len(numbers):
                raise ValueError(
                    "start_freqindex_list, end_freqindex_list and num_frequency_blocks must be equally long, but have "
                    f"{len(self._start_freqindex_list)}, {len(ends)} and {len(numbers)} members"
                )
        blocks = []
        for number, (start, end) in zip(numbers, spans, strict=True):
            fits = int((end - start - size) / step) + 1
            if fits != number:
                raise ValueError(
                    f"Invalid num_frequency_blocks, requires {number} but gets {fits}, please check the input size and "
                    "filter config are correct."
                )
            blocks.append(windows(inputs, start + slice_offset, end - start, size, step))
        return blocks


class _GridLSTM:
    """One of the two LSTMs of a block. `f` and `t` are the memories along frequency and along time."""

    def __init__(self, kernel: Any, bias: Any, forget_bias: float, coupled: bool) -> None:
        self.kernel, self.bias, self.forget_bias = kernel, bias, forget_bias
        self.letters = "ijo" if coupled else "ijfo"
        self.diagonals: dict[str, Any] | None = None

    def gates(self, joined: Any) -> dict[str, Any]:
        values = tf.split(tf.nn.bias_add(tf.matmul(joined, self.kernel), self.bias), len(self.letters), 1)
        return dict(zip(self.letters, values, strict=True))

    def _open(self, letter: str, value: Any, f: Any, t: Any) -> Any:
        if self.diagonals is not None:
            value = value + self.diagonals[f"{letter}f"] * f + self.diagonals[f"{letter}t"] * t
        return tf.sigmoid(value)

    def memory(self, gates: dict[str, Any], f: Any, t: Any, own: Any) -> Any:
        i = self._open("i", gates["i"], f, t)
        forget = self._open("f", gates["f"] + self.forget_bias, f, t) if "f" in gates else 1.0 - i
        return forget * own + i * tf.tanh(gates["j"])

    def output(self, gates: dict[str, Any], f: Any, t: Any, own: Any) -> Any:
        return self._open("o", gates["o"], f, t) * tf.tanh(own)


class BidirectionalGridLSTMCell(GridLSTMCell):
    """Two `GridLSTMCell`s, in scopes `fwd` and `bwd`, up and down the frequencies.

    The arguments are those of `GridLSTMCell`, whose state is a tuple; `backward_slice_offset` moves what the
    second sees by columns.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        share_time_frequency_weights: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_unit_shards: int = 1,
        forget_bias: float = 1.0,
        feature_size: int | None = None,
        frequency_skip: int | None = None,
        num_frequency_blocks: Sequence[int] | None = None,
        start_freqindex_list: Sequence[int] | None = None,
        end_freqindex_list: Sequence[int] | None = None,
        couple_input_forget_gates: bool = False,
        backward_slice_offset: int = 0,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(
            *(num_units, use_peepholes, share_time_frequency_weights, cell_clip, initializer, num_unit_shards),
            *(forget_bias, feature_size, frequency_skip, num_frequency_blocks, start_freqindex_list),
            *(end_freqindex_list, couple_input_forget_gates, True, reuse),
        )
        self._backward_slice_offset = int(backward_slice_offset)
        self._state_tuple_type = self._named("BidirectionalGridLSTMStateTuple", ["fwd_", "bwd_"])

    @property
    def state_size(self) -> Any:
        return self._state_tuple_type(*[self._num_units] * (4 * self._total_blocks))

    @property
    def output_size(self) -> Any:
        return 4 * self._total_blocks * self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        forward = self._make_tf_features(inputs)
        offset = self._backward_slice_offset
        backward = self._make_tf_features(inputs, offset) if offset else forward
        with v1.variable_scope("fwd"):
            outputs, states = self._run(forward, state, "fwd_state")
        with v1.variable_scope("bwd"):
            more = self._run([block[::-1] for block in backward], state, "bwd_state")
        return tf.concat(outputs + more[0], 1), self._state_tuple_type(*states, *more[1])
