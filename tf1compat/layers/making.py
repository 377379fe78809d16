"""How a layer makes its variables."""

from __future__ import annotations

import functools
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import calling, identifiers
from .scoped import Scoped

__all__ = ["Making"]

_v1 = tf.compat.v1


class Making(Scoped):
    """A layer's variables, which come from `get_variable` in its scope."""

    _dtype: str | None = None

    @property
    def dtype(self) -> str | None:
        """The name of the dtype of the variables; None until the first input or variable says it."""
        return self._dtype

    @property
    def _compute_dtype(self) -> str | None:
        return self._dtype

    def add_weight(
        self,
        name: str,
        shape: Any = (),
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: Any = tf.VariableSynchronization.AUTO,
        aggregation: Any = tf.VariableAggregation.NONE,
        partitioner: Any = None,
        **kwargs: Any,
    ) -> Any:
        """A new variable of the layer, or the one of that name that its scope has already and is reused.

        Args:
          name: The variable's name below the layer's scope.
          shape: Its shape.
          dtype: Its dtype; if None, the layer's, or float32.
          initializer: Its initializer; if None, the variable scope's, or glorot_uniform (zeros for integers).
          regularizer: A function of the variable, whose result becomes a loss of the layer, once a variable.
          trainable: Whether it is to be trained, if the layer is; if None, True unless it is ON_READ.
          constraint: A function that projects a new value of the variable after each optimizer's step.
          use_resource: Has no effect: variables are resource variables.
          synchronization, aggregation: For `tf.distribute`, as `get_variable` takes them.
          partitioner: Makes a PartitionedVariable, as in `get_variable`.

        Raises:
          ValueError: if a variable that is synchronized ON_READ is to be trained.
          TypeError: for another keyword than `experimental_autocast`, which has no effect.
        """
        unknown = sorted(set(kwargs) - {"experimental_autocast"})
        if unknown:
            raise TypeError(f"Unknown keyword argument: {', '.join(unknown)}")
        on_read = synchronization == tf.VariableSynchronization.ON_READ
        if on_read and trainable:
            raise ValueError(
                "Synchronization value can be set to VariableSynchronization.ON_READ only for non-trainable "
                "variables. You have specified trainable=True and "
                f"synchronization=VariableSynchronization.ON_READ. (variable {name!r} of layer {self._name!r})"
            )
        trainable = (not on_read if trainable is None else trainable) and self.trainable
        dtype = tf.as_dtype(dtype or self._dtype or tf.float32)
        if self._dtype is None:
            self._dtype = dtype.base_dtype.name
        regularizer = identifiers.regularizer(regularizer)
        arguments = {
            "name": name,
            "shape": () if shape is None else shape,
            "dtype": dtype,
            "trainable": trainable,
            "constraint": identifiers.constraint(constraint),
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        if self._keras_style:
            arguments["initializer"] = self._default_initializer(initializer, name, dtype)
            variable = _new_variable(**arguments)
            self._keep_weight(name, variable, trainable, regularizer, variable.name.partition(":")[0])
            return variable
        self._set_scope(None)
        with self._entered(self.built or self._reuse) as scope, _v1.name_scope(self._name_scope()):
            if initializer is None:
                initializer = scope.initializer
            arguments["initializer"] = self._default_initializer(initializer, name, dtype)
            known = _identities(_v1.GraphKeys.GLOBAL_VARIABLES) if regularizer is not None else frozenset()
            variable = _v1.get_variable(partitioner=partitioner, use_resource=use_resource, **arguments)
            new = not any(id(part) in known for part in _parts(variable))
            if trainable and calling.in_graph():
                # A custom getter may have made it otherwise.
                trainable = id(variable) in _identities(_v1.GraphKeys.TRAINABLE_VARIABLES)
            self._keep_weight(name, variable, trainable, regularizer, name if new else None)
        return variable

    def add_variable(self, *args: Any, **kwargs: Any) -> Any:
        """The same as `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def _default_initializer(self, given: Any, name: str, dtype: tf.DType) -> Any:
        given = identifiers.initializer(given)
        if given is not None:
            return given
        if dtype.is_floating:
            return _v1.glorot_uniform_initializer()
        if dtype.is_integer or dtype.is_bool:
            return _v1.zeros_initializer()
        raise ValueError(
            f"An initializer for variable {name} of type {dtype.base_dtype} is required for layer {self._name}"
        )

    def _keep_weight(self, name: str, variable: Any, trainable: bool, regularizer: Any, loss_name: str | None) -> None:
        _tf.track(self, name, variable)
        if regularizer is not None and loss_name is not None:
            for part in _parts(variable):
                self.add_loss(functools.partial(_penalty, loss_name, regularizer, part))
        self.__dict__.setdefault("_trainable_weights", [])
        self.__dict__.setdefault("_non_trainable_weights", [])
        (self._trainable_weights if trainable else self._non_trainable_weights).append(variable)


def _parts(variable: Any) -> list[Any]:
    return list(variable) if isinstance(variable, _tf.PartitionedVariable) else [variable]


def _identities(collection: str) -> frozenset[int]:
    """The identities of the variables in a collection of the graph that variables are made in."""
    if not calling.in_graph():
        return frozenset()
    return frozenset(map(id, _v1.get_collection(collection)))


def _penalty(name: str, regularizer: Any, variable: Any) -> Any:
    with _v1.name_scope(f"{name}/Regularizer"):
        return regularizer(variable)


def _new_variable(name: str, shape: Any, dtype: tf.DType, initializer: Any, **kwargs: Any) -> Any:
    """A variable of no scope's, whose name the name scope makes unique."""
    if isinstance(initializer, type):
        initializer = initializer()
    if not callable(initializer):
        return _v1.Variable(initializer, name=name, **kwargs)
    return _v1.Variable(lambda: initializer(shape, dtype=dtype), name=name, dtype=dtype.base_dtype, **kwargs)
