"""What a Session has worked out so far: a plan for each thing asked of it, a compiled function for each signature."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from .. import errors, feeds, fetches
from ..state import reclaiming
from .compiled import Compiled, compile_function

__all__ = ["CACHE_SIZE", "Place", "Plan", "Plans", "answer"]

#: How many plans a Session keeps; beyond, the least recently used quarter goes.
CACHE_SIZE = 512

#: Where a fetched element's value is found: (True, n) for output n, (False, n) for fed value n, (None, 0) for an
#: operation, which has none.
Place = tuple[bool | None, int]


@dataclasses.dataclass(slots=True, eq=False)
class Plan:
    """What a signature, by identity of what was asked, resolves to.

    places: one for each fetched element. assemble: makes the answer's shape of their values.
    expands: makes the list of fed values from the values of the feed dictionary; None where they are the same.
    convert: one converter a fed value. kept: the objects whose identity the signature goes by.
    """

    function: Compiled
    places: list[Place]
    assemble: Callable[[list[Any]], Any]
    expands: Callable[[list[Any]], list[Any]] | None
    convert: list[Callable[[Any], Any]]
    kept: list[Any]
    used: int = 0

    def values(self, feed_dict: Mapping[Any, Any]) -> list[Any]:
        """What the function takes, from what is fed."""
        given = list(feed_dict.values())
        if self.expands is not None:
            given = self.expands(given)
        return [convert(value) for convert, value in zip(self.convert, given, strict=True)]


def answer(
    places: list[Place], assemble: Callable[[list[Any]], Any], outputs: list[Any], values: list[Any]
) -> Any:
    """What `Session.run` returns: numpy values in the shape asked."""
    results: list[Any] = []
    for source, place in places:
        if source is None:
            results.append(None)
        else:
            results.append((outputs if source else values)[place].numpy())
    return assemble(results)


class Plans:
    """The plans and functions of one Session.

    Args:
      graph, resources, placer, settings: the Session's.
    """

    def __init__(self, graph: Any, resources: Any, placer: Any, settings: Any) -> None:
        self._graph, self._resources, self._placer, self._settings = graph, resources, placer, settings
        self._plans: dict[Any, Plan] = {}
        self._functions: dict[Any, tuple[Compiled, list[Any]]] = {}
        self._lock = threading.RLock()
        self._clock = 0

    def clear(self) -> None:
        self._plans.clear()
        self._functions.clear()

    def find(self, asked: Any, feed_dict: Mapping[Any, Any] | None) -> Plan:
        """The plan for fetches and feeds, made where they are asked for the first time."""
        if feed_dict:
            if type(feed_dict) is not dict and not isinstance(feed_dict, Mapping):
                raise TypeError(f"feed_dict must be a dictionary, but got {type(feed_dict)}")
            key = (fetches.cache_key(asked, []), *map(id, feed_dict))
        else:
            key = fetches.cache_key(asked, [])
        plan = self._plans.get(key)
        if plan is None:
            plan = self._make(key, asked, feed_dict or {})
        self._clock = plan.used = self._clock + 1
        return plan

    def _make(self, key: Any, asked: Any, feed_dict: Mapping[Any, Any]) -> Plan:
        kept: list[Any] = [asked, list(feed_dict)]
        fetches.cache_key(asked, kept)
        wanted = fetches.resolve(self._graph, asked)
        given = feeds.resolve(self._graph, feed_dict)
        function, places = self.function(wanted.elements, given.tensors)
        convert = [
            feeds.converter(tensor, feed_key, at in function.keeps)
            for at, (tensor, feed_key) in enumerate(zip(given.tensors, given.keys, strict=True))
        ]
        plan = Plan(function, places, wanted.assemble, given.expand, convert, kept)
        with self._lock:
            if len(self._plans) >= CACHE_SIZE:
                self._forget()
            self._plans[key] = plan
        return plan

    def _forget(self) -> None:
        by_use = sorted(self._plans, key=lambda key: self._plans[key].used)
        for key in by_use[: CACHE_SIZE // 4]:
            del self._plans[key]
        alive = {id(plan.function) for plan in self._plans.values()}
        for signature, (function, _) in list(self._functions.items()):
            if id(function) not in alive:
                del self._functions[signature]
        reclaiming.reclaim()

    def function(
        self, elements: Sequence[Any], fed: Sequence[tf.Tensor], settings: Any = None
    ) -> tuple[Compiled, list[Place]]:
        """The compiled function for elements to fetch, and each one's place."""
        for element in elements:
            if not self._graph.is_fetchable(element):
                raise errors.not_fetchable(element)
        fed_places = {id(tensor): at for at, tensor in enumerate(fed)}
        tensors = [e for e in elements if not isinstance(e, tf.Operation) and id(e) not in fed_places]
        operations = [e for e in elements if isinstance(e, tf.Operation)]
        settings = settings or self._settings
        signature = (tuple(map(id, tensors)), tuple(map(id, operations)), tuple(map(id, fed)), settings.xla)
        with self._lock:
            known = self._functions.get(signature)
            if known is None:
                function = compile_function(
                    self._graph, tensors, operations, fed, self._resources, self._placer, settings, self.evaluate
                )
                known = self._functions[signature] = (function, [tensors, operations, list(fed)])
        output_places = {id(tensor): at for at, tensor in enumerate(tensors)}
        places: list[Place] = []
        for element in elements:
            if isinstance(element, tf.Operation):
                places.append((None, 0))
            elif id(element) in fed_places:
                places.append((False, fed_places[id(element)]))
            else:
                places.append((True, output_places[id(element)]))
        return known[0], places

    def evaluate(self, tensors: list[tf.Tensor]) -> list[Any]:
        """Eager values of tensors that need no feeds; handles' own inputs are asked for with it."""
        if not tensors:
            return []
        function, places = self.function(tensors, [])
        outputs = function([])
        return [outputs[at] for _, at in places]
