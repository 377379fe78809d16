"""Defaults and activations that TF 1.15's Keras had otherwise than Keras 3."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .inside import in_script, translated

__all__ = ["install"]

#: Recurrent layers and cells: the argument whose default was another, its place, and that default.
_DEFAULTS: dict[str, tuple[tuple[str, int, Any], ...]] = {
    **dict.fromkeys(("LSTM", "LSTMCell"), (("recurrent_activation", 2, "hard_sigmoid"),)),
    **dict.fromkeys(
        ("GRU", "GRUCell"), (("recurrent_activation", 2, "hard_sigmoid"), ("reset_after", sys.maxsize, False))
    ),
}


def hard_sigmoid(x: Any) -> Any:
    """`x / 5 + 1/2`, between 0 and 1; Keras 3's is `x / 6 + 1/2`."""
    return tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)


def install(keras: Any) -> None:
    keras.saving.register_keras_serializable(package="tf1compat")(hard_sigmoid)
    for name, defaults in _DEFAULTS.items():
        translated(getattr(keras.layers, name), "__init__", _with_defaults(defaults))
    activations: Any = sys.modules["keras.src.activations"]  # where layers look their activations up
    activations.get = _activation(activations.get)


def _with_defaults(defaults: tuple[tuple[str, int, Any], ...]) -> Callable[..., None]:
    def init(plain: Callable[..., None], layer: Any, *args: Any, **kwargs: Any) -> None:
        for name, place, value in defaults:
            if len(args) <= place:
                kwargs.setdefault(name, value)
        plain(layer, *args, **kwargs)

    return init


def _activation(plain: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(plain)
    def get(identifier: Any) -> Any:
        if isinstance(identifier, str) and identifier == "hard_sigmoid" and in_script():
            return hard_sigmoid
        return plain(identifier)

    return get
