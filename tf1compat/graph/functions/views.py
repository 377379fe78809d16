"""What a step sees of its graph while it is traced.

Every trace of a step sees the names, collections and variable scopes that the first one saw when it began:
so a second trace names, finds and collects what the first did, as if the first had not been. What it makes
beside operations goes into the view, and joins the graph when the trace ends well.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from ..variables import is_variable

__all__ = ["Snapshot", "View", "alive"]

#: The views of the traces that are under way, in whatever thread.
alive: list[View] = []


class Snapshot:
    """Names in use, collections and variable scopes of a graph, as this thread sees them now."""

    def __init__(self, graph: Any) -> None:
        self.names = dict(graph.own_names)
        self.keras_names = dict(graph.keras_names)
        self.version = graph.version
        self.collections = _copied(graph.own_collections)


class View:
    """A thread's own collections, and in a second trace its own names, of a graph that it builds into.

    names: lower-case names that are taken, as `tf.Graph` counts them; None where the graph's own count.
    """

    def __init__(self, graph: Any, snapshot: Snapshot, names: bool) -> None:
        self.thread = threading.get_ident()
        self._graph = graph
        self._before = snapshot.collections
        self._begin = graph.version
        self._unseen = range(snapshot.version, self._begin)  # operations made since then, which are not in the view
        self._old: set[tf.Operation] = set()  # older ones that those of the view use, and what they use
        #: What an operation of the view is called in it -> its name in the graph.
        self.named: dict[str, str] = {}
        self.collections = _copied(snapshot.collections)
        self.names: dict[str, int] | None = dict(snapshot.names) if names else None
        #: Handle op's name -> (collection, variable) for the variables that may join this view.
        self._listed: dict[str, list[tuple[Any, Any]]] = {}
        if names:
            self.know(
                (key, item) for key, items in graph.own_collections.items() for item in items if is_variable(item)
            )

    @contextlib.contextmanager
    def real_names(self) -> Iterator[None]:
        """The graph's own names count in the block."""
        names, self.names = self.names, None
        try:
            yield
        finally:
            self.names = names

    def real_name(self, name: str) -> str:
        """The graph's name for what an operation or tensor is called in this view.

        Raises:
          KeyError: for one that is not in the view.
        """
        op_name, colon, output = name.partition(":")
        if op_name in self.named:
            return self.named[op_name] + colon + output
        with self.real_names():
            op = self._graph.get_operation_by_name(op_name)
        if _tf.op_index(op) in self._unseen:
            raise KeyError(f"The name {name!r} refers to an operation which another trace of this step made.")
        return name

    def know(self, listed: Iterable[tuple[Any, Any]]) -> None:
        """(collection, variable) pairs: what joins the collections of this view once it is used here."""
        for key, variable in listed:
            self._listed.setdefault(_tf.variable_handle_of(variable).op.name, []).append((key, variable))

    def made(self, op: tf.Operation) -> None:
        """An operation was made: the variables that it uses are in this view's collections from now on."""
        if not self._listed:
            return
        stack = [tensor.op for tensor in op.inputs]
        while stack:
            source = stack.pop()
            if source.type == "VarHandleOp":
                self.join(source.name)
            elif _tf.op_index(source) < self._begin and source not in self._old:  # a read that was cached, perhaps
                self._old.add(source)
                stack.extend(tensor.op for tensor in source.inputs)

    def join(self, name: str) -> None:
        """List the variable whose handle op has this name in the collections that list it elsewhere."""
        for key, variable in self._listed.pop(name, ()):
            items = self.collections.setdefault(key, [])
            if not any(item is variable for item in items):
                items.append(variable)

    def added(self) -> list[tuple[Any, Any]]:
        """(collection, item) pairs that came during the trace, in order; stores of variable scopes left out."""
        found: list[tuple[Any, Any]] = []
        for key, items in self.collections.items():
            if key not in _tf.VARIABLE_STORES:
                before = set(map(id, self._before.get(key, ())))
                found.extend((key, item) for item in items if id(item) not in before)
        return found

    def merge(self, keep: Iterable[tuple[Any, Any]]) -> None:
        """Put (collection, item) pairs, and what variable scopes know now, into the graph."""
        own = self._graph.own_collections
        known = {key: set(map(id, items)) for key, items in own.items()}
        for key, item in keep:
            if id(item) not in known.get(key, ()):
                own.setdefault(key, []).append(item)
        _tf.merge_variable_stores(self.collections, own)


def _copied(collections: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
    copies = {key: list(items) for key, items in collections.items() if key not in _tf.VARIABLE_STORES}
    copies.update(_tf.copied_variable_stores(collections))
    return copies
