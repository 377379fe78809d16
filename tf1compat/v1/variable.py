"""`tf.Variable` of TF1: makes what `tf.compat.v1.Variable` makes, and is the class of every variable."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["Variable"]


class _VariableMeta(type(tf.compat.v1.Variable)):  # type: ignore[misc]
    def __call__(cls, *args: Any, **kwargs: Any) -> tf.Variable:
        if cls is Variable:
            return tf.compat.v1.Variable(*args, **kwargs)
        return super().__call__(*args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, other: type) -> bool:
        # By the bases alone: asking tf.Variable, an ABC, would have it ask its subclasses, this one too.
        return (tf.Variable if cls is Variable else cls) in other.__mro__


class Variable(tf.compat.v1.Variable, metaclass=_VariableMeta):
    """A TF1 variable. Arguments are those of `tf.compat.v1.Variable`, which it calls.

    In TensorFlow 2 the variables that a graph makes are not instances of `tf.compat.v1.Variable`;
    they are of this class, as in TF1: `isinstance(v, tf.Variable)`.
    """
