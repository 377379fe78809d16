"""What is wrapped on Keras's classes, so that they work where a TF1 graph is being built.

Each wrapper hands on to Keras's own method everywhere else: in eager code, in `fit`, under `tf.function`.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.util
import inspect
import itertools
import sys
import threading
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import keras_calls, keras_values

__all__ = ["watch_for_keras"]

_Method = Callable[..., Any]


def _logged(plain: _Method, graph: Any, *args: Any, **kwargs: Any) -> tuple[Any, list[tf.Operation]]:
    """Call Keras; returns what it returned, and the ops by which it wrote variables."""
    body = tf.compat.v1.get_default_graph()
    if body is graph:
        with graph.keras_calls.call() as call:
            return plain(*args, **kwargs), call.writes
    with graph.keras_calls.call(), keras_calls.in_body(body) as writes:
        return plain(*args, **kwargs), writes


def _statement(plain: _Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """A call whose writes go with its result, or with those of the layer that it is a statement of."""
    if graph.keras_calls.is_open:
        return plain(*args, **kwargs)
    return _logged(plain, graph, *args, **kwargs)[0]


def _build(plain: _Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """What a layer makes once for all its calls: running it (to initialise a variable) computes none of them."""
    with graph.keras_calls.apart():
        return plain(*args, **kwargs)


def _layer_call(plain: _Method, graph: Any, layer: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer's call. `training` may be a tensor, as it might be in TF1."""
    outermost = not graph.keras_calls.is_open
    training = _training_argument(layer, args, kwargs)
    if training is None:
        result, _ = _logged(plain, graph, layer, *args, **kwargs)
    else:
        result, _ = _logged(_both_ways, graph, plain, training, layer, args, kwargs)
    if outermost:
        for variable in layer.variables:
            keras_values.join_collections(graph, variable)
    return result


def _training_argument(layer: Any, args: Any, kwargs: Any) -> Any:
    """The argument called `training` where it is a tensor of a graph, else None."""
    training = kwargs.get("training")
    if training is None and len(args) > 1:
        try:
            training = inspect.signature(layer.call).bind_partial(*args).arguments.get("training")
        except TypeError:
            return None
    if isinstance(training, tf.Variable) or (tf.is_tensor(training) and not isinstance(training, _tf.EagerTensor)):
        return training
    return None


def _both_ways(plain: _Method, training: Any, layer: Any, args: Any, kwargs: Any) -> Any:
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


def _returns_writes(plain: _Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """What Keras does by statements (an optimizer's step, a metric's update) becomes an operation to run."""
    if graph.keras_calls.is_open:
        return plain(*args, **kwargs)
    _, writes = _logged(plain, graph, *args, **kwargs)
    return tf.group(*writes)


def _at_once(plain: _Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """What sets values from outside, and is over when it returns."""
    del graph
    with keras_values.at_once():
        return plain(*args, **kwargs)


def _refused(plain: _Method, graph: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
    """What Keras can do only eagerly."""
    del graph, args, kwargs
    raise RuntimeError(
        f"`{plain.__name__}` needs TensorFlow 2's eager mode, but this thread is building a TF1 graph (importing "
        "tf1compat.v1 entered one). Build the model and call it inside `with tf1compat.eager():`, or train "
        f"{model.name!r} with sess.run: call it on a placeholder and minimize a loss of its output."
    )


def _seed_generator(plain: _Method, graph: Any, generator: Any, *args: Any, **kwargs: Any) -> None:
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


def _unwrapped(plain: _Method, graph: Any, *args: Any, **kwargs: Any) -> Any:
    """TF1's own functions take Keras's variables too."""
    return plain(*keras_values.unwrapped(graph, args), **keras_values.unwrapped(graph, kwargs))


def _in_tf1(method: _Method, wrapper: _Method) -> _Method:
    """`wrapper(method, graph, *args)` where a TF1 graph is being built, `method(*args)` elsewhere."""

    @functools.wraps(method)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        graph = _tf.graph_being_built()
        if graph is None:
            return method(*args, **kwargs)
        return wrapper(method, graph, *args, **kwargs)

    return wrapped


def _not_of_a_graph(method: _Method) -> _Method:
    """`method`, with an error that says so where it fails because the model was made in a TF1 graph."""

    @functools.wraps(method)
    def wrapped(model: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(model, *args, **kwargs)
        except Exception:
            if _tf.graph_being_built() is not None:
                raise
            made = [v for v in _variables_of(model) if keras_values.graph_made(v)]
            if not made:
                raise
        raise RuntimeError(
            f"{model.name!r} was made in a TF1 graph (its variable {made[0].path!r}, for one), where it runs under "
            "sess.run; eager code cannot use it. Make it inside `with tf1compat.eager():`: it then works in both."
        )

    return wrapped


def _variables_of(model: Any) -> list[Any]:
    optimizer = getattr(model, "optimizer", None)
    return [*model.variables, *(optimizer.variables if optimizer is not None else ())]


#: Class of Keras -> its methods, and how each works in a graph. Subclasses' own definitions are wrapped too.
_METHODS: dict[str, dict[str, _Method]] = {
    "Layer": {"__call__": _layer_call, "build": _build, "set_weights": _at_once, "load_own_variables": _at_once},
    "layers.RNN": {"reset_state": _at_once, "reset_states": _at_once},
    "layers.Bidirectional": {"reset_state": _at_once, "reset_states": _at_once},
    "Metric": {"__call__": _statement, "update_state": _returns_writes, "reset_state": _at_once},
    "Optimizer": {"apply": _returns_writes, "apply_gradients": _returns_writes, "load_own_variables": _at_once},
    "random.SeedGenerator": {"__init__": _seed_generator, "next": _statement},
    "Variable": {"assign": keras_values.assign},
}
_EAGER_ONLY = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
#: TensorFlow's TF1 classes, which must know a Keras variable for what it holds.
_TF1_METHODS: dict[str, tuple[str, ...]] = {
    "Optimizer": ("compute_gradients", "apply_gradients"),
    "ExponentialMovingAverage": ("apply", "average", "average_name"),
    "Saver": ("__init__",),
}
#: What TF1's variables answered and Keras's do not.
_OF_TF1_VARIABLES = frozenset(
    "op graph device initializer initial_value initialized_value eval load read_value get_shape is_initialized "
    "scatter_add scatter_sub scatter_update scatter_nd_add scatter_nd_update count_up_to".split()
)


def _wrap(cls: type, name: str, wrapper: _Method) -> None:
    """Wrap a method where the class or a subclass, now or later, defines it."""

    def own(one: type) -> None:
        if name in vars(one):
            setattr(one, name, _in_tf1(vars(one)[name], wrapper))

    def all_below(one: type) -> None:
        own(one)
        for below in one.__subclasses__():
            all_below(below)

    if name not in vars(cls):  # inherited from a class that others inherit from too
        setattr(cls, name, _in_tf1(getattr(cls, name), wrapper))
        for below in cls.__subclasses__():
            all_below(below)
    else:
        all_below(cls)
    plain = vars(cls).get("__init_subclass__")

    def __init_subclass__(new: type, **kwargs: Any) -> None:
        if plain is None:
            super(cls, new).__init_subclass__(**kwargs)
        else:
            plain.__get__(None, new)(**kwargs)
        own(new)

    cls.__init_subclass__ = classmethod(__init_subclass__)  # type: ignore[assignment]


def _find(root: Any, dotted: str) -> Any:
    return functools.reduce(getattr, dotted.split("."), root)


def _hook(keras: Any) -> None:
    """Wrap what the tables name."""
    for class_name, methods in _METHODS.items():
        home = {"Metric": "metrics.Metric", "Optimizer": "optimizers.Optimizer"}.get(class_name, class_name)
        for name, wrapper in methods.items():
            _wrap(_find(keras, home), name, wrapper)
    for name in _EAGER_ONLY:
        _wrap(keras.Model, name, _refused)
        setattr(keras.Model, name, _not_of_a_graph(getattr(keras.Model, name)))
    keras.Layer.__call__ = _not_of_a_graph(keras.Layer.__call__)
    for class_name, names in _TF1_METHODS.items():
        for name in names:
            _wrap(getattr(tf.compat.v1.train, class_name), name, _unwrapped)
    _hook_variables(keras.Variable)
    tf.compat.v1.reset_default_graph = _reset_default_graph(tf.compat.v1.reset_default_graph)
    _tf.count_keras_names(_names_of_graph)


def _names_of_graph() -> dict[str, int] | None:
    graph = _tf.graph_being_built()
    return None if graph is None else graph.keras_names


def _reset_default_graph(plain: _Method) -> _Method:
    """What `keras.backend.clear_session` calls: TF1's way with our graphs, nothing inside `tf1compat.eager()`."""

    @functools.wraps(plain)
    def reset_default_graph() -> None:
        from . import defaults  # the default graph is built on the graph, which is built on this

        if _tf.graph_being_built() is not None:
            defaults.reset_default_graph()
        elif not any(hasattr(graph, "keras_calls") for graph in _tf.graph_stack()):
            plain()

    return reset_default_graph


def _hook_variables(variable: Any) -> None:
    plain = variable.trainable

    def set_trainable(self: Any, value: bool) -> None:
        plain.fset(self, value)
        keras_values.set_trainable(self)

    variable.trainable = property(plain.fget, set_trainable, doc=plain.__doc__)

    def __getattr__(self: Any, name: str) -> Any:
        if name in _OF_TF1_VARIABLES and _tf.graph_being_built() is not None:
            return getattr(self.value, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    variable.__getattr__ = __getattr__

    def __hash__(self: Any) -> int:  # so that it can be the key of a feed
        if _tf.graph_being_built() is not None or keras_values.graph_made(self):
            return id(self)
        raise TypeError(f"unhashable type: {type(self).__name__!r}")

    variable.__hash__ = __hash__


class _AfterKeras(importlib.abc.MetaPathFinder):
    """Waits for `import keras`, wraps its classes, and steps aside."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != "keras" or self not in sys.meta_path:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            _hook(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


_watching = False


def watch_for_keras() -> None:
    """Wrap Keras's classes now, or at the moment that Keras is imported."""
    global _watching
    if _watching:
        return
    _watching = True
    _tf.install_variable_hooks(keras_values.value_in_session)
    _tf.install_equality()
    if "keras" in sys.modules and hasattr(sys.modules["keras"], "layers"):
        _hook(sys.modules["keras"])
    else:
        sys.meta_path.insert(0, _AfterKeras())
