"""Keras's way with variables in TF1's layers: each layer makes its own, and no variable scope shares them.

A layer (or recurrent cell) made under it names its variables by its own name (`dense_1/kernel`), and takes
neither `scope` nor `reuse`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

__all__ = ["keras_style_scope", "set_keras_style"]

_on = False


@contextlib.contextmanager
def keras_style_scope() -> Iterator[None]:
    """Layers made in the block manage their variables as Keras does."""
    global _on
    before, _on = _on, True
    try:
        yield
    finally:
        _on = before


def set_keras_style() -> None:
    """All layers that this program makes from now on manage their variables as Keras does."""
    global _on
    _on = True


def is_keras_style() -> bool:
    """Whether a layer that is made now does so."""
    return _on
