"""`BasicLSTMCell` and `LSTMCell`."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.layers.base import InputSpec

from .base import LayerRNNCell, check_dtypes, check_inputs, depth_of
from .configs import activation_config, activation_of, initializer_config, initializer_of
from .gates import Peepholes, clip, lstm_step
from .states import LSTMStateTuple

__all__ = ["BasicLSTMCell", "LSTMCell"]

v1 = tf.compat.v1


class BasicLSTMCell(LayerRNNCell):
    """The LSTM of Zaremba et al. (2014, arXiv:1409.2329): no peepholes, clipping or projection.

        i, j, f, o = [inputs, h] W + b
        c' = c * sigmoid(f + forget_bias) + sigmoid(i) * activation(j);  h' = activation(c') * sigmoid(o)

    Args:
      num_units: how many units.
      forget_bias: added to the forget gate; 0.0 for weights that cuDNN trained.
      state_is_tuple: whether the state is an `LSTMStateTuple`; otherwise one [batch, 2 * num_units] tensor, c first.
      activation: a callable or the name of one; tanh if None.
      reuse, name, dtype: as for every cell.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_dtypes(self.dtype)
        warn_of_joined_state(self, state_is_tuple)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_of(activation)

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units) if self._state_is_tuple else 2 * self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        depth = depth_of(inputs_shape)
        check_dtypes(self.dtype)
        self._kernel = self.add_variable("kernel", shape=[depth + self._num_units, 4 * self._num_units])
        self._bias = self.add_variable("bias", shape=[4 * self._num_units], initializer=v1.zeros_initializer())
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_inputs(inputs, state)
        c, h = state if self._state_is_tuple else tf.split(state, 2, 1)
        gates = tf.nn.bias_add(tf.matmul(tf.concat([inputs, h], 1), self._kernel), self._bias)
        gates = tf.split(gates, 4, 1)
        new_c, new_h = lstm_step(gates, c, forget_bias=self._forget_bias, activation=self._activation)
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else tf.concat([new_c, new_h], 1)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_units": self._num_units,
            "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
            "activation": activation_config(self._activation),
            "reuse": self._reuse,
        }


class LSTMCell(LayerRNNCell):
    """The LSTM with peepholes (Gers et al., 1999), clipping and a projection (Sak et al., 2014), each if asked for.

    Args:
      num_units: how many units.
      use_peepholes: whether the memory reaches the gates, by diagonal weights `w_f_diag`, `w_i_diag`, `w_o_diag`.
      cell_clip: the memory is kept within [-cell_clip, cell_clip] before it makes the output.
      initializer: of kernels and peepholes; what the scope says if None.
      num_proj: if given, the output is multiplied by a [num_units, num_proj] matrix, `projection/kernel`.
      proj_clip: the projected output is kept within [-proj_clip, proj_clip].
      num_unit_shards, num_proj_shards: into how many variables the kernels are cut.
      forget_bias: added to the forget gate.
      state_is_tuple: whether the state is an `LSTMStateTuple`; otherwise one tensor, c first.
      activation: a callable or the name of one; tanh if None.
      reuse, name, dtype: as for every cell.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_dtypes(self.dtype)
        warn_of_joined_state(self, state_is_tuple)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer_of(initializer)
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_of(activation)
        self._output_size = num_proj or num_units

    @property
    def state_size(self) -> Any:
        sizes = LSTMStateTuple(self._num_units, self._output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        return self._output_size

    def build(self, inputs_shape: Any) -> None:
        depth, units = depth_of(inputs_shape), self._num_units
        check_dtypes(self.dtype)
        self._kernel = self.add_variable(
            "kernel",
            shape=[depth + self._output_size, 4 * units],
            initializer=self._initializer,
            partitioner=_cut_into(self._num_unit_shards),
        )
        self._bias = self.add_variable("bias", shape=[4 * units], initializer=v1.zeros_initializer())
        self._peepholes = None
        if self._use_peepholes:
            diagonals = {
                gate: self.add_variable(f"w_{gate}_diag", shape=[units], initializer=self._initializer)
                for gate in "fio"
            }
            self._peepholes = Peepholes(**diagonals)
        if self._num_proj is not None:
            self._proj_kernel = self.add_variable(
                "projection/kernel",
                shape=[units, self._num_proj],
                initializer=self._initializer,
                partitioner=_cut_into(self._num_proj_shards),
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_inputs(inputs, state)
        depth_of(inputs)
        c, h = state if self._state_is_tuple else tf.split(state, [self._num_units, self._output_size], 1)
        gates = tf.nn.bias_add(tf.matmul(tf.concat([inputs, h], 1), self._kernel), self._bias)
        new_c, new_h = lstm_step(
            tf.split(gates, 4, 1),
            c,
            forget_bias=self._forget_bias,
            activation=self._activation,
            peepholes=self._peepholes,
            settle=lambda c: clip(c, self._cell_clip),
        )
        if self._num_proj is not None:
            new_h = clip(tf.matmul(new_h, self._proj_kernel), self._proj_clip)
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else tf.concat([new_c, new_h], 1)

    def get_config(self) -> dict[str, Any]:
        plain = """num_units use_peepholes cell_clip num_proj proj_clip num_unit_shards num_proj_shards forget_bias
            state_is_tuple reuse"""
        return {
            **super().get_config(),
            **{name: getattr(self, f"_{name}") for name in plain.split()},
            "initializer": initializer_config(self._initializer),
            "activation": activation_config(self._activation),
        }


def warn_of_joined_state(cell: Any, state_is_tuple: bool) -> None:
    """TF1's warning about states that are one tensor."""
    if not state_is_tuple:
        v1.logging.warn(
            "%s: Using a concatenated state is slower and will soon be deprecated.  Use state_is_tuple=True.", cell
        )


def _cut_into(shards: int | None) -> Any:
    return None if shards is None else v1.fixed_size_partitioner(shards)
