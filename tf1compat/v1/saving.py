"""`Saver.save` and `Saver.restore` from threads that no TF1 graph was entered in.

TensorFlow 2 starts threads eager, and a `Saver` in an eager thread takes itself for an eager one. TF1
programs save from threads of their own, and `tf.train.Supervisor` does from one of its.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.graph import Graph

__all__ = ["install"]


def install() -> None:
    """Have both methods work on the graph of the Session they are given, if that is one of ours."""
    saver = tf.compat.v1.train.Saver
    for name in ("save", "restore"):
        plain = getattr(saver, name)
        if not hasattr(plain, "in_graph_of_session"):
            setattr(saver, name, _in_graph_of_session(plain))


def _in_graph_of_session(plain: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(plain)
    def method(self: Any, sess: Any, *args: Any, **kwargs: Any) -> Any:
        graph = getattr(sess, "graph", None)
        if tf.executing_eagerly() and isinstance(graph, Graph):
            with graph.as_default():
                return plain(self, sess, *args, **kwargs)
        return plain(self, sess, *args, **kwargs)

    method.in_graph_of_session = True  # type: ignore[attr-defined]
    return method
