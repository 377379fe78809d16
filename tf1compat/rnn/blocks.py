"""The cells that are one kernel each: `LSTMBlockCell` and the `GRUBlockCell`s."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.layers.base import InputSpec

from .base import LayerRNNCell, depth_of
from .states import LSTMStateTuple

__all__ = ["GRUBlockCell", "GRUBlockCellV2", "LSTMBlockCell", "lstm_variables", "with_peepholes"]

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


def lstm_variables(layer: Any, depth: int, units: int, peepholes: bool) -> dict[str, Any]:
    """`kernel`, `bias` and perhaps the peepholes, by the names that the kernels have for them."""
    found = {
        "w": layer.add_variable("kernel", [depth + units, units * 4]),
        "b": layer.add_variable("bias", [units * 4], initializer=v1.zeros_initializer()),
    }
    if peepholes:
        found |= {f"wc{gate}": layer.add_variable(f"w_{gate}_diag", [units]) for gate in "ifo"}
    return found


def with_peepholes(variables: dict[str, Any], units: int, dtype: Any) -> dict[str, Any]:
    """`variables`, and zeros for the peepholes that are not among them."""
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
        self._weights = lstm_variables(self, depth_of(inputs_shape), self._num_units, self._use_peephole)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        step = tf.raw_ops.LSTMBlockCell(
            x=inputs,
            cs_prev=state[0],
            h_prev=state[1],
            **with_peepholes(self._weights, self._num_units, self.dtype),
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
