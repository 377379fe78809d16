"""The names of layers that are given none: `dense_1` is the first `Dense` of a graph."""

from __future__ import annotations

import re
import weakref
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["snake_case", "unique_name"]

_BOUNDARIES = (re.compile(r"(.)([A-Z][a-z0-9]+)"), re.compile(r"([a-z])([A-Z])"))

#: For graphs that are not this package's.
_counts_of_others: weakref.WeakKeyDictionary[Any, dict[str, int]] = weakref.WeakKeyDictionary()


def snake_case(class_name: str) -> str:
    """`MaxPooling2D` is `max_pooling2d`; a private class's name begins with `private`, for scopes must not."""
    for boundary in _BOUNDARIES:
        class_name = boundary.sub(r"\1_\2", class_name)
    name = class_name.lower()
    return f"private{name}" if name.startswith("_") else name


def unique_name(base: str) -> str:
    """`base_1`, or the next number that no layer of the graph has, one of Keras's included.

    In a graph of ours the count of Keras's names is the count of these; Keras's first name is plain `base`.
    """
    graph = _tf.graph_being_built()
    if graph is None:
        counts = _counts_of_others.setdefault(tf.compat.v1.get_default_graph(), {})
    else:
        counts = graph.keras_names
    counts[base] = counts.get(base, -1) + 1
    return f"{base}_{counts[base] + 1}"
