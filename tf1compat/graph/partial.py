"""Partial runs: one run of a graph in several calls, each op of it running once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from . import feeds, fetches
from .running import pruning

__all__ = ["PartialRun"]


class PartialRun:
    """What `partial_run_setup` returns.

    Each call computes what its fetches need and keeps every tensor that a later fetch may read, so
    that what ran once does not run again; later calls are fed with what was kept.
    """

    def __init__(self, session: Any, asked: Any, fed: Sequence[Any]) -> None:
        self._session = session
        graph = session.graph
        self._fetchable = {id(e): e for e in fetches.resolve(graph, asked).elements}
        if not self._fetchable:
            raise _refused("Must specify at least one target to fetch or execute.")
        resolved = feeds.resolve(graph, dict.fromkeys(fed))
        self._feedable = {id(t): t for t in resolved.tensors}
        self._values: dict[int, tuple[tf.Tensor, Any]] = {}
        self._fetched: set[int] = set()
        self._ran: set[tf.Operation] = set()
        targets = [_op(e) for e in self._fetchable.values()]
        self._all = set(pruning.needed(graph, targets, resolved.tensors).operations)

    def run(self, asked: Any, feed_dict: Mapping[Any, Any]) -> Any:
        """Compute `asked` with more feeds.

        Raises:
          InvalidArgumentError: for a fetch or feed that was not named at the setup, or that came before.
        """
        session, graph = self._session, self._session.graph
        wanted = fetches.resolve(graph, asked)
        for element in wanted.elements:
            if id(element) not in self._fetchable:
                raise _refused(f"The fetch {element.name} was not specified in partial_run_setup.")
            if id(element) in self._fetched:
                raise _refused(f"The fetch {element.name} has already been fetched.")
        given = feeds.resolve(graph, feed_dict)
        values = list(feed_dict.values())
        values = given.expand(values) if given.expand else values
        for tensor, key, value in zip(given.tensors, given.keys, values, strict=True):
            if id(tensor) not in self._feedable:
                raise _refused(f"The feed {tensor.name} was not specified in partial_run_setup.")
            if id(tensor) in self._values:
                raise _refused(f"The feed {tensor.name} has already been fed.")
            self._values[id(tensor)] = (tensor, feeds.converter(tensor, key, copies=True)(value))

        fed = [tensor for tensor, _ in self._values.values()]
        part = pruning.needed(graph, [_op(e) for e in wanted.elements], fed)
        now = set(part.operations) - part.fed_away
        again = {op for op in now & self._ran if op.outputs}
        later = self._all - now - self._ran
        read_later = [
            tensor
            for op in now - again
            for tensor in op.outputs
            if id(tensor) not in self._values and any(consumer in later for consumer in tensor.consumers())
        ]
        elements = [*wanted.elements, *[t for t in read_later if all(t is not e for e in wanted.elements)]]
        function, places = session._plans.function(elements, fed)
        eager = [value for _, value in self._values.values()]
        outputs = session._calls.call(function, eager)
        results = []
        for element, (source, place) in zip(elements, places, strict=True):
            value = None if source is None else (outputs if source else eager)[place]
            if value is not None:
                self._values.setdefault(id(element), (element, value))
            results.append(None if value is None else value.numpy())
        self._ran |= now
        self._fetched |= {id(e) for e in wanted.elements}
        return wanted.assemble(results[: len(wanted.elements)])


def _op(element: Any) -> tf.Operation:
    return element if isinstance(element, tf.Operation) else element.op


def _refused(message: str) -> tf.errors.InvalidArgumentError:
    return tf.errors.InvalidArgumentError(None, None, message)
