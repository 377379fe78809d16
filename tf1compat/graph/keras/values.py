"""Keras variables in a TF1 graph: their values, their assignment, the collections that list them.

A Keras variable holds a TensorFlow variable. One made in the graph has its value in each Session; one
made eagerly is the process's, shared by all Sessions.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import variables

__all__ = [
    "assign",
    "at_once",
    "graph_made",
    "join_collections",
    "set_trainable",
    "unwrapped",
    "value_in_session",
]

_TRAINABLE = tf.compat.v1.GraphKeys.TRAINABLE_VARIABLES


def _session_of(variable: Any, wanted: str) -> Any:
    """The default Session, if it runs the graph of a graph's variable; under `tf1compat run` Keras's Session."""
    from . import sessions  # which needs what is below

    if sessions.leaves_the_graph:
        return sessions.holding(variable)
    session = _tf.default_session_stack.get_default()
    if session is None or session.graph is not variable.handle.graph:
        raise RuntimeError(
            f"Variable {variable.name!r} was made in a TF1 graph, so each Session has its own value of it: "
            f"{wanted} needs a default Session on that graph: put it inside `with sess.as_default():`."
        )
    return session


def value_in_session(variable: Any) -> Any:
    """The value that a graph's variable has now in the default Session.

    Raises:
      RuntimeError: where no Session on the variable's graph is the default one.
    """
    return _session_of(variable, "reading its value").run(variable)


def graph_made(variable: Any) -> bool:
    """Whether a Keras variable was made in a TF1 graph."""
    handle = _tf.variable_handle_of(getattr(variable, "_value", None))
    return handle is not None and not isinstance(handle, _tf.EagerTensor)


# Assignment.

_state = threading.local()


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """Assignments in this block happen now: `set_weights`, `load_weights`, `reset_state`."""
    before = getattr(_state, "at_once", False)
    _state.at_once = True
    try:
        yield
    finally:
        _state.at_once = before


def assign(plain: Callable[..., Any], graph: Any, variable: Any, value: Any) -> Any:
    """`keras.Variable.assign` in a TF1 graph.

    In a layer's call a statement that goes with the call; in `at_once` it happens now; elsewhere, as
    TF1's `tf.assign`, it returns what must be run.
    """
    target = variable.value
    if not variables.is_variable(target):  # Keras works out shapes, and assigns nothing
        return plain(variable, value)
    graph.shared.watch(target, variable.path)
    now = getattr(_state, "at_once", False)
    if graph.keras_calls.is_open and not now:
        return plain(variable, value)
    if not now and graph.keras_calls.is_apart:
        raise RuntimeError(
            f"{variable.path!r} is assigned to while its layer is being built. In a TF1 graph that would "
            "run never, or in every run: give the variable an initializer, or call set_weights in a Session."
        )
    if not now:
        return target.assign(tf.cast(value, target.dtype))
    if _is_symbolic(value):
        with _session_of(target, "assigning to it").as_default() as session:
            session.run(target.assign(tf.cast(value, target.dtype)).op)
    elif graph_made(variable):
        session = _session_of(target, "assigning to it")
        session.run(target.initializer, {target.initializer.inputs[1]: value})
    else:
        with _tf.eager_mode():
            plain(variable, value)
    return value


def _is_symbolic(value: Any) -> bool:
    return isinstance(value, tf.Tensor) and not isinstance(value, _tf.EagerTensor)


# Collections.


def join_collections(graph: Any, variable: Any) -> None:
    """List a Keras variable that a layer's call has used, as trainable only if it is now."""
    value = variable.value
    if variables.is_variable(value):
        _list_as(graph, graph.shared.watch(value, variable.path), variable.trainable)


def set_trainable(variable: Any) -> None:
    """A Keras variable was frozen or freed: `minimize` without a list of variables follows."""
    value = getattr(variable, "_value", None)
    if not variables.is_variable(value):
        return
    handle = _tf.variable_handle_of(value)
    known = variables.SharedVariables.everywhere(value) if isinstance(handle, _tf.EagerTensor) else [value]
    for one in known:
        graph = _tf.variable_handle_of(one).graph
        if hasattr(graph, "keras_calls"):
            _list_as(graph, one, variable.trainable)


def _list_as(graph: Any, variable: Any, trainable: bool) -> None:
    listed = graph.get_collection_ref(_TRAINABLE)
    at = next((at for at, one in enumerate(listed) if one is variable), None)
    if trainable and at is None:
        listed.append(variable)
    elif not trainable and at is not None:
        del listed[at]


def unwrapped(graph: Any, value: Any) -> Any:
    """A value, or a list, tuple or dict of them, with the graph's variables for Keras's and eager ones."""
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(unwrapped(graph, one) for one in value)
    if isinstance(value, zip):
        return [unwrapped(graph, one) for one in value]
    if isinstance(value, dict):
        return {key: unwrapped(graph, one) for key, one in value.items()}
    inner = getattr(value, "value", None)
    if not callable(inner) and variables.is_variable(inner):
        value = inner
    return graph.shared.watch(value) if variables.is_variable(value) else value
