"""What the arguments of a step are: inputs of its trace, or Python values that the trace goes by.

Inputs are numpy arrays and scalars, eager tensors (dense, sparse, ragged), Python numbers, lists of numbers or strings,
and whatever else numpy makes an array of; the leading dimension is free. Tuples, dictionaries and lists
of those are nests of inputs. All else (bool, str, None, functions, other objects) is a Python value: the step sees
it as it is, and each other value is another trace.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from ... import _tensorflow as _tf
from .identity import value_key

__all__ = ["call_key", "spec_of"]


def _is_int32(number: Any) -> bool:
    return bool(-(2**31) <= number < 2**31)


_SparseValue = tf.compat.v1.SparseTensorValue
_RaggedValue = tf.compat.v1.ragged.RaggedTensorValue


def call_key(nest: Any, values: list[Any]) -> Hashable:
    """A key that is equal for arguments of one signature; the inputs among them are appended to `values`.

    Values come as given, what is to become an array as one, and sparse and ragged ones as eager tensors.
    """
    find = _KEYS.get(type(nest))
    if find is None:
        find = _KEYS[type(nest)] = _kind_of(type(nest))
    return find(nest, values)


def _of_array(array: Any, values: list[Any]) -> Hashable:
    values.append(array)
    shape = array.shape
    return array.dtype, len(shape), shape[1:]


def _of_eager(tensor: Any, values: list[Any]) -> Hashable:
    values.append(tensor)
    shape = _tf.shape_of_eager(tensor)
    return tensor.dtype, len(shape), shape[1:], "eager"


def _of_composite(value: Any, values: list[Any]) -> Hashable:
    value = _composite(value)
    values.append(value)
    return spec_of(value)


def _of_int(number: int, values: list[Any]) -> Hashable:
    values.append(number)
    return int if _is_int32(number) else "int64"


def _of_number(number: Any, values: list[Any]) -> Hashable:
    values.append(number)
    return (type(number),)


def _of_list(nest: Any, values: list[Any]) -> Hashable:
    if _is_array(nest):
        return ("list", _of_array(_array(nest), values))
    return (type(nest), *[call_key(part, values) for part in nest])


def _of_tuple(nest: Any, values: list[Any]) -> Hashable:
    return (type(nest), *[call_key(part, values) for part in nest])


def _of_mapping(nest: Any, values: list[Any]) -> Hashable:
    return (type(nest), *[(key, call_key(nest[key], values)) for key in sorted(nest)])


def _of_array_like(value: Any, values: list[Any]) -> Hashable:
    return "like", _of_array(np.asarray(value), values)


def _of_value(value: Any, values: list[Any]) -> Hashable:
    return value_key(value)


def _kind_of(kind: type) -> Callable[[Any, list[Any]], Hashable]:
    """How arguments of a type are taken."""
    for types, function in (
        (_tf.EagerTensor, _of_eager),
        ((tf.Tensor, tf.Operation), _of_value),
        ((_SparseValue, _RaggedValue, tf.SparseTensor, tf.RaggedTensor, tf.IndexedSlices), _of_composite),
        ((np.ndarray, np.generic), _of_array),
        (bool, _of_value),
        (int, _of_int),
        ((float, complex), _of_number),
        (list, _of_list),
        (tuple, _of_tuple),
        (Mapping, _of_mapping),
        ((str, bytes, type(None)), _of_value),
    ):
        if issubclass(kind, types):  # type: ignore[arg-type]
            return function
    if issubclass(kind, _tf.BaseResourceVariable) or hasattr(kind, "assign"):  # a variable, of Keras too
        return _of_value
    return _of_array_like if hasattr(kind, "__array__") else _of_value


_KEYS: dict[type, Callable[[Any, list[Any]], Hashable]] = {}


def _is_array(nest: list[Any]) -> bool:
    """Whether a list is numbers, or strings, through and through: then it is an array."""
    return bool(nest) and all(
        _is_array(part) if isinstance(part, list) else isinstance(part, (int, float, complex, str, bytes, np.generic))
        for part in nest
    )


def _array(nest: list[Any]) -> np.ndarray:
    """A list as TensorFlow takes one: float32, int32 where the numbers fit."""
    array = np.asarray(nest)
    if array.dtype.kind in "US":
        return np.asarray(nest, dtype=object)
    if any(isinstance(part, np.generic) for part in np.asarray(nest, dtype=object).flat):
        return array
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64 and _is_int32(array.min()) and _is_int32(array.max()):
        return array.astype(np.int32)
    return array


def _composite(value: Any) -> Any:
    """A sparse or ragged value as eager tensors."""
    if isinstance(value, tf.IndexedSlices):
        raise NotImplementedError(
            "An IndexedSlices is no argument for a step: pass its values and indices, and make it in the step."
        )
    with _tf.eager_mode():
        if isinstance(value, _SparseValue):
            return tf.SparseTensor(*value)
        if isinstance(value, _RaggedValue):
            splits: list[Any] = []
            while isinstance(value, _RaggedValue):
                splits.append(value.row_splits)
                value = value.values
            return tf.RaggedTensor.from_nested_row_splits(value, splits)
    return value


def spec_of(nest: Any) -> Any:
    """The same nest with a spec for each input, its leading dimension free.

    Raises:
      TypeError: for an argument that can be neither input nor Python value.
    """
    values: list[Any] = []
    find = _kind_of(type(nest))
    if find is _of_value:
        if isinstance(nest, (tf.data.Dataset, tf.data.Iterator)):
            raise TypeError(
                f"A {type(nest).__name__} is no argument for a step: pass one of its elements "
                "(`for element in dataset`, inside `tf1compat.eager()`), or run the step over all of them "
                "with `sess.run_steps`."
            )
        return nest
    if find is _of_mapping:
        items = {key: spec_of(nest[key]) for key in nest}  # what a step is given is a dict, of whatever kind it was
        return collections.OrderedDict(items) if isinstance(nest, collections.OrderedDict) else items
    if find is _of_tuple or (find is _of_list and not _is_array(nest)):
        parts = [spec_of(part) for part in nest]
        return type(nest)(*parts) if hasattr(nest, "_fields") else type(nest)(parts)
    if find is _of_composite:
        return _relaxed(_composite(nest))
    find(nest, values)
    (value,) = values
    if isinstance(value, (int, float, complex)) and not isinstance(value, np.generic):
        return tf.TensorSpec([], _dtype_of_number(value))
    texts = isinstance(value.dtype, np.dtype) and value.dtype.kind in "OUS"
    dtype = tf.string if texts else tf.as_dtype(value.dtype)
    shape = tuple(value.shape)
    return tf.TensorSpec((None, *shape[1:]) if shape else (), dtype)


def _dtype_of_number(value: Any) -> tf.DType:
    if isinstance(value, int):
        return tf.int32 if _is_int32(value) else tf.int64
    return tf.float32 if isinstance(value, float) else tf.complex128


def _relaxed(value: Any) -> Any:
    shape = value.shape.as_list() if value.shape.rank is not None else None
    shape = shape and [None, *shape[1:]]
    if isinstance(value, tf.SparseTensor):
        return tf.SparseTensorSpec(shape, value.dtype)
    return tf.RaggedTensorSpec(shape, value.dtype, value.ragged_rank, value.row_splits.dtype)
