"""`model.compile` with an optimizer of `tf.train`, in a program of TF1's."""

from __future__ import annotations

from typing import Any

from tf1compat.graph.keras.scripts import compiling

__all__ = ["install"]


def install() -> None:
    """Have `compile` make Keras optimizers of TF1's."""
    compiling.of_tf1 = _keras_optimizer


def _keras_optimizer(optimizer: Any) -> Any:
    from tf1compat.keras.optimizers import converting  # which needs Keras loaded

    return converting.of_rule(optimizer)
