"""How a method of Keras works where a TF1 graph is being built.

Each function here takes Keras's own method, the graph, and the method's arguments.
"""

from __future__ import annotations

import inspect
import itertools
import sys
import threading
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from . import calls as keras_calls
from . import sessions
from . import values as keras_values

__all__ = [
    "at_once",
    "build",
    "eager_only",
    "enter_scope",
    "exit_scope",
    "layer_call",
    "named",
    "returns_writes",
    "seed_generator",
    "statement",
]

Method = Callable[..., Any]


def logged(plain: Method, graph: Any, *args: Any, **kwargs: Any) -> tuple[Any, list[tf.Operation]]:
    """Call Keras; returns what it returned, and the ops by which it wrote variables."""
    body, log = tf.compat.v1.get_default_graph(), graph.keras_calls
    with log.under(graph.get_name_scope()):
        if body is graph:
            with log.call() as call:
                return plain(*args, **kwargs), call.writes
        with log.call(), keras_calls.in_body(body) as writes:
            return plain(*args, **kwargs), writes


def statement(plain: Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """A call whose writes go with its result, or with those of the layer that it is a statement of."""
    if graph.keras_calls.is_open:
        return plain(*args, **kwargs)
    return logged(plain, graph, *args, **kwargs)[0]


def build(plain: Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """What a layer makes once for all its calls: initialising a variable computes none."""
    with graph.keras_calls.under(graph.get_name_scope()), graph.keras_calls.apart():
        return plain(*args, **kwargs)


def named(plain: Method, graph: Any, variable: Any, value: Any) -> None:
    """A Keras variable gets its value, and in the graph the name that is its path in Keras."""
    scope = graph.keras_calls.scope
    if scope is None:
        plain(variable, value)
        sessions.count(graph, variable)
        return
    path = "/".join(part for part in (scope, variable.path.rpartition("/")[0]) if part)
    with tf.name_scope(path + "/" if path else ""):
        plain(variable, value)
    sessions.count(graph, variable)


def layer_call(plain: Method, graph: Any, layer: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer's call. `training` may be a tensor, as it might be in TF1."""
    outermost = not graph.keras_calls.is_inside
    if outermost and layer.built:  # what was made eagerly gets its name in Keras before anything reads it
        for variable in layer.variables:
            keras_values.join_collections(graph, variable)
    training = _training_argument(layer, args, kwargs)
    if training is None:
        result, _ = logged(plain, graph, layer, *args, **kwargs)
    else:
        result, _ = logged(_both_ways, graph, plain, training, layer, args, kwargs)
    if outermost:
        for variable in layer.variables:
            keras_values.join_collections(graph, variable)
    return result


def enter_scope(plain: Method, graph: Any, scope: Any) -> Any:
    """A name scope of Keras's, which knows nothing of the graph's around it."""
    if graph.keras_calls.scope is None:
        graph.keras_calls.scope = graph.get_name_scope()
        scope._outermost_in = graph
    return plain(scope)


def exit_scope(plain: Method, graph: Any, scope: Any, *exception: Any) -> Any:
    """The end of such a scope."""
    outermost_in: Any = getattr(scope, "_outermost_in", None)
    if outermost_in is graph:
        graph.keras_calls.scope = scope._outermost_in = None
    return plain(scope, *exception)


def _training_argument(layer: Any, args: Any, kwargs: Any) -> Any:
    """The argument called `training` where it is a tensor of a graph, else None."""
    training = kwargs.get("training")
    if training is None and len(args) > 1:
        try:
            training = inspect.signature(layer.call).bind_partial(*args).arguments.get("training")
        except TypeError:
            return None
    tensor = tf.is_tensor(training) and not isinstance(training, _tf.EagerTensor)
    return training if tensor or isinstance(training, tf.Variable) else None


def _both_ways(plain: Method, training: Any, layer: Any, args: Any, kwargs: Any) -> Any:
    """The layer called in training or in inference, as a tensor says when the graph runs."""
    names = list(inspect.signature(layer.call).parameters)
    others = {**dict(zip(names, args, strict=False)), **kwargs}
    inputs = others.pop(names[0])
    others.pop("training", None)

    def branch(value: bool) -> Any:
        return lambda: plain(layer, inputs, training=value, **others)

    if not layer.built:  # its variables belong outside of the branches
        plain(layer, inputs, training=False, **others)
    known = tf.get_static_value(training)
    if known is not None:
        return branch(bool(known))()
    masked: list[bool] = []

    def with_masks(value: bool) -> Any:
        result = branch(value)()
        masks = [getattr(one, "_keras_mask", None) for one in tf.nest.flatten(result)]
        masked[:] = [mask is not None for mask in masks]
        return result, [mask for mask in masks if mask is not None]

    chosen = tf.cast(tf.convert_to_tensor(training), tf.bool)
    result, masks = tf.cond(chosen, lambda: with_masks(True), lambda: with_masks(False))
    for one, mask in zip(itertools.compress(tf.nest.flatten(result), masked), masks, strict=True):
        one._keras_mask = mask
    return result


def returns_writes(plain: Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """What Keras does by statements (an optimizer's step, a metric's update) becomes an operation to run."""
    if graph.keras_calls.is_open:
        return plain(*args, **kwargs)
    _, writes = logged(plain, graph, *args, **kwargs)
    return tf.group(*writes)


def at_once(plain: Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """What sets values from outside, and is over when it returns."""
    del graph
    with keras_values.at_once():
        return plain(*args, **kwargs)


def eager_only(plain: Method, graph: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
    """What Keras can do only eagerly."""
    del graph
    if sessions.leaves_the_graph:
        return sessions.eagerly(plain, model, *args, **kwargs)
    raise RuntimeError(
        f"`{plain.__name__}` needs TensorFlow 2's eager mode, but this thread is building a TF1 graph "
        f"(importing tf1compat.v1 entered one). Make {model.name!r} and call this inside `with "
        "tf1compat.eager():`, or train it with sess.run: call it on a placeholder and minimize a loss."
    )


def seed_generator(plain: Method, graph: Any, generator: Any, *args: Any, **kwargs: Any) -> None:
    """The generator that Keras keeps for a whole thread must outlive the graph that first asks for it."""
    del graph
    if sys._getframe(2).f_code.co_name != "global_seed_generator":
        plain(generator, *args, **kwargs)
        return

    def make() -> None:  # in a thread: whatever scope Keras is in here, it is in none there
        with tf.Graph().as_default(), _tf.eager_mode():
            plain(generator, *args, name="global_seed_generator", **kwargs)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
