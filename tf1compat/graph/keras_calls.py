"""Which ops of a graph a Keras layer's call made, and which of them write the layer's own state.

Keras writes dropout's seed and batch normalisation's statistics as statements and leaves it to
`tf.function` to run them. A TF1 graph runs only what is fetched, so the Session asks here which
writes go with the calls that a run computes.
"""

from __future__ import annotations

import bisect
import contextlib
import functools
import importlib.abc
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["CallLog", "watch_for_keras"]


def writes_a_variable(op: tf.Operation) -> bool:
    """Whether an op changes the variable whose handle is its first input."""
    return op.type.startswith(("Assign", "ResourceScatter")) and bool(op.inputs) and (
        op.inputs[0].dtype == tf.resource
    )


class _Call:
    def __init__(self, start: int) -> None:
        self.start, self.end = start, start
        self.apart: list[tuple[int, int]] = []  # ops made meanwhile to create variables
        self.inner: list[tuple[int, int]] = []  # ops of the calls inside this one
        self.writes: list[tf.Operation] = []

    def computed_by(self, ids: list[int]) -> bool:
        """Whether any of the sorted op ids is one of the call's."""
        at = bisect.bisect_left(ids, self.start)
        while at < len(ids) and ids[at] < self.end:
            if not any(low <= ids[at] < high for low, high in self.apart):
                return True
            at += 1
        return False


def _ops_made(graph: tf.Graph) -> int:
    return graph.version


class CallLog:
    """The calls of Keras layers that built parts of one graph."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._open = threading.local()

    @property
    def _stack(self) -> list[_Call]:
        if not hasattr(self._open, "stack"):
            self._open.stack = []
        return self._open.stack

    @contextlib.contextmanager
    def call(self, graph: tf.Graph) -> Iterator[None]:
        """The ops made in this block are one layer call's; its writes are the layer's state."""
        call = _Call(_ops_made(graph))
        self._stack.append(call)
        try:
            yield
        finally:
            self._stack.pop()
            operations = graph.get_operations()
            call.end = _ops_made(graph)
            made = operations[call.start : call.end]
            not_its_own = call.apart + call.inner  # what an inner call wrote is the inner call's
            call.writes = [
                op
                for at, op in enumerate(made, call.start)
                if writes_a_variable(op) and not any(low <= at < high for low, high in not_its_own)
            ]
            if self._stack:
                self._stack[-1].inner.append((call.start, call.end))
            if call.writes:
                self._calls.append(call)

    @contextlib.contextmanager
    def not_the_layers(self, graph: tf.Graph) -> Iterator[None]:
        """The ops made in this block make a variable; running them does not compute the call."""
        if not self._stack:
            yield
            return
        start = _ops_made(graph)
        try:
            yield
        finally:
            for call in self._stack:
                call.apart.append((start, _ops_made(graph)))

    def __bool__(self) -> bool:
        return bool(self._calls)

    def writes_of(self, ids: Iterable[int]) -> list[tf.Operation]:
        """The state writes of the calls that any of these ops belongs to."""
        ordered = sorted(ids)
        return [op for call in self._calls if call.computed_by(ordered) for op in call.writes]

    def within(self, op_id: int) -> bool:
        """Whether an op was made by a layer call that writes state."""
        return any(call.computed_by([op_id]) for call in self._calls)


def _log_calls(keras: Any) -> None:
    """Wrap `keras.layers.Layer.__call__`; it does nothing but where a TF1 graph is being built."""
    layer = keras.layers.Layer
    plain = layer.__call__
    if getattr(plain, "logs_tf1_calls", False):
        return

    @functools.wraps(plain)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        if tf.executing_eagerly():
            return plain(self, *args, **kwargs)
        graph = tf.compat.v1.get_default_graph()
        outer = _tf.outermost(graph)
        log = getattr(outer, "keras_calls", None)
        if log is None:
            return plain(self, *args, **kwargs)
        if graph is not outer:
            return _call_in_body(plain, graph, self, args, kwargs)
        with log.call(graph):
            return plain(self, *args, **kwargs)

    __call__.logs_tf1_calls = True  # type: ignore[attr-defined]
    layer.__call__ = __call__


def _call_in_body(plain: Any, body: Any, layer: Any, args: Any, kwargs: Any) -> Any:
    """A layer called in a cond or loop body: its state writes run whenever the body does."""
    start = len(body.get_operations())
    result = plain(layer, *args, **kwargs)
    for op in body.get_operations()[start:]:
        if writes_a_variable(op) and op not in body.control_outputs:
            body.control_outputs.append(op)
    return result


class _AfterKeras(importlib.abc.MetaPathFinder):
    """Waits for `import keras`, wraps the layers' call, and steps aside."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != "keras" or self not in sys.meta_path:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            _log_calls(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


_watching = False


def watch_for_keras() -> None:
    """Log layer calls from now on, or from the moment that Keras is imported."""
    global _watching
    if _watching:
        return
    _watching = True
    if "keras" in sys.modules and hasattr(sys.modules["keras"], "layers"):
        _log_calls(sys.modules["keras"])
    else:
        sys.meta_path.insert(0, _AfterKeras())
