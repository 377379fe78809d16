"""States of recurrent cells: their sizes, the zeros they begin with, and the pair an LSTM carries.

A size is an int, a TensorShape or a tensor that holds one, or a nest of those; the state that belongs to it has
the batch in front of every leaf.
"""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["LSTMStateTuple", "batched_shape", "map_up_to", "zeros"]


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """What an LSTM carries from step to step: the memory `c` and the output `h`, in that order."""

    __slots__ = ()

    @property
    def dtype(self) -> Any:
        """The dtype of both; TypeError where they differ."""
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: c is {self.c.dtype}, h is {self.h.dtype}")
        return self.c.dtype


def _dimensions(size: Any, what: str) -> tuple[tf.TensorShape, Any]:
    """What is known of a size, and the vector of its dimensions (None while it is not known)."""
    if tf.is_tensor(size):
        if size.shape.rank == 0:
            size = tf.expand_dims(size, 0)
        elif size.shape.rank != 1:
            raise ValueError(f"{what} tensor must be either a scalar or vector, but saw tensor: {size}")
        known = tf.get_static_value(size, partial=True)
        known = [None] * (size.shape[0] or 0) if known is None else [None if d is None else int(d) for d in known]
        return tf.TensorShape(known), tf.cast(size, tf.int32)
    shape = tf.TensorShape(size if isinstance(size, (tf.TensorShape, list, tuple)) or size is None else [int(size)])
    return shape, tf.constant(shape.as_list(), tf.int32) if shape.is_fully_defined() else None


def batched_shape(batch_size: Any, size: Any) -> tuple[tf.TensorShape, Any]:
    """The shape of one leaf of a state, as far as it is known and as what `tf.zeros` takes."""
    first, first_tensor = _dimensions(batch_size, "prefix")
    rest, rest_tensor = _dimensions(size, "suffix")
    if first_tensor is None or rest_tensor is None:
        raise ValueError(f"Provided a prefix or suffix of None: {batch_size} and {size}")
    known = first.concatenate(rest)
    return known, known.as_list() if known.is_fully_defined() else tf.concat((first_tensor, rest_tensor), 0)


def zeros(state_size: Any, batch_size: Any, dtype: Any) -> Any:
    """Zeros of `dtype` for every leaf of `state_size`, each of shape [batch_size, *leaf]."""

    def leaf(size: Any) -> tf.Tensor:
        known, shape = batched_shape(batch_size, size)
        value = tf.zeros(shape, dtype)
        value.set_shape(known)
        return value

    return tf.nest.map_structure(leaf, state_size)


def branches(tree: Any) -> list[Any]:
    """The nests or leaves one level below a nest, in the order `tf.nest.flatten` has them."""
    return [tree[key] for key in sorted(tree)] if isinstance(tree, dict) else list(tree)


def like(tree: Any, values: list[Any]) -> Any:
    """A nest of the kind of `tree` with other branches."""
    if isinstance(tree, dict):
        return type(tree)(zip(sorted(tree), values, strict=True))
    return type(tree)(*values) if hasattr(tree, "_fields") else type(tree)(values)


def map_up_to(shallow: Any, function: Callable[..., Any], *trees: Any) -> Any:
    """`function(leaf of shallow, branch of each tree …)`, nested as `shallow` is; a branch may be a nest itself."""
    if not tf.nest.is_nested(shallow):
        return function(shallow, *trees)
    rows = [branches(tree) for tree in (shallow, *trees)]
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"The two structures don't have the same number of elements: {shallow} and {trees}")
    return like(shallow, [map_up_to(row[0], function, *row[1:]) for row in zip(*rows, strict=True)])
