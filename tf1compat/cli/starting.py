"""TensorFlow loads in half the time: every start of a program pays for it.

Half of `import tensorflow` is Keras, which TensorFlow loads at the end of its own import, with whatever of pandas,
scikit-learn and matplotlib is installed; most of TF1's programs use none of it. Here it loads when somebody first asks
for `tf.keras`, or imports `keras`. A fourth is Python looking, over and over, for garbage among half a million new
objects that all stay; it is told so.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator
from types import ModuleType

import tf1compat

from .on_import import around_import

__all__ = ["install"]

#: What TensorFlow imports last, and does without where that fails.
_LOADS_KERAS = "keras.src.optimizers"


def install() -> None:
    around_import("tf1compat.v1", _collecting_no_garbage)
    around_import("tensorflow", _collecting_no_garbage)
    around_import("tensorflow", _without_keras)
    around_import("keras", _outside_of_the_graph)


@contextlib.contextmanager
def _collecting_no_garbage(module: ModuleType) -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()  # what has been loaded; the next look for garbage would go through it all
            gc.enable()


@contextlib.contextmanager
def _without_keras(tensorflow: ModuleType) -> Iterator[None]:
    if "keras" in sys.modules:  # it may be Keras that imports TensorFlow
        yield
        return
    sys.modules[_LOADS_KERAS] = None  # type: ignore[assignment] # which makes an import of it fail
    try:
        yield
    finally:
        sys.modules.pop(_LOADS_KERAS, None)


@contextlib.contextmanager
def _outside_of_the_graph(keras: ModuleType) -> Iterator[None]:
    """Keras's modules run as they do where TensorFlow loads them: eagerly."""
    if "tf1compat.graph" not in sys.modules:
        yield
        return
    with tf1compat.eager():
        yield
