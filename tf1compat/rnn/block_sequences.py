"""LSTMs over whole sequences that are one kernel: `LSTMBlockFusedCell`, its base, and the plain function."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.layers.base import InputSpec, Layer

from .base import depth_of
from .blocks import lstm_variables, with_peepholes
from .states import LSTMStateTuple

__all__ = ["LSTMBlockFusedCell", "LSTMBlockWrapper", "block_lstm"]


def block_lstm(
    seq_len_max: Any,
    x: list[Any],
    w: Any,
    b: Any,
    cs_prev: Any = None,
    h_prev: Any = None,
    wci: Any = None,
    wcf: Any = None,
    wco: Any = None,
    forget_bias: float | None = None,
    cell_clip: float | None = None,
    use_peephole: bool | None = None,
    name: str | None = None,
) -> list[list[Any]]:
    """An LSTM over a list of [batch, depth] tensors: lists, a member a step, of i, cs, f, o, ci, co and h.

    Weights are as in `LSTMBlockCell`, states zeros if None.
    """
    units, dtype = b.shape.as_list()[0] // 4, x[0].dtype
    zeros = tf.zeros([tf.shape(x[0])[0], units], dtype)
    diagonals = [tf.zeros([units], dtype)] * 3 if wci is None else [wci, wcf, wco]
    steps = tf.raw_ops.BlockLSTM(
        seq_len_max=seq_len_max,
        x=tf.stack(x),
        cs_prev=zeros if cs_prev is None else cs_prev,
        h_prev=zeros if h_prev is None else h_prev,
        w=w,
        b=b,
        **dict(zip(("wci", "wcf", "wco"), diagonals, strict=True)),
        forget_bias=1.0 if forget_bias is None else forget_bias,
        cell_clip=-1 if cell_clip is None else cell_clip,
        use_peephole=bool(use_peephole),
        name=name,
    )
    return [tf.unstack(each) for each in steps]


class LSTMBlockWrapper(Layer):
    """A layer that runs an LSTM over whole sequences; a subclass has `num_units` and `_call_cell`."""

    @property
    def num_units(self) -> int:
        """How many units."""
        raise NotImplementedError("Abstract method")

    def _call_cell(
        self, inputs: Any, initial_cell_state: Any, initial_output: Any, dtype: Any, sequence_length: Any
    ) -> tuple[Any, Any]:
        """The memories and the outputs of every step: two [time, batch, num_units] tensors."""
        raise NotImplementedError("Abstract method")

    def call(self, inputs: Any, initial_state: Any = None, dtype: Any = None, sequence_length: Any = None) -> Any:
        """Outputs and final state.

        Args:
          inputs: [time, batch, depth], or a list of `time` tensors.
          initial_state: a pair of [batch, num_units] tensors; zeros of `dtype` if None.
          dtype: that of `initial_state` if None.
          sequence_length: [batch]; outputs beyond it are 0, and the final state is that of the last step within.
        """
        is_list = isinstance(inputs, list)
        inputs = tf.stack(inputs) if is_list else inputs
        time, batch, depth = inputs.shape.with_rank(3).as_list()
        if not depth:
            raise ValueError(f"Expecting inputs_shape[2] to be set: {inputs.shape}")
        batch = tf.shape(inputs)[1] if batch is None else batch
        time = tf.shape(inputs)[0] if time is None else time
        if initial_state is None:
            if dtype is None:
                raise ValueError("Either initial_state or dtype needs to be specified")
            initial_state = (tf.zeros([batch, self.num_units], dtype),) * 2
        elif len(initial_state) != 2:
            raise ValueError("Expecting initial_state to be a tuple with length 2 or None")
        dtype = initial_state[0].dtype if dtype is None else dtype
        if sequence_length is not None:
            sequence_length = tf.convert_to_tensor(sequence_length)
        c, h = initial_state
        memories, outputs = self._call_cell(inputs, c, h, dtype, sequence_length)
        if sequence_length is None:
            final = LSTMStateTuple(memories[-1], outputs[-1])
        else:
            mask = tf.transpose(tf.sequence_mask(sequence_length, time, dtype=dtype))
            outputs *= tf.expand_dims(mask, -1)
            last = tf.stack([sequence_length, tf.range(batch, dtype=sequence_length.dtype)], 1)
            final = LSTMStateTuple(
                *(
                    tf.gather_nd(tf.concat([tf.expand_dims(first, 0), steps], 0), last)
                    for first, steps in ((c, memories), (h, outputs))
                )
            )
        return tf.unstack(outputs) if is_list else outputs, final


class LSTMBlockFusedCell(LSTMBlockWrapper):
    """An LSTM over whole sequences as one kernel; arguments and variables are those of `LSTMBlockCell`."""

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        reuse: bool | None = None,
        dtype: Any = None,
        name: str = "lstm_fused_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self._use_peephole = use_peephole
        self.input_spec = InputSpec(ndim=3)

    @property
    def num_units(self) -> int:
        return self._num_units

    def build(self, input_shape: Any) -> None:
        self._weights = lstm_variables(self, depth_of(input_shape), self._num_units, self._use_peephole)
        self.built = True

    def _call_cell(
        self,
        inputs: Any,
        initial_cell_state: Any = None,
        initial_output: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
    ) -> tuple[Any, Any]:
        steps = tf.shape(inputs)[0] if sequence_length is None else tf.reduce_max(sequence_length)
        run = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.cast(steps, tf.int64),
            x=inputs,
            cs_prev=initial_cell_state,
            h_prev=initial_output,
            **with_peepholes(self._weights, self._num_units, dtype),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return run.cs, run.h
