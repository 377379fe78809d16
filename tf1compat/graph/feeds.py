"""What `Session.run` is given: values for tensors of the graph, checked as TF1 checked them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from .. import _tensorflow as _tf
from . import fetches, variables

__all__ = ["Feeds", "converter", "resolve"]


class Feeds(NamedTuple):
    """What a feed dictionary's keys mean.

    tensors: the tensors that are fed, in order; keys: for each, the key it came from.
    expand: makes the list of values for `tensors` from the list of the dictionary's values; None where
      they are the same.
    """

    tensors: list[tf.Tensor]
    keys: list[Any]
    expand: Callable[[list[Any]], list[Any]] | None


def resolve(graph: Any, feed_dict: Mapping[Any, Any]) -> Feeds:
    """Find the tensors that a feed dictionary's keys mean in a graph.

    A key may be a tensor, a variable, a name, a sparse value, or a tuple of keys.

    Raises:
      TypeError: for a key that is no tensor of this graph.
      ValueError: for a tensor that may not be fed, or one that two keys mean.
    """
    tensors: list[tf.Tensor] = []
    keys: list[Any] = []
    splits: list[Callable[[Any], list[Any]]] = []
    for key in feed_dict:
        parts, split = _split(graph, key)
        tensors.extend(parts)
        keys.extend([key] * len(parts))
        splits.append(split)
    for at, tensor in enumerate(tensors):
        if any(tensor is other for other in tensors[:at]):
            raise ValueError(f"Tensor {tensor.name} is fed twice, by {keys[at]!r} and another key.")
    if all(split is _whole for split in splits):
        return Feeds(tensors, keys, None)
    return Feeds(tensors, keys, lambda values: [v for s, value in zip(splits, values, strict=True) for v in s(value)])


def _whole(value: Any) -> list[Any]:
    return [value]


def _split(graph: Any, key: Any) -> tuple[list[tf.Tensor], Callable[[Any], list[Any]]]:
    if isinstance(key, tuple) and not isinstance(key, (tf.compat.v1.SparseTensorValue,)):
        inner = [_split(graph, part) for part in key]

        def parts(value: Any) -> list[Any]:
            values = list(value)
            if len(values) != len(inner):
                raise ValueError(f"The feed for the {len(inner)} tensors {key!r} has {len(values)} values.")
            return [v for (_, split), one in zip(inner, values, strict=True) for v in split(one)]

        return [tensor for tensors, _ in inner for tensor in tensors], parts
    return key_tensors(graph, key), expand(graph, key) or _whole


def key_tensors(graph: Any, key: Any) -> list[tf.Tensor]:
    """The tensors that a feed key stands for; a sparse tensor has three."""
    for known, function in fetches.partial_feed_conversions:
        if isinstance(key, known):
            return [_tensor(graph, part) for part in function(key)]
    if isinstance(key, tf.SparseTensor):
        return [key.indices, key.values, key.dense_shape]
    if isinstance(key, tf.IndexedSlices):
        parts = [key.values, key.indices]
        return parts if key.dense_shape is None else [*parts, key.dense_shape]
    told = _tf.session_conversion(key)
    if told is not None:
        return [_tensor(graph, part) for part in told[2](key)]
    return [_tensor(graph, key)]


def expand(graph: Any, key: Any) -> Callable[[Any], list[Any]] | None:
    """How the value fed for a key splits into one value per key tensor; None where it is that value."""
    for known, function in fetches.feed_conversions:
        if isinstance(key, known):
            return lambda value: [part for _, part in function(key, value)]
    if isinstance(key, (tf.SparseTensor, tf.IndexedSlices)):
        count = len(key_tensors(graph, key))
        sparse = isinstance(key, tf.SparseTensor)

        def parts(value: Any) -> list[Any]:
            if sparse and not isinstance(value, tuple) and hasattr(value, "dense_shape"):
                value = (value.indices, value.values, value.dense_shape)
            elif isinstance(value, tf.IndexedSlices):
                value = (value.values, value.indices, value.dense_shape)
            try:
                pieces = list(value)[:count]
            except TypeError:
                pieces = []
            if len(pieces) != count:
                kind = "SparseTensorValue" if sparse else "IndexedSlicesValue"
                raise TypeError(f"The value fed for {key!r} must be a tf.{kind} or a tuple; got {value!r}.")
            return pieces

        return parts
    told = _tf.session_conversion(key)
    if told is not None:
        return lambda value: [part for _, part in told[1](key, value)]
    return None


def _tensor(graph: Any, key: Any) -> tf.Tensor:
    try:
        element = fetches.element_of(graph, key, allow_operation=False)
    except (TypeError, ValueError, KeyError) as error:
        text = str(error.args[0]) if error.args else str(error)
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {text}") from None
    if not graph.is_feedable(element):
        raise ValueError(f"Tensor {element} may not be fed.")
    return element


def converter(tensor: tf.Tensor, key: Any, copies: bool, stacked: bool = False) -> Callable[[Any], Any]:
    """A function that makes what the runtime takes from a value fed for `tensor`.

    `copies`: whether the run may keep the memory that it is given (put it in a queue or a variable),
    so that the array must not be the caller's, who may write to it later.
    `stacked`: whether the value has one entry on its first axis for each of many steps.

    The function raises, as TF1 did:
      TypeError: for a graph tensor, or a Python int that the dtype cannot hold.
      ValueError: for a shape that does not fit.
    """
    dtype = tensor.dtype.base_dtype
    shape = tf.TensorShape([None]).concatenate(tensor.shape) if stacked else tensor.shape
    name, static = _spoken_name(tensor), tuple(shape.as_list()) if shape.rank is not None else None
    fully = static is not None and None not in static
    make = _tf.EagerTensor
    number = dtype.as_datatype_enum
    cpu = _tf.CPU
    as_numpy = None if dtype in (tf.resource, tf.variant) else dtype.as_numpy_dtype

    def fits(given: tuple[int, ...]) -> bool:
        if static is None or given == static:
            return True
        if fully or len(given) != len(static):
            return False
        return all(want is None or want == got for want, got in zip(static, given, strict=True))

    def refuse(given: tuple[int, ...]) -> None:
        raise ValueError(f"Cannot feed value of shape {given!r} for Tensor {name!r}, which has shape '{shape}'")

    def from_eager(value: Any) -> Any:
        if value.dtype != dtype:
            if as_numpy is None:
                raise TypeError(f"Cannot feed a {value.dtype.name} tensor for Tensor {name!r} of {dtype.name}.")
            return convert(value.numpy())
        given = tuple(value.shape.as_list())
        if not fits(given):
            refuse(given)
        return value

    def convert(value: Any) -> Any:
        if isinstance(value, _tf.EagerTensor):
            return from_eager(value)
        if not isinstance(value, np.ndarray):
            if isinstance(value, tf.Tensor) or variables.is_variable(value):
                if variables.is_variable(value) and isinstance(value.handle, _tf.EagerTensor):
                    with _tf.eager_mode():
                        return from_eager(value.read_value())
                raise TypeError(
                    "The value of a feed cannot be a tf.Tensor object of a graph. Acceptable feed values "
                    "include Python scalars, strings, lists, numpy ndarrays and eager tensors. For "
                    f"reference, the tensor object was {value!r} which was passed to the feed with key {key!r}."
                )
            value = _to_numpy(value, as_numpy, dtype, name)
        elif value.dtype != as_numpy:
            value = _to_numpy(value, as_numpy, dtype, name)
        elif copies:
            value = value.copy()
        given = value.shape
        if given != static and not fits(given):
            refuse(given)
        return make(value, cpu, number)

    return convert


def _spoken_name(tensor: tf.Tensor) -> str:
    """What the user calls a tensor: a variable's value has the variable's name."""
    if tensor.op.type == "ReadVariableOp" and not tensor.op.control_inputs:
        return f"{tensor.op.inputs[0].op.name}:0"
    return tensor.name


def _to_numpy(value: Any, as_numpy: Any, dtype: tf.DType, name: str) -> np.ndarray:
    if as_numpy is None:
        raise TypeError(f"Tensor {name!r} holds a {dtype.name}: it can be fed only with an eager tensor.")
    if isinstance(value, int) and not _holds(as_numpy, value):
        raise TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible with Tensor type "
            f"{as_numpy}. Try explicitly setting the type of the feed tensor to a larger type (e.g. int64)."
        )
    try:
        if dtype == tf.string:
            return _strings(value)
        return np.asarray(value, dtype=as_numpy)
    except (ValueError, TypeError, OverflowError) as error:
        raise type(error)(f"Cannot feed the value given for Tensor {name!r} of {dtype.name}: {error}") from None


def _strings(value: Any) -> np.ndarray:
    """An array of strings; numpy's own string arrays would drop zero bytes at the end of a Python string."""
    array = value if isinstance(value, np.ndarray) else np.asarray(value, dtype=object)
    if array.dtype.kind == "O":
        for part in array.flat:
            if not isinstance(part, (str, bytes)):
                raise TypeError(f"{part!r} is no string")
    elif array.dtype.kind not in "SU":
        raise TypeError(f"numbers of type {array.dtype} are no strings")
    return array


def _holds(as_numpy: Any, value: int) -> bool:
    """Whether a dtype can hold a Python int without changing it; TF1 checked ints alone."""
    try:
        return as_numpy is np.object_ or bool(np.asarray(value, dtype=as_numpy).item() == value)
    except OverflowError:
        return False
