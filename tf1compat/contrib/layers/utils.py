"""What the layers share: outputs in collections under a name, sizes of shapes, and numbers for each dimension.

Scripts know it as `tf.contrib.slim.utils`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat.layers.utils import constant_value as known_value

__all__ = [
    "NamedOutputs",
    "append_tensor_alias",
    "channel_dimension",
    "collect_named_outputs",
    "constant_value",
    "convert_collection_to_dict",
    "gather_tensors_aliases",
    "get_tensor_aliases",
    "get_variable_collections",
    "last_dimension",
    "n_positive_integers",
    "smart_cond",
    "static_cond",
    "two_element_tuple",
]

v1 = tf.compat.v1


class NamedOutputs(NamedTuple):
    """Outputs and what they are called."""

    name: str
    outputs: Any


# --- outputs -------------------------------------------------------------------------------------


def collect_named_outputs(collections: Any, alias: str, outputs: Any) -> Any:
    """`outputs`, put into a collection or several (into none where None) under the name `alias`."""
    if collections:
        append_tensor_alias(outputs, alias)
        v1.add_to_collections(collections, outputs)
    return outputs


def append_tensor_alias(tensor: Any, alias: str) -> Any:
    """`tensor`, with one more name; a slash at the end is no part of it."""
    tensor.aliases = [*getattr(tensor, "aliases", ()), alias.removesuffix("/")]
    return tensor


def get_tensor_aliases(tensor: Any) -> list[str]:
    """The names given to a tensor, or its own where there are none."""
    if hasattr(tensor, "aliases"):
        return tensor.aliases
    return [tensor.op.name if tensor.name.endswith(":0") else tensor.name]


def gather_tensors_aliases(tensors: Sequence[Any]) -> list[str]:
    """The names of all of them, in a row."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def convert_collection_to_dict(collection: str, clear_collection: bool = False) -> OrderedDict[str, Any]:
    """{name: tensor} of a collection, in its order; a tensor stands under each of its names."""
    found = OrderedDict(
        (alias, tensor) for tensor in v1.get_collection(collection) for alias in get_tensor_aliases(tensor)
    )
    if clear_collection:
        v1.get_default_graph().clear_collection(collection)
    return found


def get_variable_collections(variables_collections: Any, name: str) -> Any:
    """The collections for the variable `name`: those under it in a dictionary, or all."""
    if isinstance(variables_collections, Mapping):
        return variables_collections.get(name)
    return variables_collections


# --- conditions ----------------------------------------------------------------------------------


def constant_value(value_or_tensor_or_var: Any, dtype: Any = None) -> Any:
    """The value, if it is known while the graph is built, else None: what a variable holds is not known.

    Raises:
      ValueError: for None, and for a tensor of another dtype than `dtype`.
    """
    value = value_or_tensor_or_var
    if value is None:
        raise ValueError("value_or_tensor_or_var cannot be None")
    if isinstance(value, (tf.Tensor, tf.Variable)):
        if dtype is not None and value.dtype != dtype:
            raise ValueError(f"It has the wrong type {value.dtype} instead of {dtype}")
        return None if isinstance(value, tf.Variable) else known_value(value)
    return value


def static_cond(pred: Any, fn1: Callable[[], Any], fn2: Callable[[], Any]) -> Any:
    """`fn1()` if `pred`, a Python value, else `fn2()`."""
    for name, function in (("fn1", fn1), ("fn2", fn2)):
        if not callable(function):
            raise TypeError(f"{name} must be callable.")
    return fn1() if pred else fn2()


def smart_cond(pred: Any, fn1: Callable[[], Any], fn2: Callable[[], Any], name: str | None = None) -> Any:
    """`tf.cond`, but for a `pred` that is known now: then only the branch that it takes is built."""
    known = constant_value(pred)
    if known is None:
        return v1.cond(pred, fn1, fn2, name=name)
    return static_cond(known, fn1, fn2)


# --- sizes ---------------------------------------------------------------------------------------


def _dimension(shape: Any, place: int, min_rank: int) -> int:
    shape = tf.TensorShape(shape)
    if shape.rank is None:
        raise ValueError("dims of shape must be known but is None")
    if shape.rank < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {shape.rank}")
    size = shape.as_list()[place]
    if size is None:
        raise ValueError(f"dimension {place} of shape must be known but is None: {shape}")
    return size


def last_dimension(shape: Any, min_rank: int = 1) -> int:
    """The size of the last dimension; ValueError if it is not known, or the rank below `min_rank`."""
    return _dimension(shape, -1, min_rank)


def channel_dimension(shape: Any, data_format: str, min_rank: int = 1) -> int:
    """The number of channels: in "channels_first" the second dimension, else the last."""
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


def two_element_tuple(int_or_tuple: Any) -> tuple[int, int]:
    """Two integers, from one or two."""
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, (list, tuple, tf.TensorShape)):
        if len(int_or_tuple) != 2:
            raise ValueError(f"Must be a list with 2 elements: {int_or_tuple}")
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    raise ValueError(f"Must be an int, a list with 2 elements or a TensorShape of length 2, but got {int_or_tuple!r}")


def n_positive_integers(n: int, value: Any) -> tuple[int, ...]:
    """`n` integers above 0, from one or `n`."""
    if int(n) != n or n < 1:
        raise ValueError("n must be a positive integer")
    try:
        values = (int(value),) * int(n)
    except (TypeError, ValueError):
        try:
            values = tuple(int(each) for each in value)
        except (TypeError, ValueError):
            values = ()
        if len(values) != n:
            raise ValueError(f"Expected sequence of {n} positive integers, but received {value!r}") from None
    for each in values:
        if each < 1:
            raise ValueError(f"expected positive integer, but received {each}")
    return values
