"""A Session's variables for eager code: TF2 variables on the same storage."""

from __future__ import annotations

import weakref
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import variables

__all__ = ["EagerVariables"]


class EagerVariables:
    """The TF2 variables that were made for the variables of one Session."""

    def __init__(self, session: Any) -> None:
        self._session = weakref.ref(session)
        self._graph = session.graph
        self._made: dict[str, Any] = {}

    def of(self, wanted: Any) -> Any:
        """The TF2 variable for a variable, or a name of one, of the Session's graph.

        Raises:
          TypeError: for what is no variable.
          ValueError: for a variable of another graph, or a name that no variable has.
        """
        session: Any = self._session()
        variable = _found(self._graph, wanted)
        own = _tf.variable_handle_of(variable)
        if isinstance(own, _tf.EagerTensor):
            return variable  # made eagerly, it is the process's own
        if own.graph is not self._graph:
            raise ValueError(f"Variable {variable.name} is of another graph than this Session's.")
        name = own.op.name
        eager = self._graph.shared.eager_variable(name)
        if eager is not None:
            return eager
        with session._lock:
            if name not in self._made:
                handle = session._resources.handle(own.op, session._plans.evaluate)
                _tf.set_handle_data(handle, own.op.get_attr("dtype"), tf.TensorShape(own.op.get_attr("shape")))
                with _tf.eager_mode():
                    made = _tf.SessionVariable(handle, name, variable, self._check, lambda: _uninitialized(name))
                self._made[name] = made
                self._graph.shared.stand_for(made, variable)
            return self._made[name]

    def _check(self) -> None:
        session = self._session()
        if session is None or session._calls.closed:
            raise RuntimeError(
                "This variable was a closed Session's, which owned its value: read what is needed before "
                "`close()`, or before the end of the Session's `with` block."
            )

    def clear(self) -> None:
        """The Session ends: its variables refuse from now on."""
        for made in self._made.values():
            self._graph.shared.forget(made)
        self._made.clear()


def _found(graph: Any, wanted: Any) -> Any:
    """The variable object that a variable, a Keras variable or a name means."""
    if isinstance(wanted, str):
        name = wanted.partition(":")[0]
        keys = [key for key in graph.get_all_collection_keys() if isinstance(key, str)]
        for item in (item for key in keys for item in graph.get_collection_ref(key)):
            if variables.is_variable(item) and _tf.variable_handle_of(item).op.name == name:
                return item
        raise ValueError(f"The graph has no variable {wanted!r} in its collections.")
    inner = getattr(wanted, "value", None)
    if not callable(inner) and variables.is_variable(inner):  # a Keras variable holds TensorFlow's
        wanted = inner
    if not variables.is_variable(wanted):
        raise TypeError(f"sess.variable takes a variable of the graph or the name of one; got {wanted!r}.")
    return wanted


def _uninitialized(name: str) -> Exception:
    return tf.errors.FailedPreconditionError(None, None, f"Attempting to use uninitialized value {name}")
