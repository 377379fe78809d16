"""Convolutions along one, two and three axes."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from . import identifiers, utils
from .functional import functional
from .input_spec import InputSpec
from .layout import in_layout
from .weighted import Weighted

__all__ = ["Conv1D", "Conv2D", "Conv3D", "Convolution", "conv1d", "conv2d", "conv3d"]

_v1 = tf.compat.v1


class Convolution(Weighted):
    """What all convolutions are told: see `Conv2D`."""

    #: Along how many axes.
    rank: int

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: Any,
        data_format: str,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        activity_regularizer: Any,
        trainable: bool,
        name: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=identifiers.regularizer(activity_regularizer), **kwargs)
        self.filters = filters
        self.kernel_size = utils.normalize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = utils.normalize_tuple(strides, self.rank, "strides")
        self.padding = self._padding(padding)
        self.data_format = utils.normalize_data_format(data_format)
        self.dilation_rate = utils.normalize_tuple(dilation_rate, self.rank, "dilation_rate")
        self.activation = identifiers.activation(activation)
        self.use_bias = use_bias
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _padding(self, padding: Any) -> Any:
        if self.rank == 1 and isinstance(padding, str) and padding.lower() == "causal":
            return "causal"
        return utils.normalize_padding(padding)

    @property
    def _channel_axis(self) -> int:
        return 1 if self.data_format == "channels_first" else -1

    def _channels(self, input_shape: Any) -> int:
        """How many channels the inputs have, which is demanded of them from now on."""
        shape = tf.TensorShape(input_shape).as_list()
        if shape[self._channel_axis] is None:
            raise ValueError(f"The channel dimension of the inputs should be defined. Found `None` in {input_shape}.")
        channels = int(shape[self._channel_axis])
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: channels})
        return channels

    def _format(self, channels_first: bool, rank: int | None = None) -> str:
        name = "channels_first" if channels_first else "channels_last"
        return utils.convert_data_format(name, rank or self.rank + 2)

    def _padded(self, inputs: Any) -> Any:
        """The inputs, with what comes before them where the padding is causal."""
        if self.padding != "causal":
            return inputs
        before = self.dilation_rate[0] * (self.kernel_size[0] - 1)
        paddings = [[0, 0], [0, 0], [0, 0]]
        paddings[2 if self.data_format == "channels_first" else 1] = [before, 0]
        return tf.pad(inputs, paddings)

    @property
    def _op_padding(self) -> str:
        return "VALID" if self.padding == "causal" else self.padding.upper()

    def _finished(self, outputs: Any) -> Any:
        """The outputs with bias and activation."""
        return self.activation(self._biased(outputs))

    def _biased(self, outputs: Any) -> Any:
        if self.bias is None:
            return outputs
        return tf.nn.bias_add(outputs, self.bias, data_format=self._format(self.data_format == "channels_first", 4))

    def compute_output_shape(self, input_shape: Any) -> tf.TensorShape:
        shape = tf.TensorShape(input_shape).as_list()
        first = 2 if self.data_format == "channels_first" else 1
        for i in range(self.rank):
            shape[first + i] = self._output_length(shape[first + i], i)
        shape[self._channel_axis] = self.filters
        return tf.TensorShape(shape)

    def _output_length(self, length: Any, i: int) -> Any:
        return utils.conv_output_length(
            length, self.kernel_size[i], self.padding, self.strides[i], self.dilation_rate[i]
        )


class _Conv(Convolution):
    """A convolution of the inputs with a kernel, a bias and an activation.

    Variables: `kernel` [*kernel_size, channels of the inputs, filters] and `bias` [filters].

    Args:
      filters: How many channels the outputs have.
      kernel_size: The kernel's size, an integer or one for each axis.
      strides: How far the windows are apart, likewise.
      padding: `valid` or `same`; along one axis `causal`, too.
      data_format: `channels_last` or `channels_first`.
      dilation_rate: How far a window's inputs are apart, likewise; not together with strides.
      activation: A function, or the name of one; None for none.
      use_bias: Whether to add a bias.
      kernel_initializer: If None, the variable scope's, or glorot_uniform.
      bias_initializer: Makes the bias's first value.
      kernel_regularizer, bias_regularizer: Functions of the variable whose result becomes a loss.
      activity_regularizer: One of the output, whose result by the batch's size becomes a loss.
      kernel_constraint, bias_constraint: Functions that project the variable after an optimizer's step.
      trainable: Whether the variables are added to TRAINABLE_VARIABLES.
      name: The layer's name.

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
            dilation_rate,
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
        channels = self._channels(input_shape)
        self.kernel = self._make("kernel", (*self.kernel_size, channels, self.filters))
        self.bias = self._make("bias", (self.filters,)) if self.use_bias else None
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self._finished(in_layout(self._convolved, self._padded(inputs), self.data_format))

    def _convolved(self, inputs: Any, channels_first: bool) -> Any:
        def convolve(inputs: Any, _: Any, padding: str) -> Any:
            op, expand = _OPS[self.rank]
            strides = self.strides[0]
            if expand:
                strides = [1, 1, *self.strides] if channels_first else [1, *self.strides, 1]
            return op(inputs, self.kernel, strides, padding, data_format=self._format(channels_first))

        if all(rate == 1 for rate in self.dilation_rate):
            return convolve(inputs, None, self._op_padding)
        if any(stride != 1 for stride in self.strides):
            raise ValueError(f"strides > 1 not supported in conjunction with dilation_rate > 1; got {self.strides}")
        first = 2 if channels_first else 1
        return _v1.nn.with_space_to_batch(
            inputs,
            self.dilation_rate,
            self._op_padding,
            convolve,
            filter_shape=self.kernel_size,
            spatial_dims=range(first, first + self.rank),
            data_format=self._format(channels_first),
        )


#: By the number of axes: TensorFlow's function, and whether it takes a stride for the batch and the channels.
_OPS = {1: (_v1.nn.conv1d, False), 2: (_v1.nn.conv2d, True), 3: (_v1.nn.conv3d, True)}


class Conv1D(_Conv):
    __doc__ = _Conv.__doc__
    rank = 1


class Conv2D(_Conv):
    __doc__ = _Conv.__doc__
    rank = 2


class Conv3D(_Conv):
    __doc__ = _Conv.__doc__
    rank = 3


conv1d = functional(Conv1D, "conv1d")
conv2d = functional(Conv2D, "conv2d")
conv3d = functional(Conv3D, "conv3d")
