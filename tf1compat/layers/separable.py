"""Separable convolutions: each channel by itself, then all channels at each place."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .convolutional import Convolution
from .functional import functional
from .layout import in_layout

__all__ = ["SeparableConv1D", "SeparableConv2D", "separable_conv1d", "separable_conv2d"]

_v1 = tf.compat.v1


class _Separable(Convolution):
    """A convolution of each channel with kernels of its own, then one of size 1 that mixes all channels.

    Variables: `depthwise_kernel` [*kernel_size, channels, depth_multiplier], `pointwise_kernel`
    [1..., channels * depth_multiplier, filters] and `bias` [filters].

    Args:
      filters: How many channels the outputs have.
      kernel_size, strides, padding, data_format, dilation_rate: as for `Conv2D`; the strides must be equal.
      depth_multiplier: How many channels the first convolution makes of one.
      activation, use_bias: as for `Conv2D`.
      depthwise_initializer, pointwise_initializer: If None, the variable scope's, or glorot_uniform.
      depthwise_regularizer, ...: as for the variables of `Conv2D`.

    Raises:
      ValueError: when it is built, if it is not known how many channels the inputs have.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = _v1.zeros_initializer(),  # noqa: B008 - it has no state
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
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
            dilation_rate,
            activation,
            use_bias,
            activity_regularizer,
            trainable,
            name,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self._describe("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._describe("pointwise", pointwise_initializer, pointwise_regularizer, pointwise_constraint)
        self._describe("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape: Any) -> None:
        channels = self._channels(input_shape)
        depth = self.depth_multiplier
        self.depthwise_kernel = self._make("depthwise", (*self.kernel_size, channels, depth), named="depthwise_kernel")
        self.pointwise_kernel = self._make(
            "pointwise", (*[1] * self.rank, depth * channels, self.filters), named="pointwise_kernel"
        )
        self.bias = self._make("bias", (self.filters,)) if self.use_bias else None
        self.built = True

    def call(self, inputs: Any) -> Any:
        if self.rank == 2:
            return self._finished(in_layout(self._convolved, inputs, self.data_format))
        # Along one axis: along two, of which the first has the size 1.
        axis = 2 if self.data_format == "channels_first" else 1
        inputs = tf.expand_dims(self._padded(inputs), axis)
        outputs = self._biased(in_layout(self._convolved, inputs, self.data_format))
        return self.activation(tf.squeeze(outputs, [axis]))

    def _convolved(self, inputs: Any, channels_first: bool) -> Any:
        depthwise, pointwise, strides, rate = (
            self.depthwise_kernel,
            self.pointwise_kernel,
            self.strides,
            self.dilation_rate,
        )
        if self.rank == 1:
            depthwise, pointwise = tf.expand_dims(depthwise, 0), tf.expand_dims(pointwise, 0)
            strides, rate = strides * 2, (1, *rate)
        return _v1.nn.separable_conv2d(
            inputs,
            depthwise,
            pointwise,
            [1, 1, *strides] if channels_first else [1, *strides, 1],
            self._op_padding,
            rate=rate,
            data_format=self._format(channels_first, 4),
        )


class SeparableConv1D(_Separable):
    __doc__ = _Separable.__doc__
    rank = 1


class SeparableConv2D(_Separable):
    __doc__ = _Separable.__doc__
    rank = 2


separable_conv1d = functional(SeparableConv1D, "separable_conv1d")
separable_conv2d = functional(SeparableConv2D, "separable_conv2d")
