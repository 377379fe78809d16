"""Cells of tf.contrib.rnn beside LSTM and GRU: UGRNN, Intersection, NAS, SRU, Minimal and Chaos Free."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.layers import identifiers
from tf1compat.layers.base import InputSpec

from .base import LayerRNNCell, RNNCell, depth_of
from .linear import Linear
from .simple import UnitsCell
from .states import LSTMStateTuple

__all__ = ["CFNCell", "IntersectionRNNCell", "MinimalRNNCell", "NASCell", "SRUCell", "UGRNNCell"]

v1 = tf.compat.v1


class _GatedCell(RNNCell):
    def __init__(self, num_units: int, initializer: Any, forget_bias: float, activation: Any, reuse: bool | None):
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._activation = activation

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units


class UGRNNCell(_GatedCell):
    """Update gate RNN (Collins et al., 2016, arXiv:1611.09913):

    g, c = [inputs, h] W + b;  h' = s * h + (1 - s) * activation(c),  s = sigmoid(g + forget_bias)
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        forget_bias: float = 1.0,
        activation: Any = tf.tanh,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(num_units, initializer, forget_bias, activation, reuse)
        self._linear: Linear | None = None

    def call(self, inputs: Any, state: Any) -> Any:
        depth_of(inputs)
        with v1.variable_scope(v1.get_variable_scope(), initializer=self._initializer):
            joined = tf.concat([inputs, state], 1)
            self._linear = self._linear or Linear(joined, 2 * self._num_units, True)
            gate, new = tf.split(self._linear(joined), 2, 1)
            gate = tf.sigmoid(gate + self._forget_bias)
            new_state = gate * state + (1.0 - gate) * self._activation(new)
        return new_state, new_state


class IntersectionRNNCell(_GatedCell):
    """Intersection RNN (Collins et al., 2016, arXiv:1611.09913): a gated state, and an output gated with the input.

    Inputs must be `num_units` deep, or `num_in_proj` (which is then `num_units`) asks for an `in_projection`.
    """

    def __init__(
        self,
        num_units: int,
        num_in_proj: int | None = None,
        initializer: Any = None,
        forget_bias: float = 1.0,
        y_activation: Any = tf.nn.relu,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(num_units, initializer, forget_bias, y_activation, reuse)
        self._num_input_proj = num_in_proj
        self._linear1: Linear | None = None
        self._linear2: Linear | None = None

    def call(self, inputs: Any, state: Any) -> Any:
        with v1.variable_scope(v1.get_variable_scope(), initializer=self._initializer):
            if depth_of(inputs) != self._num_units:
                if not self._num_input_proj:
                    raise ValueError(
                        "Must have input size == output size for Intersection RNN. To fix, num_in_proj should be set "
                        "to num_units at cell init."
                    )
                with v1.variable_scope("in_projection"):
                    self._linear1 = self._linear1 or Linear(inputs, self._num_units, True)
                    inputs = self._linear1(inputs)
            joined = tf.concat([inputs, state], 1)
            self._linear2 = self._linear2 or Linear(joined, 4 * self._num_units, True)
            gate_h, h, gate_y, y = tf.split(self._linear2(joined), 4, 1)
            gate_h, gate_y = tf.sigmoid(gate_h + self._forget_bias), tf.sigmoid(gate_y + self._forget_bias)
            new_state = gate_h * state + (1.0 - gate_h) * tf.tanh(h)
            new_y = gate_y * inputs + (1.0 - gate_y) * self._activation(y)
        return new_y, new_state


class NASCell(LayerRNNCell):
    """The cell that architecture search found (Zoph and Le, 2016, arXiv:1611.01578), `num_proj` projecting it.

    Variables: `kernel`, `recurrent_kernel`, `bias` where `use_bias`, `projection_weights` where `num_proj`.
    """

    def __init__(
        self,
        num_units: int,
        num_proj: int | None = None,
        use_bias: bool = False,
        reuse: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units = num_units
        self._num_proj = num_proj
        self._use_bias = use_bias

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> Any:
        return self._num_units if self._num_proj is None else self._num_proj

    def build(self, inputs_shape: Any) -> None:
        depth, columns = depth_of(inputs_shape), 8 * self._num_units
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self.output_size, columns])
        self.kernel = self.add_variable("kernel", [depth, columns])
        if self._use_bias:
            self.bias = self.add_variable("bias", shape=[columns], initializer=v1.zeros_initializer())
        if self._num_proj is not None:
            self.projection_weights = self.add_variable("projection_weights", [self._num_units, self._num_proj])
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        from_state, from_inputs = tf.matmul(h, self.recurrent_kernel), tf.matmul(inputs, self.kernel)
        if self._use_bias:
            from_state = tf.nn.bias_add(from_state, self.bias)
        m, x = tf.split(from_state, 8, 1), tf.split(from_inputs, 8, 1)
        first = [tf.sigmoid, tf.nn.relu, tf.sigmoid, tf.nn.relu, tf.tanh, tf.sigmoid, tf.tanh, tf.sigmoid]
        leaf = [f(x[n] * m[n] if n == 3 else x[n] + m[n]) for n, f in enumerate(first)]
        new_c = tf.tanh(tf.tanh(leaf[0] * leaf[1]) + c) * tf.tanh(leaf[2] + leaf[3])
        new_h = tf.tanh(new_c * tf.tanh(tf.tanh(leaf[4] * leaf[5]) + tf.sigmoid(leaf[6] + leaf[7])))
        if self._num_proj is not None:
            new_h = tf.matmul(new_h, self.projection_weights)
        return new_h, LSTMStateTuple(new_c, new_h)


class SRUCell(UnitsCell):
    """Simple recurrent unit (Lei et al., 2017, arXiv:1709.02755): gates from the inputs alone.

    z, f, r, x = inputs W;  f, r = sigmoid([f, r] + b)
    c' = f * c + (1 - f) * z;  output = r * activation(c') + (1 - r) * x
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, **kwargs)

    def build(self, inputs_shape: Any) -> None:
        self._kernel = self.add_variable("kernel", shape=[depth_of(inputs_shape), 4 * self._num_units])
        self._bias = self.add_variable("bias", shape=[2 * self._num_units], initializer=v1.zeros_initializer())
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        z, f, r, x = tf.split(tf.matmul(inputs, self._kernel), 4, 1)
        f, r = tf.split(tf.sigmoid(tf.nn.bias_add(tf.concat([f, r], 1), self._bias)), 2, 1)
        c = f * state + (1.0 - f) * z
        return r * self._activation(c) + (1.0 - r) * x, c


class _KerasNamedCell(LayerRNNCell):
    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "ones",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self.units = units
        self.activation = identifiers.activation(activation)
        self.kernel_initializer = identifiers.initializer(kernel_initializer)
        self.bias_initializer = identifiers.initializer(bias_initializer)

    @property
    def state_size(self) -> Any:
        return self.units

    @property
    def output_size(self) -> Any:
        return self.units


class MinimalRNNCell(_KerasNamedCell):
    """Minimal RNN (Chen, 2017, arXiv:1711.06788): z = activation(inputs V);  u = sigmoid([z, h] U + b);
    h' = u * h + (1 - u) * z, with V and U one `kernel`."""

    def build(self, inputs_shape: Any) -> None:
        rows = depth_of(inputs_shape) + 2 * self.units
        self.kernel = self.add_variable("kernel", [rows, self.units], initializer=self.kernel_initializer)
        self.bias = self.add_variable("bias", [self.units], initializer=self.bias_initializer)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        forward, gate = tf.split(self.kernel, [depth_of(inputs), 2 * self.units], 0)
        z = self.activation(tf.matmul(inputs, forward))
        u = tf.sigmoid(tf.nn.bias_add(tf.matmul(tf.concat([z, state], 1), gate), self.bias))
        h = u * state + (1 - u) * z
        return h, h


class CFNCell(_KerasNamedCell):
    """Chaos free network (Laurent and von Brecht, 2016, arXiv:1612.06212):
    t, e = sigmoid(h U + inputs V + b);  h' = t * activation(h) + (1 - e) * activation(inputs W)."""

    def build(self, inputs_shape: Any) -> None:
        depth, first = depth_of(inputs_shape), self.kernel_initializer
        self.kernel = self.add_variable("kernel", [depth, 3 * self.units], initializer=first)
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self.units, 2 * self.units], initializer=first)
        self.bias = self.add_variable("bias", [2 * self.units], initializer=self.bias_initializer)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        v, w = tf.split(self.kernel, [2 * self.units, self.units], 1)
        gates = tf.nn.bias_add(tf.matmul(state, self.recurrent_kernel) + tf.matmul(inputs, v), self.bias)
        t, e = tf.split(tf.sigmoid(gates), 2, 1)
        h = t * self.activation(state) + (1 - e) * self.activation(tf.matmul(inputs, w))
        return h, h
