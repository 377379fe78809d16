"""LSTMs over rows, images and volumes (Shi et al., 2015, arXiv:1506.04214)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from .base import RNNCell
from .states import LSTMStateTuple

__all__ = ["Conv1DLSTMCell", "Conv2DLSTMCell", "Conv3DLSTMCell", "ConvLSTMCell"]

v1 = tf.compat.v1


class ConvLSTMCell(RNNCell):
    """`BasicLSTMCell` with a convolution ("SAME", stride 1) in the matrix product's place.

    Args:
      conv_ndims: 1, 2 or 3.
      input_shape: a list, the inputs' shape without the batch, channels last.
      output_channels: channels of the state.
      kernel_shape: one size a dimension.
      use_bias: whether there are `biases`.
      skip_connection: whether the inputs are appended to the output (and, as in TF1, to the state's h).
      forget_bias: added to the forget gate.
      initializers: has no effect, as in TF1.
      name: the layer's.
    """

    def __init__(
        self,
        conv_ndims: int,
        input_shape: Sequence[int],
        output_channels: int,
        kernel_shape: Sequence[int],
        use_bias: bool = True,
        skip_connection: bool = False,
        forget_bias: float = 1.0,
        initializers: Any = None,
        name: str = "conv_lstm_cell",
    ) -> None:
        super().__init__(name=name)
        input_shape = list(input_shape)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._conv_ndims = conv_ndims
        self._kernel_shape = list(kernel_shape)
        self._output_channels = output_channels
        self._use_bias = use_bias
        self._forget_bias = forget_bias
        self._skip_connection = skip_connection
        places, channels = input_shape[:-1], output_channels + (input_shape[-1] if skip_connection else 0)
        state = tf.TensorShape([*places, output_channels])
        self._state_size = LSTMStateTuple(state, state)
        self._output_size = tf.TensorShape([*places, channels])

    @property
    def state_size(self) -> Any:
        return self._state_size

    @property
    def output_size(self) -> Any:
        return self._output_size

    def _convolved(self, inputs: tf.Tensor, filters: int) -> tf.Tensor:
        shape = [*self._kernel_shape, inputs.shape.as_list()[-1], filters]
        kernel = v1.get_variable("kernel", shape, dtype=inputs.dtype)
        result = tf.nn.convolution(inputs, tf.convert_to_tensor(kernel), padding="SAME")
        if not self._use_bias:
            return result
        first = v1.zeros_initializer()
        return result + v1.get_variable("biases", [filters], dtype=inputs.dtype, initializer=first)

    def call(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        del scope  # Layers hand it to whoever takes it.
        c, h = state
        if inputs.shape.rank != self._conv_ndims + 2:
            raise ValueError(f"Conv Linear expects {self._conv_ndims + 2}D arguments, but saw {inputs.shape}")
        i, j, f, o = tf.split(self._convolved(tf.concat([inputs, h], -1), 4 * self._output_channels), 4, -1)
        new_c = tf.sigmoid(f + self._forget_bias) * c + tf.sigmoid(i) * tf.tanh(j)
        output = tf.tanh(new_c) * tf.sigmoid(o)
        if self._skip_connection:
            output = tf.concat([output, inputs], -1)
        return output, LSTMStateTuple(new_c, output)


class Conv1DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` of rows: inputs are [batch, width, channels]."""

    def __init__(self, name: str = "conv_1d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` of images: inputs are [batch, height, width, channels]."""

    def __init__(self, name: str = "conv_2d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` of volumes: inputs are [batch, depth, height, width, channels]."""

    def __init__(self, name: str = "conv_3d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=3, name=name, **kwargs)
