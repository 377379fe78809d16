"""What TensorFlow's and Keras's classes learn when the first TF1 graph is made, and not before."""

from __future__ import annotations

from typing import Any

from .. import _tensorflow as _tf
from . import graph
from .bodies import lifting
from .keras import hooks as keras_hooks
from .session import Session
from .shapes import tf1_shape

__all__: list[str] = []


def _make_session(target: str, graph: Any, config: Any) -> Session:
    return Session(target, graph=graph, config=config)


def _install() -> None:
    _tf.install_hooks(graph.is_tf1, tf1_shape, _make_session, lifting.lifted)
    keras_hooks.install()


graph.before_the_first.append(_install)
