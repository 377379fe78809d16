"""What a TF1 program counts on in its process, to be asked for at its start."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any, TypeVar

from .numpy_mends import restore_printing, restore_promotion

__all__ = ["as_numpy_1", "in_graph", "keras_fits"]

_Result = TypeVar("_Result")


def as_numpy_1() -> None:
    """Have NumPy 2 print scalars in lists as NumPy 1 did ([0.5], not [np.float32(0.5)]), and, where it can (NumPy 2.0
    and 2.1), promote types as NumPy 1 did: `float32_array / np.sqrt(2.)` is float32. For the whole process."""
    numpy = importlib.import_module("numpy")
    restore_printing(numpy)
    restore_promotion(numpy)


def keras_fits() -> None:
    """Have a Keras model's `fit`, `evaluate` and `predict` work where they are called in a TF1 graph, on the values in
    Keras's Session; else such a call is refused, and `with tf1compat.eager():` is the way. For the whole process."""
    sessions: Any = importlib.import_module("tf1compat.graph.keras.sessions")
    sessions.leaves_the_graph = True


def in_graph(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """The function, which enters a new TF1 default graph first where the thread that calls it is in none: each thread
    of a TF1 program began so, those of TensorFlow 2 begin eagerly.

        threading.Thread(target=tf1compat.legacy.in_graph(work)).start()
    """

    @functools.wraps(function)
    def entered(*args: Any, **kwargs: Any) -> _Result:
        importlib.import_module("tf1compat.graph").enter_default_graph()
        return function(*args, **kwargs)

    return entered
