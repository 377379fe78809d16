"""Fully connected layers."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf1compat import layers
from tf1compat.contrib.framework import add_arg_scope, model_variable

from .initializers import xavier_initializer
from .utils import get_variable_collections
from .weighted import checked_format, finish, weighted

__all__ = [
    "bias_add",
    "elu",
    "fully_connected",
    "legacy_fully_connected",
    "legacy_linear",
    "legacy_relu",
    "linear",
    "relu",
    "relu6",
]

v1 = tf.compat.v1


@weighted("fully_connected")
def fully_connected(inputs: Any, num_outputs: int) -> Any:
    """activation_fn(normalizer_fn(inputs @ weights + biases)): [..., n] becomes [..., num_outputs].

    The arguments after `num_outputs` are those of all layers with weights, see `weighted`.

    Raises:
      ValueError: if `num_outputs` is not an integer, or the last dimension of the inputs not known.
    """
    if isinstance(num_outputs, bool) or not isinstance(num_outputs, int):
        # `conv.shape[1].value` and such are integers, too.
        try:
            num_outputs = num_outputs.__index__()
        except AttributeError:
            raise ValueError(f"num_outputs type should be int, got {type(num_outputs)}.") from None
    return layers.Dense, {"units": num_outputs}


elu = functools.partial(fully_connected, activation_fn=tf.nn.elu)
relu = functools.partial(fully_connected, activation_fn=tf.nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=tf.nn.relu6)
linear = functools.partial(fully_connected, activation_fn=None)


@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Any = None,
    initializer: Any = v1.zeros_initializer(),  # noqa: B008 - a constant
    regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Any:
    """activation_fn(inputs + biases), a bias for each channel; "NCHW" takes inputs of rank 4 only."""
    checked_format(data_format, "NHWC", "NCHW")
    with v1.variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as inside:
        inputs = tf.convert_to_tensor(inputs)
        if inputs.shape.rank is None:
            raise ValueError("Dims of shape must be known but is None")
        if inputs.shape.rank != 4 and data_format == "NCHW":
            raise ValueError("Data format NCHW only supports 4D Tensor")
        channels = inputs.shape.as_list()[1 if data_format == "NCHW" else -1]
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = model_variable(
            "biases",
            shape=[channels],
            dtype=inputs.dtype.base_dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=get_variable_collections(variables_collections, "biases"),
            trainable=trainable,
        )
        return finish(
            v1.nn.bias_add(inputs, biases, data_format=data_format), inside, activation_fn, outputs_collections
        )


# --- before there was fully_connected ------------------------------------------------------------


def legacy_fully_connected(
    x: Any,
    num_output_units: int,
    activation_fn: Any = None,
    weight_init: Any = xavier_initializer(),  # noqa: B008 - a constant
    bias_init: Any = v1.zeros_initializer(),  # noqa: B008 - a constant
    name: str | None = None,
    weight_collections: Sequence[str] | None = (v1.GraphKeys.WEIGHTS,),
    bias_collections: Sequence[str] | None = (v1.GraphKeys.BIASES,),
    output_collections: Sequence[str] | None = (v1.GraphKeys.ACTIVATIONS,),
    trainable: bool = True,
    weight_regularizer: Any = None,
    bias_regularizer: Any = None,
) -> Any:
    """activation_fn(x @ weights + bias): [..., n] becomes [..., num_output_units]. None for `bias_init`: no bias."""
    with v1.variable_scope(name, "fully_connected", [x]):
        x = tf.convert_to_tensor(x)
        if x.shape.rank is None:
            raise ValueError("dims of x must be known but is None")
        if x.shape.rank < 2:
            raise ValueError(f"rank of x must be at least 2 not: {x.shape.rank}")
        sizes = x.shape.as_list()
        if sizes[-1] is None:
            raise ValueError("last dimension of x must be known but is None")

        def variable(name: str, shape: list[int], initializer: Any, regularizer: Any, collections: Any) -> Any:
            return v1.get_variable(
                name,
                shape=shape,
                dtype=x.dtype.base_dtype,
                initializer=initializer,
                regularizer=regularizer,
                collections=list(dict.fromkeys([*(collections or ()), v1.GraphKeys.GLOBAL_VARIABLES])),
                trainable=trainable,
            )

        shape = [sizes[-1], num_output_units]
        weights = variable("weights", shape, weight_init, weight_regularizer, weight_collections)
        y = tf.matmul(x if len(sizes) == 2 else tf.reshape(x, [-1, sizes[-1]]), weights)
        if bias_init is not None:
            y = tf.nn.bias_add(y, variable("bias", [num_output_units], bias_init, bias_regularizer, bias_collections))
        if len(sizes) > 2:
            y = tf.reshape(y, tf.concat([tf.shape(x)[:-1], [num_output_units]], 0))
            y.set_shape([*sizes[:-1], num_output_units])
        if activation_fn is not None:
            y = activation_fn(y)
        v1.add_to_collections([*(output_collections or ()), v1.GraphKeys.ACTIVATIONS], y)
        return y


legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
legacy_relu = functools.partial(legacy_fully_connected, activation_fn=tf.nn.relu)
