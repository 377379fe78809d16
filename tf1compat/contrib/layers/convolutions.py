"""Convolutions."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat import layers
from tf1compat.contrib.framework import add_arg_scope, model_variable

from .utils import channel_dimension, get_variable_collections, last_dimension, two_element_tuple
from .weighted import COMMON, add_to_collections, checked_format, finish, renaming, weighted

__all__ = [
    "conv1d",
    "conv2d",
    "conv2d_in_plane",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convolution",
    "convolution1d",
    "convolution2d",
    "convolution2d_in_plane",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "separable_conv2d",
    "separable_convolution2d",
]

v1 = tf.compat.v1
_FORMATS = (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW")
_BY_RANK = {3: layers.Conv1D, 4: layers.Conv2D, 5: layers.Conv3D}


def _convolution(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any,
    padding: str,
    data_format: str | None,
    rate: Any,
    conv_dims: int | None,
) -> Any:
    if data_format not in _FORMATS:
        raise ValueError(f"Invalid data_format: {data_format!r}")
    rank = inputs.shape.rank
    if conv_dims is not None and conv_dims + 2 != rank:
        raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
    if rank not in _BY_RANK:
        raise ValueError(f"Convolution not supported for input with rank {rank}")
    return _BY_RANK[rank], {
        "filters": num_outputs,
        "kernel_size": kernel_size,
        "strides": stride,
        "padding": padding,
        "data_format": "channels_first" if data_format and data_format.startswith("NC") else "channels_last",
        "dilation_rate": rate,
    }


@weighted("Conv", {"conv_dims": None})
def convolution(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    conv_dims: int | None = None,
) -> Any:
    """activation_fn(normalizer_fn(inputs * weights + biases)), * being a convolution in one to three dimensions.

    Args:
      inputs: [batch, width, channels], [batch, height, width, channels] or [batch, depth, height, width, channels],
        or with the channels second.
      num_outputs: the channels of the outputs.
      kernel_size, stride, rate: an integer, or one for each dimension. One of stride and rate is 1.
      padding: "SAME" or "VALID".
      data_format: such as "NHWC", the default for rank 4, or "NCHW".
      conv_dims: (last) the number of dimensions that is expected.

    The other arguments are those of all layers with weights, see `weighted`.
    """
    return _convolution(inputs, num_outputs, kernel_size, stride, padding, data_format, rate, conv_dims)


@weighted("Conv")
def convolution1d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
) -> Any:
    """`convolution` of inputs of rank 3."""
    return _convolution(inputs, num_outputs, kernel_size, stride, padding, data_format, rate, 1)


@weighted("Conv")
def convolution2d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
) -> Any:
    """`convolution` of inputs of rank 4."""
    return _convolution(inputs, num_outputs, kernel_size, stride, padding, data_format, rate, 2)


@weighted("Conv")
def convolution3d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
) -> Any:
    """`convolution` of inputs of rank 5."""
    return _convolution(inputs, num_outputs, kernel_size, stride, padding, data_format, rate, 3)


@weighted("Conv2d_transpose")
def convolution2d_transpose(
    inputs: Any, num_outputs: int, kernel_size: Any, stride: Any = 1, padding: str = "SAME", data_format: str = "NHWC"
) -> Any:
    """The gradient of a 2-D convolution as a layer ("deconvolution"); arguments as of `convolution`."""
    return layers.Conv2DTranspose, {
        "filters": num_outputs,
        "kernel_size": kernel_size,
        "strides": stride,
        "padding": padding,
        "data_format": checked_format(data_format, "NHWC", "NCHW"),
    }


@weighted("Conv3d_transpose")
def convolution3d_transpose(
    inputs: Any, num_outputs: int, kernel_size: Any, stride: Any = 1, padding: str = "SAME", data_format: str = "NDHWC"
) -> Any:
    """The gradient of a 3-D convolution as a layer; arguments as of `convolution`."""
    return layers.Conv3DTranspose, {
        "filters": num_outputs,
        "kernel_size": kernel_size,
        "strides": stride,
        "padding": padding,
        "data_format": checked_format(data_format, "NDHWC", "NCDHW"),
    }


# --- by channel ----------------------------------------------------------------------------------


def _depthwise(
    inputs: tf.Tensor,
    weights: Any,
    stride: Any,
    padding: str,
    data_format: str,
    rate: Any,
    channels: int,
    normalizer_fn: Any,
    normalizer_params: Any,
    biases_initializer: Any,
    biases_regularizer: Any,
    variables_collections: Any,
    trainable: bool,
) -> Any:
    """A convolution of each channel by itself, normalized or with biases."""
    height, width = two_element_tuple(stride)
    strides = [1, 1, height, width] if data_format == "NCHW" else [1, height, width, 1]
    outputs = v1.nn.depthwise_conv2d(inputs, weights, strides, padding, rate=rate, data_format=data_format)
    if normalizer_fn is not None:
        return normalizer_fn(outputs, **(normalizer_params or {}))
    if biases_initializer is None:
        return outputs
    biases = model_variable(
        "biases",
        shape=[channels],
        dtype=inputs.dtype.base_dtype,
        initializer=biases_initializer,
        regularizer=biases_regularizer,
        collections=get_variable_collections(variables_collections, "biases"),
        trainable=trainable,
    )
    return v1.nn.bias_add(outputs, biases, data_format=data_format)


@add_arg_scope
def convolution2d_in_plane(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    activation_fn: Any = COMMON["activation_fn"],
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = COMMON["weights_initializer"],
    weights_regularizer: Any = None,
    biases_initializer: Any = COMMON["biases_initializer"],
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Any:
    """A 2-D convolution of each channel of [batch, height, width, channels] with one and the same kernel."""
    with v1.variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as inside:
        inputs = tf.convert_to_tensor(inputs)
        channels = last_dimension(inputs.shape, min_rank=4)
        weights = model_variable(
            "weights",
            shape=[*two_element_tuple(kernel_size), 1, 1],
            dtype=inputs.dtype.base_dtype,
            initializer=weights_initializer,
            regularizer=weights_regularizer,
            collections=get_variable_collections(variables_collections, "weights"),
            trainable=trainable,
        )
        outputs = _depthwise(
            inputs,
            tf.tile(weights, [1, 1, channels, 1]),
            stride,
            padding,
            "NHWC",
            None,
            channels,
            normalizer_fn,
            normalizer_params,
            biases_initializer,
            biases_regularizer,
            variables_collections,
            trainable,
        )
        return finish(outputs, inside, activation_fn, outputs_collections)


@add_arg_scope
def separable_convolution2d(
    inputs: Any,
    num_outputs: int | None,
    kernel_size: Any,
    depth_multiplier: int = 1,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    rate: Any = 1,
    activation_fn: Any = COMMON["activation_fn"],
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = COMMON["weights_initializer"],
    pointwise_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = COMMON["biases_initializer"],
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Any:
    """A convolution of each channel by itself, then one of kernel 1 that mixes the channels.

    Variables: `depthwise_weights`, `pointwise_weights`, `biases`. None for `num_outputs` leaves the second one out:
    the outputs have depth_multiplier channels for each of the inputs'. None for `pointwise_initializer` stands for
    `weights_initializer`.
    """
    layout = checked_format(data_format, "NHWC", "NCHW")
    names = {"bias": "biases", "depthwise_kernel": "depthwise_weights", "pointwise_kernel": "pointwise_weights"}
    getter = renaming(names)
    with v1.variable_scope(scope, "SeparableConv2d", [inputs], reuse=reuse, custom_getter=getter) as inside:
        inputs = tf.convert_to_tensor(inputs)
        dtype = inputs.dtype.base_dtype
        if num_outputs is None:
            channels = channel_dimension(inputs.shape, layout, min_rank=4)
            weights = model_variable(
                "depthwise_weights",
                shape=[*two_element_tuple(kernel_size), channels, depth_multiplier],
                dtype=dtype,
                initializer=weights_initializer,
                regularizer=weights_regularizer,
                collections=get_variable_collections(variables_collections, "weights"),
                trainable=trainable,
            )
            outputs = _depthwise(
                inputs,
                weights,
                stride,
                padding,
                data_format,
                two_element_tuple(rate),
                depth_multiplier * channels,
                normalizer_fn,
                normalizer_params,
                biases_initializer,
                biases_regularizer,
                variables_collections,
                trainable,
            )
            return finish(outputs, inside, activation_fn, outputs_collections)
        layer = layers.SeparableConv2D(
            filters=num_outputs,
            kernel_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format=layout,
            dilation_rate=two_element_tuple(rate),
            depth_multiplier=depth_multiplier,
            activation=None,
            use_bias=not normalizer_fn and biases_initializer is not None,
            depthwise_initializer=weights_initializer,
            pointwise_initializer=weights_initializer if pointwise_initializer is None else pointwise_initializer,
            bias_initializer=biases_initializer,
            depthwise_regularizer=weights_regularizer,
            pointwise_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=inside.name,
            dtype=dtype,
            _scope=inside,
            _reuse=reuse,
        )
        outputs = layer.apply(inputs)
        add_to_collections(layer.depthwise_kernel, variables_collections, "weights")
        add_to_collections(layer.pointwise_kernel, variables_collections, "weights")
        if layer.bias is not None:
            add_to_collections(layer.bias, variables_collections, "biases")
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        return finish(outputs, inside, activation_fn, outputs_collections)


conv1d, conv2d, conv3d = convolution1d, convolution2d, convolution3d
conv2d_transpose, conv3d_transpose = convolution2d_transpose, convolution3d_transpose
conv2d_in_plane, separable_conv2d = convolution2d_in_plane, separable_convolution2d
