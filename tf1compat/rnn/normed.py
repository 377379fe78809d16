"""LSTMs that normalize: by layer (Ba et al., 2016, arXiv:1607.06450) or by weight (Salimans and Kingma, 2016)."""

from __future__ import annotations

import functools
from typing import Any

import tensorflow as tf

from .base import RNNCell, depth_of
from .gates import Peepholes, clip, lstm_step
from .linear import product, variables, width
from .states import LSTMStateTuple

__all__ = ["LayerNormBasicLSTMCell", "LayerNormLSTMCell", "ProjectedCell", "WeightNormLSTMCell", "layer_norm"]

v1 = tf.compat.v1


def layer_norm(inputs: Any, scope: str, gain: float, shift: float, dtype: Any = tf.float32) -> tf.Tensor:
    """Each row with mean 0 and variance 1, times `scope/gamma` (first `gain`) plus `scope/beta` (first `shift`)."""
    shape = inputs.shape[-1:]
    with v1.variable_scope(scope):
        gamma = v1.get_variable("gamma", shape, initializer=v1.constant_initializer(gain), dtype=dtype)
        beta = v1.get_variable("beta", shape, initializer=v1.constant_initializer(shift), dtype=dtype)
        mean, variance = tf.nn.moments(inputs, [1], keepdims=True)
        epsilon = 1e-3 if inputs.dtype == tf.float16 else 1e-12
        result = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        result.set_shape(inputs.shape)
        return result


class ProjectedCell(RNNCell):
    """The sizes of an LSTM with `num_units` units and perhaps a projection to `num_proj`."""

    def __init__(self, num_units: int, num_proj: int | None, reuse: bool | None, state_is_tuple: bool = True) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._num_proj = num_proj
        self._state_is_tuple = state_is_tuple
        self._output_size = num_proj or num_units

    @property
    def state_size(self) -> Any:
        sizes = LSTMStateTuple(self._num_units, self._output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        return self._output_size

    def _diagonals(self, names: str, dtype: Any) -> list[Any]:
        return [v1.get_variable(name, [self._num_units], dtype=dtype) for name in names.split()]


class LayerNormBasicLSTMCell(ProjectedCell):
    """`BasicLSTMCell` with layer normalization of the gates and the new memory, and dropout on the new input.

    Args:
      num_units: how many units.
      forget_bias: added to the forget gate.
      input_size: has no effect, as in TF1, which warned.
      activation: a callable.
      layer_norm: whether to normalize; otherwise the gates have a `bias`.
      norm_gain, norm_shift: with what `gamma` and `beta` begin.
      dropout_keep_prob, dropout_prob_seed: of the dropout on the new input (Semeniuta et al., 2016).
      reuse: as for every cell.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        input_size: Any = None,
        activation: Any = tf.tanh,
        layer_norm: bool = True,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        dropout_keep_prob: Any = 1.0,
        dropout_prob_seed: int | None = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(num_units, None, reuse)
        if input_size is not None:
            v1.logging.warn("%s: The input_size parameter is deprecated.", self)
        self._activation = activation
        self._forget_bias = forget_bias
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    def _norm(self, inp: Any, scope: str, dtype: Any = tf.float32) -> tf.Tensor:
        return layer_norm(inp, scope, self._norm_gain, self._norm_shift, dtype)

    def _linear(self, args: Any) -> tf.Tensor:
        size = 4 * self._num_units
        result = tf.matmul(args, v1.get_variable("kernel", [args.shape[-1], size], dtype=args.dtype))
        if self._layer_norm:
            return result
        return tf.nn.bias_add(result, v1.get_variable("bias", [size], dtype=args.dtype))

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        args = tf.concat([inputs, h], 1)
        norm = functools.partial(self._norm, dtype=args.dtype) if self._layer_norm else lambda value, scope: value
        parts = tf.split(self._linear(args), 4, 1)
        i, j, f, o = map(norm, parts, ("input", "transform", "forget", "output"))
        g = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            g = tf.nn.dropout(g, rate=1 - self._keep_prob, seed=self._seed)
        new_c = norm(c * tf.sigmoid(f + self._forget_bias) + tf.sigmoid(i) * g, "state")
        new_h = self._activation(new_c) * tf.sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)


class LayerNormLSTMCell(ProjectedCell):
    """`LSTMCell` with layer normalization of the gates and the new memory where `layer_norm` asks for it.

    The arguments are those of `LSTMCell` and, as for `LayerNormBasicLSTMCell`, `norm_gain` and `norm_shift`.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        forget_bias: float = 1.0,
        activation: Any = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._activation = activation or tf.tanh
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        depth_of(inputs)

        def norm(value: Any, scope: str) -> Any:
            return layer_norm(value, scope, self._norm_gain, self._norm_shift) if self._layer_norm else value

        with v1.variable_scope(v1.get_variable_scope(), initializer=self._initializer):
            kernel, bias = variables([inputs, h], 4 * self._num_units, True)
            gates = product([inputs, h], kernel)
            gates = gates if self._layer_norm else tf.nn.bias_add(gates, bias)
            i, j, f, o = map(norm, tf.split(gates, 4, 1), ("input", "transform", "forget", "output"))
            peepholes = None
            if self._use_peepholes:
                w_f, w_i, w_o = self._diagonals("w_f_diag w_i_diag w_o_diag", inputs.dtype)
                peepholes = Peepholes(w_i, w_f, w_o)
            new_c, new_h = lstm_step(
                (i, j, f, o),
                c,
                forget_bias=self._forget_bias,
                activation=self._activation,
                peepholes=peepholes,
                settle=lambda c: clip(norm(c, "state"), self._cell_clip),
            )
            if self._num_proj is not None:
                with v1.variable_scope("projection"):
                    projection, _ = variables([new_h], self._num_proj, False)
                    new_h = clip(product([new_h], projection), self._proj_clip)
        return new_h, LSTMStateTuple(new_c, new_h)


class WeightNormLSTMCell(ProjectedCell):
    """`LSTMCell` whose kernels' columns have length `norm_0`, `norm_1`… (one for inputs, one for the state).

    The arguments are those of `LSTMCell`; `norm=False` leaves the kernels as they are. Variables stand in
    `wn_lstm_cell`.
    """

    def __init__(
        self,
        num_units: int,
        norm: bool = True,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        forget_bias: float = 1,
        activation: Any = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        self._norm = norm
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._activation = activation or tf.tanh

    def _linear(self, args: list[Any], output_size: int, bias: bool) -> tf.Tensor:
        rows, dtype = width(args), args[0].dtype
        kernel = v1.get_variable("kernel", [rows, output_size], dtype=dtype)
        if self._norm:
            depths = [a.shape.as_list()[1] for a in args]
            lengths = [v1.get_variable(f"norm_{n}", [output_size], dtype=dtype) for n in range(len(args))]
            parts = [
                tf.nn.l2_normalize(part, axis=0) * length
                for part, length in zip(tf.split(kernel, depths), lengths, strict=True)
            ]
            kernel = tf.concat(parts, 0)
        result = product(args, kernel)
        if not bias:
            return result
        with v1.variable_scope(v1.get_variable_scope()) as scope:
            scope.set_partitioner(None)
            first = v1.get_variable("bias", [output_size], dtype=dtype, initializer=v1.zeros_initializer())
        return tf.nn.bias_add(result, first)

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        depth_of(inputs)
        with v1.variable_scope("wn_lstm_cell", initializer=self._initializer):
            i, j, f, o = tf.split(self._linear([inputs, h], 4 * self._num_units, True), 4, 1)
            peepholes = None
            if self._use_peepholes:
                w_f, w_i, w_o = self._diagonals("w_f_diag w_i_diag w_o_diag", inputs.dtype)
                peepholes = Peepholes(w_i, w_f, w_o)
            new_c, new_h = lstm_step(
                (i, j, f, o),
                c,
                forget_bias=self._forget_bias,
                activation=self._activation,
                peepholes=peepholes,
                settle=lambda c: clip(c, self._cell_clip),
            )
            if self._num_proj is not None:
                with v1.variable_scope("projection"):
                    new_h = clip(self._linear([new_h], self._num_proj, False), self._proj_clip)
        return new_h, LSTMStateTuple(new_c, new_h)
