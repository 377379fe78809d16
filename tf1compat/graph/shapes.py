"""Static shapes as TF1 showed them: `x.shape[1].value`, `x.get_shape()[0].value is None`, `(?, 3)`."""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["KnownDimension", "TensorShape", "tf1_shape"]

# TensorFlow's and Keras's own code was written for TF2's shapes, which hold ints and None.
_LIBRARIES = ("tensorflow", "keras", "tensorflow_probability", "tf1compat")


class KnownDimension(int):
    """A known dimension: an int, so that it works wherever TF2 wants one, with TF1's `.value`."""

    @property
    def value(self) -> int:
        return int(self)

    def __repr__(self) -> str:
        return f"Dimension({int(self)})"

    def __str__(self) -> str:
        return str(int(self))

    def is_compatible_with(self, other: Any) -> bool:
        return tf.compat.v1.Dimension(int(self)).is_compatible_with(other)

    def assert_is_compatible_with(self, other: Any) -> None:
        tf.compat.v1.Dimension(int(self)).assert_is_compatible_with(other)

    def merge_with(self, other: Any) -> Any:
        return _dimension(tf.compat.v1.Dimension(int(self)).merge_with(other).value)


def _arithmetic(name: str) -> Any:
    plain = getattr(int, name)
    compute = getattr(operator, name.replace("__r", "__") if name.startswith("__r") else name)
    reflected = name.startswith("__r")

    def method(self: KnownDimension, other: Any) -> Any:
        if isinstance(other, tf.compat.v1.Dimension):  # unknown, or a Dimension the script made
            pair = (other, int(self)) if reflected else (tf.compat.v1.Dimension(int(self)), other)
            return _dimension(compute(*pair).value)
        result = plain(self, other)
        return KnownDimension(result) if type(result) is int else result

    return method


for _name in ("add", "sub", "mul", "floordiv", "mod"):
    for _prefix in ("__", "__r"):
        setattr(KnownDimension, f"{_prefix}{_name}__", _arithmetic(f"{_prefix}{_name}__"))


def _dimension(value: int | None) -> Any:
    return tf.compat.v1.Dimension(None) if value is None else KnownDimension(value)


def _library_asks() -> bool:
    name = sys._getframe(2).f_globals.get("__name__", "")
    return name.partition(".")[0] in _LIBRARIES or _tf.in_keras_call()


class TensorShape(tf.TensorShape):
    """A `tf.TensorShape` whose dimensions have `.value`, for code that is not TensorFlow's own."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if isinstance(key, slice):
            return TensorShape(found)
        if _library_asks():
            return found
        return _dimension(getattr(found, "value", found))

    def __iter__(self) -> Iterator[Any]:
        if self.rank is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        values = self.as_list()
        return iter(values if _library_asks() else [_dimension(value) for value in values])

    def __str__(self) -> str:
        if self.rank is None:
            return "<unknown>"
        sizes = ["?" if size is None else str(size) for size in self.as_list()]
        return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"

    def __repr__(self) -> str:
        if self.rank is None:
            return "TensorShape(None)"
        return f"TensorShape([{', '.join(f'Dimension({size})' for size in self.as_list())}])"

    # Defining neither here would leave the class unhashable: `__eq__` and `__hash__` are inherited.
    __eq__ = tf.TensorShape.__eq__
    __hash__ = tf.TensorShape.__hash__

    def __reduce__(self) -> Any:
        return TensorShape, (None if self.rank is None else self.as_list(),)


def _returns_tf1_shape(name: str) -> Any:
    plain = getattr(tf.TensorShape, name)

    def method(self: TensorShape, *args: Any, **kwargs: Any) -> TensorShape:
        return TensorShape(plain(self, *args, **kwargs))

    method.__name__ = name
    method.__doc__ = f"As `tf.TensorShape.{name}`, with TF1's dimensions."
    return method


for _name in ("merge_with", "concatenate", "with_rank", "with_rank_at_least", "with_rank_at_most"):
    setattr(TensorShape, _name, _returns_tf1_shape(_name))


def tf1_shape(shape: tf.TensorShape) -> TensorShape:
    """The same static shape with TF1's dimensions."""
    return TensorShape(shape)
