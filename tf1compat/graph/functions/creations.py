"""The variables that a step makes: once, however often it is traced."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import tensorflow as tf

from ... import _tensorflow as _tf
from .views import View

__all__ = ["Creations"]


@dataclasses.dataclass
class _Made:
    variable: Any
    collections: list[Any]


class Creations:
    """What a step's traces made, by the name that a variable had in the view of its trace.

    A trace that asks for a variable which an earlier one made is given it. The Python values among the
    arguments may send a trace another way through the step, so one with new values may make more variables;
    one with the values of an earlier trace may not.
    """

    def __init__(self, step: str) -> None:
        self._step = step
        self._made: dict[str, _Made] = {}
        #: For the Python values of each trace that ended well, the names it asked for.
        self._complete: dict[Hashable, set[str]] = {}
        self._asked: set[str] = set()
        self._values: Hashable = None

    @property
    def variables(self) -> list[Any]:
        """All variables made so far, in order."""
        return [made.variable for made in self._made.values()]

    def listed(self) -> list[tuple[Any, Any]]:
        """(collection, variable) for each collection that a variable was put into when it was made."""
        return [(key, made.variable) for made in self._made.values() for key in made.collections]

    def begin(self, values: Hashable) -> None:
        """A trace with these Python values among its arguments begins."""
        self._asked, self._values = set(), values

    def end(self) -> None:
        """It ended well."""
        self._complete.setdefault(self._values, set()).update(self._asked)

    def creator(self, graph: Any, view: View) -> Callable[..., Any]:
        """What `tf.variable_creator_scope` takes: makes a variable, or finds it."""

        def create(next_creator: Callable[..., Any], **kwargs: Any) -> Any:
            if kwargs.get("variable_def") is not None:
                return next_creator(**kwargs)
            if view.names is None:
                variable = next_creator(**kwargs)
                self._remember(_tf.variable_handle_of(variable).op.name, variable, view)
                return variable
            with tf.init_scope(), tf.compat.v1.name_scope(kwargs.get("name"), "Variable") as scope:
                name = scope[:-1]
            known = self._made.get(name)
            if known is not None:
                self._check(name, known.variable, kwargs)
                self._asked.add(name)
                view.named[name] = _tf.variable_handle_of(known.variable).op.name
                view.join(view.named[name])
                return known.variable
            before = self._complete.get(self._values)
            if before is not None:
                unasked = sorted(before - self._asked)
                raise ValueError(
                    f"{self._step} makes the variable {name!r} in this trace, which its first trace did not make"
                    + (f" (that made {', '.join(unasked)} instead, or later)" if unasked else "")
                    + ". A step is traced once for each signature of its arguments and must make the same "
                    "variables each time: give them names that do not change, or make them outside of it."
                )
            with view.real_names():
                variable = next_creator(**kwargs)
            self._remember(name, variable, view)
            return variable

        return create

    def _remember(self, name: str, variable: Any, view: View) -> None:
        keys = [key for key, items in view.collections.items() if any(item is variable for item in items)]
        self._made[name] = _Made(variable, keys)
        self._asked.add(name)

    def _check(self, name: str, variable: Any, asked: dict[str, Any]) -> None:
        """Refuse to stand a variable in for one of another dtype or shape."""
        dtype, shape = asked.get("dtype"), asked.get("shape")
        value: Any = asked.get("initial_value")
        if dtype is None or shape is None:
            value = value() if callable(value) else value
            if dtype is None:
                dtype = tf.convert_to_tensor(value).dtype if not hasattr(value, "dtype") else value.dtype
            if shape is None:
                shape = getattr(value, "shape", None)
                shape = np.shape(value) if shape is None else shape
        dtype, shape = tf.as_dtype(dtype).base_dtype, tf.TensorShape(shape)
        if dtype != variable.dtype.base_dtype or not shape.is_compatible_with(variable.shape):
            raise ValueError(
                f"{self._step} made the variable {name!r} as {variable.dtype.base_dtype.name}{variable.shape} in an "
                f"earlier trace, and asks for {dtype.name}{shape} now: the arguments of this call have another "
                "dtype or shape than those that the variable was made for."
            )
