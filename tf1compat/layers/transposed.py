"""Transposed convolutions: the gradients of convolutions with respect to their inputs."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from . import utils
from .convolutional import Convolution
from .functional import functional
from .layout import in_layout

__all__ = ["Conv2DTranspose", "Conv3DTranspose", "conv2d_transpose", "conv3d_transpose"]

_v1 = tf.compat.v1


class _Transposed(Convolution):
    """A convolution turned around: a number of the inputs reaches a window of the outputs.

    Variables: `kernel` [*kernel_size, filters, channels of the inputs] and `bias` [filters].

    Args:
      filters: How many channels the outputs have.
      kernel_size: The kernel's size, an integer or one for each axis.
      strides: How far the windows are apart, likewise.
      padding: `valid` or `same`; with `same`, the outputs are `strides` times as large as the inputs.
      data_format, activation, ...: as for `Conv2D`.

    Raises:
      ValueError: when it is built, if the inputs are of another rank, or it is not known how many channels they have.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = _v1.zeros_initializer(),  # noqa: B008 - it has no state
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            1,
            activation,
            use_bias,
            activity_regularizer,
            trainable,
            name,
            **kwargs,
        )
        self._describe("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._describe("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape: Any) -> None:
        rank = self.rank + 2
        if tf.TensorShape(input_shape).rank != rank:
            raise ValueError(f"Inputs should have rank {rank}. Received input shape: {input_shape}")
        channels = self._channels(input_shape)
        self.kernel = self._make("kernel", (*self.kernel_size, self.filters, channels))
        self.bias = self._make("bias", (self.filters,)) if self.use_bias else None
        self.built = True

    def call(self, inputs: Any) -> Any:
        outputs = in_layout(self._convolved, inputs, self.data_format)
        if not tf.executing_eagerly():
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        return self._finished(outputs)

    def _convolved(self, inputs: Any, channels_first: bool) -> Any:
        shape = tf.shape(inputs)
        first = 2 if channels_first else 1
        batch, *sizes = [shape[i] for i in (0, *range(first, first + self.rank))]
        sizes = [self._output_length(size, i) for i, size in enumerate(sizes)]
        sizes = [self.filters, *sizes] if channels_first else [*sizes, self.filters]
        return _OPS[self.rank](
            inputs,
            self.kernel,
            tf.stack([batch, *sizes]),
            [1, 1, *self.strides] if channels_first else [1, *self.strides, 1],
            self._op_padding,
            data_format=self._format(channels_first),
        )

    def _output_length(self, length: Any, i: int) -> Any:
        return utils.deconv_output_length(length, self.kernel_size[i], self.padding, self.strides[i])


#: TensorFlow's function, by the number of axes.
_OPS = {2: _v1.nn.conv2d_transpose, 3: _v1.nn.conv3d_transpose}


class Conv2DTranspose(_Transposed):
    __doc__ = _Transposed.__doc__
    rank = 2


class Conv3DTranspose(_Transposed):
    __doc__ = _Transposed.__doc__
    rank = 3


conv2d_transpose = functional(Conv2DTranspose, "conv2d_transpose")
conv3d_transpose = functional(Conv3DTranspose, "conv3d_transpose")
