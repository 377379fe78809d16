"""Normalizations of each example by itself: layer, instance, group and unit norm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.contrib.framework import add_arg_scope, model_variable

from .utils import get_variable_collections
from .weighted import checked_format, finish

__all__ = ["group_norm", "instance_norm", "layer_norm", "unit_norm"]

v1 = tf.compat.v1
_INITIALIZERS = {"beta": v1.zeros_initializer(), "gamma": v1.ones_initializer()}


def _parameters(
    center: bool,
    scale: bool,
    shape: Any,
    dtype: tf.DType,
    initializers: Mapping[str, Any] | None,
    collections: Any,
    trainable: bool,
    broadcast: Sequence[int] | None = None,
) -> tuple[Any, Any]:
    """`beta` and `gamma`, None where there is none; reshaped to `broadcast` if that is given."""

    def parameter(name: str) -> Any:
        variable = model_variable(
            name,
            shape=shape,
            dtype=dtype,
            initializer=(initializers or {}).get(name, _INITIALIZERS[name]),
            collections=get_variable_collections(collections, name),
            trainable=trainable,
        )
        return variable if broadcast is None else tf.reshape(variable, broadcast)

    return parameter("beta") if center else None, parameter("gamma") if scale else None


def _ranked(inputs: Any) -> tf.Tensor:
    inputs = tf.convert_to_tensor(inputs)
    if inputs.shape.rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    return inputs


@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + 1e-12) + beta, the moments being those of each example.

    Args:
      begin_norm_axis: the moments are taken over this axis and those after it.
      begin_params_axis: `gamma` and `beta` have the sizes of this axis and those after it.

    For float16, 1e-3 stands in the place of 1e-12. Ba, Kiros, Hinton, "Layer Normalization", 2016.

    Raises:
      ValueError: for an axis that the inputs have not, or parameters whose shape is not known.
    """
    with v1.variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as inside:
        inputs = _ranked(inputs)
        rank = inputs.shape.rank
        first = begin_norm_axis + rank if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= rank or first >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({first}) must be < rank(inputs) ({rank})"
            )
        shape = inputs.shape[begin_params_axis:]
        if not shape.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: {inputs.shape}"
            )
        dtype = inputs.dtype.base_dtype
        beta, gamma = _parameters(center, scale, shape, dtype, None, variables_collections, trainable)
        mean, variance = v1.nn.moments(inputs, list(range(first, rank)), keep_dims=True)
        epsilon = 1e-3 if dtype == tf.float16 else 1e-12
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        return finish(outputs, inside, activation_fn, outputs_collections)


@add_arg_scope
def instance_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Any = None,
    param_initializers: Mapping[str, Any] | None = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, with the moments of each channel of each example.

    Ulyanov, Vedaldi, Lempitsky, "Instance Normalization", 2016.
    """
    layout = checked_format(data_format, "NHWC", "NCHW")
    inputs = _ranked(inputs)
    with v1.variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as inside:
        rank = inputs.shape.rank
        channel_axis = 1 if layout == "channels_first" else rank - 1
        channels = inputs.shape[channel_axis]
        if channels is None:
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension.")
        broadcast = None if channel_axis == rank - 1 else [1, channels] + [1] * (rank - 2)
        dtype = inputs.dtype.base_dtype
        beta, gamma = _parameters(
            center, scale, [channels], dtype, param_initializers, variables_collections, trainable, broadcast
        )
        axes = [axis for axis in range(1, rank) if axis != channel_axis]
        mean, variance = v1.nn.moments(inputs, axes, keep_dims=True)
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon, name="instancenorm")
        return finish(outputs, inside, activation_fn, outputs_collections)


@add_arg_scope
def group_norm(
    inputs: Any,
    groups: int = 32,
    channels_axis: int = -1,
    reduction_axes: Sequence[int] = (-3, -2),
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Any = None,
    param_initializers: Mapping[str, Any] | None = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
    mean_close_to_zero: bool = False,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, the moments being those of a group of channels.

    Args:
      groups: how many groups; a divisor of the number of channels.
      channels_axis: the channels' axis.
      reduction_axes: the axes over which the moments are taken, besides a group's channels.
      mean_close_to_zero: computes the variance as mean(inputs ** 2) - mean(inputs) ** 2.

    Wu, He, "Group Normalization", 2018.

    Raises:
      ValueError: for axes that the inputs have not, whose size is not known, or groups that do not fit.
    """
    inputs = _ranked(inputs)
    rank = inputs.shape.rank
    if channels_axis >= rank or any(axis >= rank for axis in reduction_axes):
        raise ValueError(f"Axis is out of bounds: the inputs have rank {rank}.")
    channel_axis = channels_axis % rank
    axes = [axis % rank for axis in reduction_axes]
    sizes = inputs.shape.as_list()
    channels = sizes[channel_axis]
    if channels is None:
        raise ValueError(f"Inputs {inputs.name} has undefined channel dimension: {channel_axis}.")
    for axis in axes:
        if sizes[axis] is None:
            raise ValueError(f"Inputs {inputs.name} has undefined dimensions {axis}.")
        if axis == channel_axis:
            raise ValueError("reduction_axis must be mutually exclusive with channels_axis")
    if groups > channels:
        raise ValueError(f"Invalid groups {groups} for {channels} channels.")
    if channels % groups:
        raise ValueError(f"{channels} channels is not commensurate with {groups} groups.")
    dynamic = tf.shape(inputs)
    whole = [dynamic[axis] if size is None else size for axis, size in enumerate(sizes)]
    split = [groups, channels // groups]
    grouped = tf.reshape(inputs, [*whole[:channel_axis], *split, *whole[channel_axis + 1 :]])
    broadcast = [1] * channel_axis + split + [1] * (rank - 1 - channel_axis)
    moment_axes = [channel_axis + 1, *(axis + (axis > channel_axis) for axis in axes)]
    with v1.variable_scope(scope, "GroupNorm", [grouped], reuse=reuse) as inside:
        dtype = inputs.dtype.base_dtype
        beta, gamma = _parameters(
            center, scale, [channels], dtype, param_initializers, variables_collections, trainable, broadcast
        )
        if mean_close_to_zero:
            count, total, squares, _ = v1.nn.sufficient_statistics(grouped, moment_axes, keep_dims=True)
            mean, variance = v1.nn.normalize_moments(count, total, squares, shift=None)
        else:
            mean, variance = v1.nn.moments(grouped, moment_axes, keep_dims=True)
        gain = tf.math.rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain, offset = gain * gamma, offset * gamma
        if beta is not None:
            offset += beta
        outputs = tf.reshape(grouped * gain + offset, whole)
        return finish(outputs, inside, activation_fn, outputs_collections)


@add_arg_scope
def unit_norm(inputs: Any, dim: int, epsilon: float = 1e-7, scope: Any = None) -> tf.Tensor:
    """inputs / sqrt(epsilon + sum(inputs ** 2 along `dim`)).

    Raises:
      ValueError: for a `dim` below 0 or above the inputs' last.
    """
    with v1.variable_scope(scope, "UnitNorm", [inputs]):
        inputs = tf.convert_to_tensor(inputs)
        if inputs.shape.rank is None:
            raise ValueError("The input rank must be known.")
        if not 0 <= dim < inputs.shape.rank:
            raise ValueError(
                f"dim must be positive but smaller than the input rank, {inputs.shape.rank}, but is {dim}."
            )
        return inputs / tf.sqrt(epsilon + tf.reduce_sum(tf.square(inputs), dim, True))
