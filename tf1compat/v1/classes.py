"""TF1's classes whose instances, in TensorFlow 2, are of another class: `isinstance` knows them all."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.graph import shapes

__all__ = ["Dimension", "TensorShape", "Variable"]


class _StandIn(ABCMeta):
    """Makes `isinstance(x, cls)` true for the instances of `cls.stands_for`."""

    def __instancecheck__(cls, instance: object) -> bool:
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, other: type) -> bool:
        # By the bases alone: to ask an ABC would have it ask its subclasses, and so this one again.
        wanted = vars(cls).get("stands_for", (cls,))
        return any(base in other.__mro__ for base in wanted)


class _VariableMeta(type(tf.compat.v1.Variable), _StandIn):  # type: ignore[misc]
    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return (
            tf.compat.v1.Variable(*args, **kwargs) if cls is Variable else super().__call__(*args, **kwargs)
        )

    __instancecheck__ = _StandIn.__instancecheck__
    __subclasscheck__ = _StandIn.__subclasscheck__


class Variable(tf.compat.v1.Variable, metaclass=_VariableMeta):
    """A TF1 variable: the arguments and the result of `tf.compat.v1.Variable`, which it calls.

    In TensorFlow 2 the variables that a graph makes are not instances of `tf.compat.v1.Variable`;
    they are of this class, as in TF1.
    """

    stands_for = (tf.Variable,)

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Any:
        """The variable that a `VariableDef` describes, over ops that stand in the graph already."""
        if variable_def.is_resource:
            return _tf.resource_variable_from_proto(variable_def, import_scope)
        return tf.compat.v1.Variable.from_proto(variable_def, import_scope)


class TensorShape(shapes.TensorShape, metaclass=_StandIn):
    """A static shape whose dimensions have `.value`; every `tf.TensorShape` is an instance."""

    stands_for = (tf.TensorShape,)


class Dimension(tf.compat.v1.Dimension, metaclass=_StandIn):
    """`tf.compat.v1.Dimension`; the dimensions of a graph tensor's shape are instances too."""

    stands_for = (tf.compat.v1.Dimension, shapes.KnownDimension)
