"""The Session in which Keras models live, as TF 1.15's Keras had one, and `fit` on the values that are in it.

In TF1 `model.fit` in a script ran in `keras.backend.get_session()`: the default Session, or one that Keras
made, where it gave Keras's variables their initial values without being asked. Keras 3 knows no Session and
trains eagerly only. So a method such as `fit`, called where a TF1 graph is being built, leaves the graph for
the time of the call, and what the model made in the graph stands, for that time, for the variables that
Keras's Session holds: `fit`, `sess.run(model(x))` and a `Saver` on that Session see the same numbers.

The price: what the call itself makes (an optimizer's slots, the weights of a model that had not been built)
is made eagerly, is the process's, and `tf.global_variables_initializer()` does not reset it. And a program
that meant to stay in its graph is not told that this call left it. That is why only `tf1compat run`, whose
programs were written for TF1's Keras and are not to be edited, does so; elsewhere the call is refused, with
the way out.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import defaults, variables
from . import values as keras_values

__all__ = ["count", "eagerly", "eval", "function", "get_session", "holding", "set_session"]


class _Kept(threading.local):
    session: Any = None


_kept = _Kept()
#: Graph -> the variables that Keras made in it.
_made: weakref.WeakKeyDictionary[Any, list[weakref.ref[Any]]] = weakref.WeakKeyDictionary()
#: Session -> the variables that have been given values in it.
_ready: weakref.WeakKeyDictionary[Any, weakref.WeakSet[Any]] = weakref.WeakKeyDictionary()
#: Model -> the Session that the functions which Keras traced for it were traced in.
_traced: weakref.WeakKeyDictionary[Any, weakref.ref[Any]] = weakref.WeakKeyDictionary()
#: Whether `fit` and what else Keras does only eagerly leave the graph: under `tf1compat run`.
leaves_the_graph = False

_TRACED = ("train_function", "test_function", "predict_function")


def count(graph: Any, keras_variable: Any) -> None:
    """Keras made a variable in a graph."""
    _made.setdefault(graph, []).append(weakref.ref(keras_variable))


def get_session(op_input_list: Any = ()) -> Any:
    """The Session of Keras in this thread: the default one, else the one set, else one made now.

    Variables that Keras made in its graph and that have no value in it get their initial values. `op_input_list`
    said in TF1 which graph was meant; here it is the default graph.
    """
    del op_input_list
    graph = defaults.get_default_graph()
    session = _session_on(graph)
    keras_variables = [one for one in (reference() for reference in _made.get(graph, ())) if one is not None]
    _initialize(session, [one._value for one in keras_variables if keras_values.graph_made(one)])
    return session


def holding(variable: Any) -> Any:
    """Keras's Session on a variable's graph, where the variable has a value."""
    session = _session_on(_tf.variable_handle_of(variable).graph)
    _initialize(session, [variable])
    return session


def set_session(session: Any) -> None:
    """Have Keras use this Session from now on, in this thread, where none is the default one."""
    _kept.session = session


def eval(x: Any) -> Any:  # noqa: A001 - Keras's name
    """The value of a tensor or variable, in Keras's Session, which it gives what it has no value of."""
    if isinstance(x, _tf.EagerTensor):
        return x.numpy()
    return get_session().run(x)


def function(
    inputs: Any, outputs: Any, updates: Any = None, name: str | None = None, **run_arguments: Any
) -> Callable[[Any], Any]:
    """A function of the values of `inputs`, tensors of the graph, that runs `outputs` and `updates` in Keras's Session.

    Raises:
      TypeError: for inputs that cannot be fed, those of a Keras model for one: call the model on placeholders.
      NotImplementedError: for arguments of `Session.run`.
    """
    del name  # it named the ops that TF1's Keras added
    if run_arguments:
        raise NotImplementedError(f"tf.keras.backend.function with {sorted(run_arguments)}: call Session.run with it.")
    single = not isinstance(outputs, (list, tuple))
    fed, fetched = list(inputs), [outputs] if single else list(outputs)
    for one in (*fed, *fetched):
        if type(one).__name__ == "KerasTensor":
            raise TypeError(
                f"tf.keras.backend.function takes tensors of the graph, but got {one}: call the Keras model on a "
                "tf.placeholder, or make a tf.keras.Model(inputs, outputs) and call its predict."
            )

    def run(values: Any) -> Any:
        feeds = dict(zip(fed, values, strict=True))
        found, _ = get_session().run([fetched, list(updates or ())], feeds)
        return found[0] if single else found

    return run


def eagerly(plain: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a method of a Keras model eagerly, on the values of Keras's Session.

    Raises:
      NotImplementedError: for data that are part of the graph: they have no values outside of a run.
    """
    for given in (*args, *kwargs.values()):
        _check_no_graph(plain.__name__, given)
    optimizer = getattr(model, "optimizer", None)
    owned = [*model.variables, *getattr(model, "metrics_variables", ()), *(optimizer.variables if optimizer else ())]
    with _standing_in(model, [one for one in owned if keras_values.graph_made(one)]), defaults.eager():
        return plain(model, *args, **kwargs)


@contextlib.contextmanager
def _standing_in(model: Any, made: list[Any]) -> Iterator[None]:
    """Variables of a graph stand for those of Keras's Session."""
    if not made:
        yield
        return
    before = [one._value for one in made]
    session = _session_on(_tf.variable_handle_of(before[0]).graph)
    _initialize(session, before)
    last = _traced.get(model)
    if (last and last()) is not session:  # the others' variables are in what was traced
        for name in _TRACED:
            if getattr(model, name, None) is not None:
                setattr(model, name, None)
        _traced[model] = weakref.ref(session)
    for one, value in zip(made, before, strict=True):
        one._value = session.variable(value)
        _tf.go_by_the_identity_of(one._value, value)
    try:
        yield
    finally:
        for one, value in zip(made, before, strict=True):
            one._value = value


def _session_on(graph: Any) -> Any:
    session = _tf.default_session_stack.get_default()
    if session is not None and session.graph is graph:
        return session
    kept = _kept.session
    if kept is None or kept.graph is not graph or kept._calls.closed:
        from ..session import Session  # which needs Keras hooked

        kept = _kept.session = Session(graph=graph)
    return kept


def _initialize(session: Any, wanted: list[Any]) -> None:
    """Give the variables of a graph that have no value in a Session their initial values."""
    ready = _ready.setdefault(session, weakref.WeakSet())
    new = [one for one in wanted if one not in ready]
    if not new:
        return
    held = [session.variable(one) for one in new]
    with _tf.eager_mode():
        empty = [one for one, value in zip(new, held, strict=True) if not bool(value.is_initialized())]
    session.run([one.initializer for one in empty])
    ready.update(new)


def _check_no_graph(method: str, given: Any) -> None:
    for one in given if isinstance(given, (list, tuple)) else [given]:
        dataset = isinstance(one, tf.data.Dataset) and not isinstance(one._variant_tensor, _tf.EagerTensor)
        tensor = isinstance(one, tf.Tensor) and not isinstance(one, _tf.EagerTensor)
        if dataset or tensor or (variables.is_variable(one) and not hasattr(one, "numpy")):
            raise NotImplementedError(
                f"`{method}` of a Keras model with {'a data set' if dataset else 'a tensor'} of the graph: Keras 3 "
                "trains outside of the graph. Give it NumPy arrays, or what is made inside `with tf1compat.eager():`."
            )
