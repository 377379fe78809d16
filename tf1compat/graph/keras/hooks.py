"""What is wrapped on Keras's classes, so that they work where a TF1 graph is being built.

Each wrapper hands on to Keras's own method everywhere else: in eager code, in `fit`, under `tf.function`.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.util
import sys
from collections.abc import Callable
from typing import Any

from ... import _tensorflow as _tf
from . import methods, old_arguments, scripts, tf1_arguments, wrapping
from . import values as keras_values

__all__ = ["install"]

#: Class of Keras -> its methods, and how each works in a graph. Subclasses' own definitions are wrapped too.
_METHODS: dict[str, dict[str, Callable[..., Any]]] = {
    "Layer": {
        "__call__": methods.layer_call,
        "build": methods.build,
        "set_weights": methods.at_once,
        "load_own_variables": methods.at_once,
    },
    "Model": {"load_weights": methods.at_once},
    "layers.RNN": {"reset_state": methods.at_once, "reset_states": methods.at_once},
    "layers.Bidirectional": {"reset_state": methods.at_once, "reset_states": methods.at_once},
    "metrics.Metric": {
        "__call__": methods.statement,
        "update_state": methods.returns_writes,
        "reset_state": methods.at_once,
    },
    "optimizers.Optimizer": {
        "__init__": old_arguments.optimizer,
        "apply": methods.returns_writes,
        "apply_gradients": methods.returns_writes,
        "load_own_variables": methods.at_once,
    },
    "random.SeedGenerator": {"__init__": methods.seed_generator, "next": methods.statement},
    "name_scope": {"__enter__": methods.enter_scope, "__exit__": methods.exit_scope},
    "Variable": {"_initialize": methods.named, "assign": keras_values.assign},
}
_EAGER_ONLY: dict[str, tuple[str, ...]] = {
    "Model": ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"),
    "layers.Normalization": ("adapt",),
    "layers.Discretization": ("adapt",),
    "layers.TextVectorization": ("adapt",),
    "layers.StringLookup": ("adapt",),
    "layers.IntegerLookup": ("adapt",),
}
#: What TF1's variables answered and Keras's do not.
_OF_TF1_VARIABLES = frozenset(
    "op graph device initializer initial_value initialized_value eval load read_value get_shape "
    "is_initialized scatter_add scatter_sub scatter_update scatter_nd_add scatter_nd_update "
    "count_up_to".split()
)


def _hook(keras: Any) -> None:
    """Wrap what the tables name."""

    def find(dotted: str) -> Any:
        return functools.reduce(getattr, dotted.split("."), keras)

    for class_name, wrappers in _METHODS.items():
        for name, wrapper in wrappers.items():
            wrapping.wrap(find(class_name), name, wrapper)
    for class_name, names in _EAGER_ONLY.items():
        for name in names:
            wrapping.wrap(find(class_name), name, methods.eager_only)
    for name in _EAGER_ONLY["Model"]:
        setattr(keras.Model, name, _not_of_a_graph(getattr(keras.Model, name)))
    keras.Layer.__call__ = _not_of_a_graph(keras.Layer.__call__)
    scripts.install(keras)
    _hook_variables(keras.Variable)
    _tf.count_keras_names(_names_of_graph)


def _names_of_graph() -> dict[str, int] | None:
    graph = _tf.graph_being_built()
    return None if graph is None else graph.keras_names


def _not_of_a_graph(method: Callable[..., Any]) -> Callable[..., Any]:
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
            f"{model.name!r} was made in a TF1 graph (its variable {made[0].path!r}, for one) and runs under "
            "sess.run; eager code cannot use it. Make it in `with tf1compat.eager():`, and it works in both."
        )

    return wrapped


def _variables_of(model: Any) -> list[Any]:
    optimizer = getattr(model, "optimizer", None)
    return [*model.variables, *(optimizer.variables if optimizer is not None else ())]


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


_installed = False


def install() -> None:
    """Wrap TensorFlow's classes, once, and Keras's now or at the moment that Keras is imported."""
    global _installed
    if _installed:
        return
    _installed = True
    _tf.install_variable_hooks(keras_values.value_in_session)
    _tf.install_equality()
    tf1_arguments.install()
    if "keras" in sys.modules and hasattr(sys.modules["keras"], "layers"):
        _hook(sys.modules["keras"])
    else:
        sys.meta_path.insert(0, _AfterKeras())
