"""TF1's functions take Keras's variables, and those made eagerly, where they take the graph's own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import defaults
from . import values as keras_values
from . import wrapping

__all__ = ["install"]

#: TensorFlow's functions and the methods of its classes that take variables.
_FUNCTIONS = (
    "assign assign_add assign_sub assert_variables_initialized count_up_to is_variable_initialized "
    "report_uninitialized_variables scatter_add scatter_div scatter_max scatter_min scatter_mul "
    "scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub scatter_update variables_initializer"
).split()
_METHODS: dict[str, tuple[str, ...]] = {
    "Optimizer": ("compute_gradients", "apply_gradients"),
    "ExponentialMovingAverage": ("apply", "average", "average_name"),
    "Saver": ("__init__",),
}


def _unwrapped(plain: Callable[..., Any], graph: Any, *args: Any, **kwargs: Any) -> Any:
    return plain(*keras_values.unwrapped(graph, args), **keras_values.unwrapped(graph, kwargs))


def _reset_default_graph(plain: Callable[..., Any]) -> Callable[..., Any]:
    """What `keras.backend.clear_session` calls: TF1's way in our graphs, nothing inside `eager()`."""

    @functools.wraps(plain)
    def reset_default_graph() -> None:
        if _tf.graph_being_built() is not None:
            defaults.reset_default_graph()
        elif not any(hasattr(graph, "keras_calls") for graph in _tf.graph_stack()):
            plain()

    return reset_default_graph


def install() -> None:
    """Wrap what the tables name; each wrapper acts only where a TF1 graph is being built."""
    v1 = tf.compat.v1
    for name in _FUNCTIONS:
        setattr(v1, name, wrapping.in_tf1(getattr(v1, name), _unwrapped))
    for class_name, names in _METHODS.items():
        for name in names:
            wrapping.wrap(getattr(v1.train, class_name), name, _unwrapped)
    v1.reset_default_graph = _reset_default_graph(v1.reset_default_graph)
