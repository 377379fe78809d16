"""Layers without weights: dropout, and changes of shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import layers
from tf1compat.contrib.framework import add_arg_scope, model_variable

from .utils import collect_named_outputs, get_variable_collections, last_dimension
from .weighted import checked_format, renaming

__all__ = [
    "dense_to_sparse",
    "dropout",
    "flatten",
    "images_to_sequence",
    "maxout",
    "one_hot_encoding",
    "poincare_normalize",
    "repeat",
    "scale_gradient",
    "sequence_to_images",
    "softmax",
    "spatial_softmax",
    "stack",
]

v1 = tf.compat.v1


@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Any:
    """In training each element is kept with probability `keep_prob`, and divided by it, or else 0."""
    with v1.variable_scope(scope, "Dropout", [inputs], custom_getter=renaming()) as inside:
        layer = layers.Dropout(rate=1 - keep_prob, noise_shape=noise_shape, seed=seed, name=inside.name, _scope=inside)
        outputs = layer.apply(tf.convert_to_tensor(inputs), training=is_training)
        return collect_named_outputs(outputs_collections, inside.name, outputs)


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Any:
    """[batch, ...] becomes [batch, n]."""
    with v1.name_scope(scope, "Flatten", [inputs]) as inside:
        outputs = layers.flatten(tf.convert_to_tensor(inputs))
        return collect_named_outputs(outputs_collections, inside, outputs)


@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Any:
    """`tf.one_hot`: [...] of integers becomes [..., num_classes]."""
    with v1.name_scope(scope, "OneHotEncoding", [labels, num_classes]) as inside:
        labels = tf.convert_to_tensor(labels)
        if labels.dtype == tf.int32:
            labels = tf.cast(labels, tf.int64)
        outputs = tf.one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, inside, outputs)


@add_arg_scope
def dense_to_sparse(tensor: Any, eos_token: Any = 0, outputs_collections: Any = None, scope: Any = None) -> Any:
    """The SparseTensor of the elements that are not `eos_token`."""
    with v1.variable_scope(scope, "dense_to_sparse", [tensor]) as inside:
        tensor = tf.convert_to_tensor(tensor)
        indices = tf.where(tf.not_equal(tensor, tf.constant(eos_token, tensor.dtype)))
        shape = tf.shape(tensor, out_type=tf.int64)
        outputs = tf.SparseTensor(indices, tf.gather_nd(tensor, indices), shape)
        return collect_named_outputs(outputs_collections, inside.name, outputs)


@add_arg_scope
def softmax(logits: Any, scope: Any = None) -> tf.Tensor:
    """The softmax along the last dimension, whose size is known, of at least two."""
    with v1.variable_scope(scope, "softmax", [logits]):
        logits = tf.convert_to_tensor(logits)
        classes = last_dimension(logits.shape, min_rank=2)
        flat = tf.nn.softmax(tf.reshape(logits, [-1, classes]))
        outputs = tf.reshape(flat, tf.shape(logits))
        outputs.set_shape(logits.shape)
        return outputs


@add_arg_scope
def spatial_softmax(
    features: Any,
    temperature: float | None = None,
    name: str | None = None,
    variables_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
) -> tf.Tensor:
    """Where, between -1 and 1, each channel of [batch, height, width, channels] is high: [batch, 2 * channels].

    The expected place (along the height, along the width) under softmax(features / temperature). The temperature
    is a variable, which starts at what is given, or 1, and is trained if `trainable`. Levine and others,
    "End-to-End Training of Deep Visuomotor Policies", 2016.
    """
    checked_format(data_format, "NHWC", "NCHW")
    with v1.variable_scope(name, "spatial_softmax"):
        features = tf.convert_to_tensor(features)
        if data_format == "NHWC":
            features = tf.transpose(features, [0, 3, 1, 2])
        channels = features.shape[1]
        if channels is None:
            raise ValueError("The num_channels dimension of the inputs to `spatial_softmax` should be defined.")
        height, width = tf.shape(features)[2], tf.shape(features)[3]
        with v1.name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            places = tf.meshgrid(tf.linspace(-1.0, 1.0, height), tf.linspace(-1.0, 1.0, width), indexing="ij")
            heat = model_variable(
                "temperature",
                shape=(),
                dtype=tf.float32,
                initializer=v1.ones_initializer() if temperature is None else v1.constant_initializer(temperature),
                collections=get_variable_collections(variables_collections, "temperature") if trainable else None,
                trainable=trainable,
            )
            attention = tf.nn.softmax(tf.reshape(features, [-1, height * width]) / heat)
            expected = [tf.reduce_sum(tf.reshape(p, [-1]) * attention, [1], keepdims=True) for p in places]
            outputs = tf.reshape(tf.concat(expected, 1), [-1, channels * 2])
            outputs.set_shape([None, channels * 2])
            return outputs


@add_arg_scope
def maxout(inputs: Any, num_units: int, axis: int = -1, scope: Any = None) -> tf.Tensor:
    """The maximum of each of `num_units` groups along an axis, whose size they must divide.

    Goodfellow and others, "Maxout Networks", 2013.
    """
    with v1.variable_scope(scope, "MaxOut", [inputs]):
        inputs = tf.convert_to_tensor(inputs)
        sizes: list[Any] = inputs.shape.as_list()
        channels = sizes[axis]
        if channels % num_units:
            raise ValueError(f"number of features({channels}) is not a multiple of num_units({num_units})")
        sizes[axis] = num_units
        dynamic = tf.shape(inputs)
        sizes = [dynamic[place] if size is None else size for place, size in enumerate(sizes)]
        return tf.reduce_max(tf.reshape(inputs, [*sizes, channels // num_units]), -1)


@tf.custom_gradient
def scale_gradient(inputs: tf.Tensor, gradient_multiplier: Any) -> Any:
    """`inputs`, whose gradient is multiplied by `gradient_multiplier` on its way back."""
    return tf.identity(inputs), lambda gradient: (gradient * gradient_multiplier, None)


def poincare_normalize(x: Any, axis: Any = 1, epsilon: float = 1e-5, name: str | None = None) -> tf.Tensor:
    """x, brought to the norm 1 - epsilon along an axis where its norm is above that.

    Nickel, Kiela, "Poincare Embeddings for Learning Hierarchical Representations", 2017.
    """
    with v1.name_scope(name, "poincare_normalize", [x]) as inside:
        x = tf.convert_to_tensor(x, name="x")
        inverse = tf.math.rsqrt(tf.reduce_sum(tf.square(x), axis, keepdims=True))
        return tf.multiply(x, tf.minimum((1.0 - epsilon) * inverse, 1.0), name=inside)


# --- images and sequences ------------------------------------------------------------------------


@add_arg_scope
def images_to_sequence(
    inputs: Any, data_format: str = "NHWC", outputs_collections: Any = None, scope: str | None = None
) -> Any:
    """[batch, height, width, channels] becomes [width, batch * height, channels]."""
    layout = checked_format(data_format, "NHWC", "NCHW")
    with v1.name_scope(scope, "ImagesToSequence", [inputs]) as inside:
        inputs = tf.convert_to_tensor(inputs)
        if layout == "channels_first":
            inputs = tf.transpose(inputs, [0, 2, 3, 1])
        _, _, width, depth = inputs.shape.as_list()
        batch, height = tf.shape(inputs)[0], tf.shape(inputs)[1]
        outputs = tf.reshape(tf.transpose(inputs, [2, 0, 1, 3]), [width, batch * height, depth])
        return collect_named_outputs(outputs_collections, inside, outputs)


@add_arg_scope
def sequence_to_images(
    inputs: Any,
    height: int,
    output_data_format: str = "channels_last",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Any:
    """[width, batch * height, channels] becomes [batch, height, width, channels]: `images_to_sequence` undone."""
    with v1.name_scope(scope, "SequenceToImages", [inputs]) as inside:
        inputs = tf.convert_to_tensor(inputs)
        width, rows, depth = inputs.shape.as_list()
        batch = -1 if rows is None else rows // height
        order = [1, 3, 2, 0] if output_data_format == "channels_first" else [1, 2, 0, 3]
        outputs = tf.transpose(tf.reshape(inputs, [width, batch, height, depth]), order)
        return collect_named_outputs(outputs_collections, inside, outputs)


# --- layers in a row -----------------------------------------------------------------------------


def _name_of(layer: Any, default: str) -> str:
    """The name of a function, or of the one that a partial is of."""
    return getattr(layer, "__name__", "") or getattr(getattr(layer, "func", None), "__name__", default)


def repeat(inputs: Any, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`layer(outputs, *args, **kwargs)`, that many times, in the scopes `<scope>/<name>_1`, `<scope>/<name>_2`…

    scope: where there is none, the scope is `Repeat`, and the name the function's; else the scope's is both.
    """
    scope = kwargs.pop("scope", None)
    with v1.variable_scope(scope, "Repeat", [inputs]):
        outputs = tf.convert_to_tensor(inputs)
        name = scope or _name_of(layer, "repeat")
        for number in range(repetitions):
            outputs = layer(outputs, *args, **{**kwargs, "scope": f"{name}_{number + 1}"})
        return outputs


def stack(inputs: Any, layer: Callable[..., Any], stack_args: Sequence[Any], **kwargs: Any) -> Any:
    """`layer(outputs, *arguments, **kwargs)` for the arguments, or the one, of each item of `stack_args`.

    Scopes as of `repeat`, with `Stack` for the first.
    """
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError("stack_args need to be a list or tuple")
    with v1.variable_scope(scope, "Stack", [inputs]):
        outputs = tf.convert_to_tensor(inputs)
        name = scope or _name_of(layer, "stack")
        for number, arguments in enumerate(stack_args):
            positional = arguments if isinstance(arguments, (list, tuple)) else [arguments]
            outputs = layer(outputs, *positional, **{**kwargs, "scope": f"{name}_{number + 1}"})
        return outputs
