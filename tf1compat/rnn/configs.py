"""What `get_config` says of a cell's parts, and the parts that such a description means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.layers import identifiers

__all__ = ["activation_config", "activation_of", "initializer_config", "initializer_of"]


def activation_of(given: Any) -> Callable[[Any], Any]:
    """The function that `given`, a callable or a name, means; tanh for None."""
    return identifiers.activation(given or "tanh")


def activation_config(activation: Callable[[Any], Any]) -> Any:
    """The activation's name if it is one that has a name, otherwise itself."""
    name = getattr(activation, "__name__", "").lstrip("_")
    try:
        return name if identifiers.activation(name) is activation else activation
    except ValueError:
        return activation


def initializer_of(given: Any) -> Any:
    """The initializer that `given`, a callable, a name, a description of one, or None, means."""
    if not isinstance(given, dict):
        return identifiers.initializer(given)
    name = given["class_name"]
    for home in (tf.compat.v1.initializers, tf.compat.v1.keras.initializers, tf.initializers):
        for kind in {id(k): k for k in vars(home).values() if isinstance(k, type)}.values():
            if kind.__name__ == name:
                return kind(**given["config"])
    raise ValueError(f"Unknown initializer: {name!r}")


def initializer_config(initializer: Any) -> Any:
    """`{"class_name": …, "config": …}` of an initializer that describes itself, otherwise itself."""
    if not hasattr(initializer, "get_config"):
        return initializer
    return {"class_name": type(initializer).__name__, "config": initializer.get_config()}
