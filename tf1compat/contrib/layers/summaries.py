"""Summaries of tensors and whole collections."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf

__all__ = [
    "summarize_activation",
    "summarize_activations",
    "summarize_biases",
    "summarize_collection",
    "summarize_tensor",
    "summarize_tensors",
    "summarize_variables",
    "summarize_weights",
]

v1 = tf.compat.v1
#: Op of an activation: {tag: the share of its inputs for which this holds}.
_SHARES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "Relu": {"zeros": lambda x: x < 0},
    "Softplus": {"zeros": lambda x: x < 0},
    "Relu6": {"zeros": lambda x: x < 0, "sixes": lambda x: x > 6},
}


def summarize_tensor(tensor: Any, tag: str | None = None) -> Any:
    """A scalar summary of a scalar, a histogram of any other tensor; None for strings and bools."""
    if tensor.dtype.base_dtype in (tf.string, tf.bool):
        return None
    tag = tag or f"{tensor.op.name}_summary"
    return (v1.summary.scalar if tensor.shape.rank == 0 else v1.summary.histogram)(tag, tensor)


def summarize_activation(op: tf.Tensor) -> Any:
    """A histogram of an activation, and of a ReLU's, ReLU6's or softplus's inputs the share below 0, or above 6."""
    for tag, holds in _SHARES.get(op.op.type, {}).items():
        share = tf.reduce_mean(tf.cast(holds(op.op.inputs[0]), tf.float32))
        v1.summary.scalar(f"{op.op.name}/{tag}", share)
    return v1.summary.histogram(f"{op.op.name}/activation", op)


def summarize_tensors(tensors: Iterable[Any], summarizer: Callable[[Any], Any] = summarize_tensor) -> list[Any]:
    """The summary of each."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(
    collection: str, name_filter: str | None = None, summarizer: Callable[[Any], Any] = summarize_tensor
) -> list[Any]:
    """The summaries of a collection's tensors whose names match the regular expression `name_filter`."""
    found = v1.get_collection(collection)
    return summarize_tensors([t for t in found if name_filter is None or re.match(name_filter, t.op.name)], summarizer)


summarize_variables = functools.partial(summarize_collection, v1.GraphKeys.GLOBAL_VARIABLES)
summarize_weights = functools.partial(summarize_collection, v1.GraphKeys.WEIGHTS)
summarize_biases = functools.partial(summarize_collection, v1.GraphKeys.BIASES)


def summarize_activations(
    name_filter: str | None = None, summarizer: Callable[[Any], Any] = summarize_activation
) -> list[Any]:
    """`summarize_collection` of `tf.GraphKeys.ACTIVATIONS`."""
    return summarize_collection(v1.GraphKeys.ACTIVATIONS, name_filter, summarizer)
