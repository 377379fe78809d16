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
import inspect
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import defaults, variables
from . import values as keras_values
from .scripts import data
from .scripts.inside import left_the_graph

__all__ = ["count", "eagerly", "get_session", "holding", "keras_variable", "set_session"]


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


def eagerly(plain: Callable[..., Any], model: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a method of a Keras model eagerly, on the values of Keras's Session.

    Data sets and tensors of the graph are run there, a batch at a time.

    Raises:
      NotImplementedError: for other data that are part of the graph: they have no values outside of a run.
      ValueError: for tensors of the graph without a number of steps, each of which runs them once.
    """
    args, kwargs = _with_data(plain, model, args, kwargs)
    for given in (*args, *kwargs.values()):
        _check_no_graph(plain.__name__, given)
    optimizer = getattr(model, "optimizer", None)
    owned = [
        *model.variables,
        *getattr(model, "metrics_variables", ()),
        *(optimizer.variables if optimizer else ()),
        *_kept_states(model),
        *_variables_of_metrics(model),
    ]
    made = list({id(one): one for one in owned if keras_values.graph_made(one)}.values())
    with _standing_in(model, made), defaults.eager(), left_the_graph():
        return plain(model, *args, **kwargs)


def keras_variable() -> type:
    import keras

    made: type = keras.Variable
    return made


def _variables_of_metrics(model: Any) -> Iterator[Any]:
    """The variables of metrics that compile was given, which Keras does not count before it has used them."""
    compiled = getattr(model, "_compile_metrics", None)
    for name in ("_user_metrics", "_user_weighted_metrics"):
        for metric in tf.nest.flatten(getattr(compiled, name, None)):
            yield from getattr(metric, "variables", ())


def _kept_states(layer: Any) -> Iterator[Any]:
    """The variables of stateful recurrent layers, which Keras does not count among a layer's."""
    yield from (one for one in tf.nest.flatten(getattr(layer, "states", None)) if isinstance(one, keras_variable()))
    inner = [getattr(layer, name, None) for name in ("layer", "forward_layer", "backward_layer")]
    for one in (*getattr(layer, "layers", ()), *inner):
        if one is not None:
            yield from _kept_states(one)


def _with_data(plain: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """A call's arguments with what can be fetched from the graph fetched."""
    if plain.__name__ not in ("fit", "evaluate", "predict"):
        return args, kwargs
    given = dict(inspect.signature(plain).bind(model, *args, **kwargs).arguments)
    graph_of = next((one.graph for one in tf.nest.flatten(given.get("x")) if data.is_tensor(one)), None)
    steps = "steps_per_epoch" if plain.__name__ == "fit" else "steps"
    changed = False
    if data.is_dataset(given.get("x")):
        given["x"], changed = data.fetched(get_session(), given["x"]), True
    elif graph_of is not None:
        if given.get(steps) is None:
            raise ValueError(f"{plain.__name__} on tensors of the graph needs {steps}: each step runs them once.")
        if given.get("sample_weight") is not None or given.get("validation_split"):
            raise NotImplementedError(
                f"{plain.__name__} on tensors of the graph with sample_weight or validation_split: give NumPy arrays."
            )
        given["x"] = data.fetched(_session_on(graph_of), given["x"], given.pop("y", None))
        given.pop("batch_size", None)
        changed = True
    validation = given.get("validation_data")
    if data.is_dataset(validation):
        given["validation_data"], changed = data.fetched(get_session(), validation), True
    elif isinstance(validation, (list, tuple)) and any(data.is_tensor(one) for one in tf.nest.flatten(validation)):
        if given.get("validation_steps") is None:
            raise ValueError("fit with tensors of the graph as validation_data needs validation_steps.")
        given["validation_data"], changed = data.fetched(get_session(), *validation), True
    if not changed:
        return args, kwargs
    given = {name: value for name, value in given.items() if name != "self"}
    return (), {**given.pop("kwargs", {}), **given}


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
        dataset = data.is_dataset(one)
        if dataset or data.is_tensor(one) or (variables.is_variable(one) and not hasattr(one, "numpy")):
            raise NotImplementedError(
                f"`{method}` of a Keras model with {'a data set' if dataset else 'a tensor'} of the graph: Keras 3 "
                "trains outside of the graph. Give it NumPy arrays, or what is made inside `with tf1compat.eager():`."
            )
