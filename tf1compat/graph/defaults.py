"""The default graph of a thread, and the way back to eager mode."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from .graph import Graph, is_tf1

__all__ = ["begin_anew", "eager", "enter_default_graph", "get_default_graph", "reset_default_graph"]


class _Base(threading.local):
    """The graph at the bottom of this thread's stack, and how deep in `eager` blocks the thread is."""

    graph: Graph | None = None
    eager_blocks: int = 0
    #: Whether the graph was asked for in an `eager` block, and is entered when that ends.
    waits: bool = False


_base = _Base()


def enter_default_graph() -> Graph:
    """Put this thread into graph mode with a new default graph, as every TF1 thread began.

    Does nothing where the thread has one already. In an `eager` block the thread stays eager until the
    block ends. Returns the thread's default graph.
    """
    if _base.graph is None and _base.eager_blocks:
        _base.graph, _base.waits = Graph(), True
    elif _base.graph is None:
        _enter(Graph())
    return get_default_graph()


def _enter(graph: Graph) -> None:
    _base.graph, _base.waits = graph, False
    _tf.enter_for_good(graph)


def get_default_graph() -> Any:
    """The default graph of this thread; inside a loop's or cond's body, the body's."""
    if not _tf.graph_stack():
        return enter_default_graph()
    graph = tf.compat.v1.get_default_graph()
    if is_tf1(graph):
        return graph
    for entered in reversed(_tf.graph_stack()):
        if is_tf1(entered):
            return entered
    return _base.graph if _base.waits and _base.graph is not None else enter_default_graph()


def reset_default_graph() -> None:
    """Begin a new default graph in this thread.

    Raises:
      AssertionError: inside a `with graph.as_default()` block, as TF1 did.
    """
    stack = _tf.graph_stack()
    if _base.graph is None:
        if stack:
            raise AssertionError(_NESTED)
        enter_default_graph()
        return
    if not stack or stack[-1] is not _base.graph or stack.count(_base.graph) > 1:
        raise AssertionError(_NESTED)
    _tf.leave(_base.graph)
    _enter(Graph())


def begin_anew() -> Graph:
    """Begin a new default graph in this thread whatever was left entered there, as tests that failed do."""
    if _base.graph is not None:
        _tf.leave_all(_base.graph)
    _enter(Graph())
    return get_default_graph()


_NESTED = (
    "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared graph, exit the "
    "nesting and create a new graph."
)


@contextlib.contextmanager
def eager() -> Iterator[None]:
    """Eager mode for the block: TF2 code, Keras `fit`, `tf.function`, in a thread that is in a TF1 graph.

        with tf1compat.eager():
            model.fit(x, y)

    The graph that is built around the block stays as it is; what is made inside is not of it.
    """
    _base.eager_blocks += 1
    try:
        with tf.Graph().as_default(), _tf.eager_mode():
            yield
    finally:
        _base.eager_blocks -= 1
        if _base.waits and _base.graph is not None and not _base.eager_blocks:
            _enter(_base.graph)
