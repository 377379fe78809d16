"""`tf.contrib.slim`: what `tf.contrib.layers` and `tf.contrib.framework` have, and the loops and networks around it."""

from __future__ import annotations

from typing import Any

from tf1compat.contrib import framework, layers

__all__ = [*framework.__all__, *layers.__all__]


def __getattr__(name: str) -> Any:
    for home in (layers, framework):
        if name in home.__all__:
            return getattr(home, name)  # some load Keras, when they are asked for
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
