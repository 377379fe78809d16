"""The cells that are one kernel each: `LSTMBlockCell`, `GRUBlockCell` and `LSTMBlockFusedCell`."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.layers.base import InputSpec, Layer

from .base import LayerRNNCell, depth_of
from .states import LSTMStateTuple

__all__ = ["GRUBlockCell", "GRUBlockCellV2", "LSTMBlockCell", "LSTMBlockFusedCell", "LSTMBlockWrapper"]

v1 = tf.compat.v1


@tf.RegisterGradient("LSTMBlockCell")
def _lstm_block_cell_grad(op: tf.Operation, *grads: Any) -> tuple[Any, ...]:
    """TensorFlow ships the kernel of this gradient, but registers none."""
    names = "x cs_prev h_prev w wci wcf wco b".split()
    inputs = dict(zip(names, op.inputs, strict=True))
    outputs = dict(zip(("i", "cs", "f", "o", "ci", "co"), op.outputs, strict=False))
    cs_prev_grad, gates, *diagonals = tf.raw_ops.LSTMBlockCellGrad(
        **inputs, **outputs, cs_grad=grads[1], h_grad=grads[6], use_peephole=op.get_attr("use_peephole")
    )
    x, h, w = inputs["x"], inputs["h_prev"], inputs["w"]
    depth, units = x.shape.as_list()[1], h.shape.as_list()[1]
    if depth is None or units is None:
        raise ValueError(f"The sizes of inputs and state must be known, but saw {x.shape} and {h.shape}")
    x_grad, h_grad = tf.split(tf.matmul(gates, w, transpose_b=True), [depth, units], 1)
    w_grad = tf.matmul(tf.concat([x, h], 1), gates, transpose_a=True)
    return x_grad, cs_prev_grad, h_grad, w_grad, *diagonals, tf.reduce_sum(gates, 0)


@tf.RegisterGradient("GRUBlockCell")
def _gru_block_cell_grad(op: tf.Operation, *grads: Any) -> tuple[Any, ...]:
    x, h, w_ru, w_c, b_ru, b_c = op.inputs
    r, u, c, _ = op.outputs
    x_grad, h_grad, c_bar, r_u_bar = tf.raw_ops.GRUBlockCellGrad(
        x=x, h_prev=h, w_ru=w_ru, w_c=w_c, b_ru=b_ru, b_c=b_c, r=r, u=u, c=c, d_h=grads[3]
    )
    w_ru_grad = tf.matmul(tf.concat([x, h], 1), r_u_bar, transpose_a=True)
    w_c_grad = tf.matmul(tf.concat([x, h * r], 1), c_bar, transpose_a=True)
    return x_grad, h_grad, w_ru_grad, w_c_grad, tf.reduce_sum(r_u_bar, 0), tf.reduce_sum(c_bar, 0)


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


def _lstm_variables(layer: Any, depth: int, units: int, peepholes: bool) -> dict[str, Any]:
    """`kernel`, `bias` and perhaps the peepholes, by the names that the kernels have for them."""
    found = {
        "w": layer.add_variable("kernel", [depth + units, units * 4]),
        "b": layer.add_variable("bias", [units * 4], initializer=v1.zeros_initializer()),
    }
    if peepholes:
        found |= {f"wc{gate}": layer.add_variable(f"w_{gate}_diag", [units]) for gate in "ifo"}
    return found


def _with_peepholes(variables: dict[str, Any], units: int, dtype: Any) -> dict[str, Any]:
    nothing = None if "wci" in variables else tf.zeros([units], dtype)
    return {**dict.fromkeys(("wci", "wcf", "wco"), nothing), **variables}


class LSTMBlockCell(LayerRNNCell):
    """`LSTMCell` without projection as one kernel; its variables are those of `LSTMCell`.

    Args:
      num_units: how many units.
      forget_bias: added to the forget gate.
      cell_clip: the memory is kept within [-cell_clip, cell_clip], if given.
      use_peephole: whether the memory reaches the gates.
      dtype, reuse, name: as for every cell.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        dtype: Any = None,
        reuse: bool | None = None,
        name: str = "lstm_cell",
    ) -> None:
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self._use_peephole = use_peephole
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Any:
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        self._weights = _lstm_variables(self, depth_of(inputs_shape), self._num_units, self._use_peephole)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        step = tf.raw_ops.LSTMBlockCell(
            x=inputs,
            cs_prev=state[0],
            h_prev=state[1],
            **_with_peepholes(self._weights, self._num_units, self.dtype),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return step.h, LSTMStateTuple(step.cs, step.h)


class GRUBlockCell(LayerRNNCell):
    """`GRUCell` as one kernel, its variables `w_ru`, `b_ru`, `w_c`, `b_c`. `cell_size` is the old `num_units`."""

    _NAMES = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(
        self,
        num_units: int | None = None,
        cell_size: int | None = None,
        reuse: bool | None = None,
        name: str = "gru_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._cell_size: Any = cell_size if num_units is None else num_units
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        return self._cell_size

    @property
    def output_size(self) -> Any:
        return self._cell_size

    def build(self, inputs_shape: Any) -> None:
        units = self._cell_size
        rows = depth_of(inputs_shape) + units
        w_ru, b_ru, w_c, b_c = self._NAMES
        self._weights = {
            "w_ru": self.add_variable(w_ru, [rows, 2 * units]),
            "b_ru": self.add_variable(b_ru, [2 * units], initializer=v1.ones_initializer()),
            "w_c": self.add_variable(w_c, [rows, units]),
            "b_c": self.add_variable(b_c, [units], initializer=v1.zeros_initializer()),
        }
        self.built = True

    def call(self, inputs: Any, h_prev: Any) -> Any:
        size = h_prev.shape.with_rank(2).as_list()[1]
        if size not in (None, self._cell_size):
            raise ValueError(f"Shape of h_prev[1] incorrect: cell_size {self._cell_size} vs {size}")
        h = tf.raw_ops.GRUBlockCell(x=inputs, h_prev=h_prev, **self._weights).h
        return h, h


class GRUBlockCellV2(GRUBlockCell):
    """`GRUBlockCell` with the variables of `GRUCell`."""

    _NAMES = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")


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
        self._weights = _lstm_variables(self, depth_of(input_shape), self._num_units, self._use_peephole)
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
            **_with_peepholes(self._weights, self._num_units, dtype),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return run.cs, run.h
