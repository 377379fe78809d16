"""`CoupledInputForgetGateLSTMCell`."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .base import depth_of
from .gates import clip
from .linear import sharded
from .lstm import warn_of_joined_state
from .normed import ProjectedCell, layer_norm
from .states import LSTMStateTuple

__all__ = ["CoupledInputForgetGateLSTMCell"]

v1 = tf.compat.v1


class CoupledInputForgetGateLSTMCell(ProjectedCell):
    """An LSTM whose input gate is one minus its forget gate (Greff et al., 2015, arXiv:1503.04069).

    The arguments are those of `LSTMCell` and of `LayerNormLSTMCell`. Variables are `W_0`…, `B`, `W_F_diag`,
    `W_O_diag`, `W_P_0`…; `initializer` reaches none of them, as in TF1.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int = 1,
        num_proj_shards: int = 1,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = tf.tanh,
        reuse: bool | None = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
    ) -> None:
        super().__init__(num_units, num_proj, reuse, state_is_tuple)
        warn_of_joined_state(self, state_is_tuple)
        self._use_peepholes = use_peepholes
        self._initializer = initializer
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._activation = activation
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    def call(self, inputs: Any, state: Any) -> Any:
        units, dtype = self._num_units, inputs.dtype

        def norm(value: Any, scope: str) -> Any:
            return layer_norm(value, scope, self._norm_gain, self._norm_shift) if self._layer_norm else value

        c, h = state if self._state_is_tuple else tf.split(state, [units, self._output_size], 1)
        kernel = sharded("W", [depth_of(inputs) + self._output_size, 3 * units], dtype, self._num_unit_shards)
        bias = v1.get_variable("B", [3 * units], initializer=v1.zeros_initializer(), dtype=dtype)
        gates = tf.matmul(tf.concat([inputs, h], 1), kernel)
        gates = gates if self._layer_norm else tf.nn.bias_add(gates, bias)
        j, f, o = map(norm, tf.split(gates, 3, 1), ("transform", "forget", "output"))
        f = f + self._forget_bias
        if self._use_peepholes:
            w_f, w_o = self._diagonals("W_F_diag W_O_diag", dtype)
            f = f + w_f * c
        f = tf.sigmoid(f)
        new_c = norm(f * c + (1 - f) * self._activation(j), "state")
        new_h = tf.sigmoid(o + w_o * new_c if self._use_peepholes else o) * self._activation(new_c)
        if self._num_proj is not None:
            projection = sharded("W_P", [units, self._num_proj], dtype, self._num_proj_shards)
            new_h = clip(tf.matmul(new_h, projection), self._proj_clip)
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else tf.concat([new_c, new_h], 1)
