"""Extra control edges in graphs with TF1's control flow: `Switch`, `Merge`, `Enter`, `Exit`.

TF1's cond and while_loop are ops of the graph itself, not functions. An op in the branch that is not
taken is dead, and death spreads along control edges; an op in a loop runs once an iteration, and no edge
may enter or leave a loop but through `Enter` and `Exit`. An edge that orders two ops is moved accordingly:
it leaves a branch from the `Merge` after it, a loop from its `Exit`, and enters a loop at its `Enter`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import tensorflow as tf

__all__ = ["enters_around", "lawful_edges"]

Edge = tuple[tf.Operation, tf.Operation]


class _Place(NamedTuple):
    """Where an op stands: the loops around it, and the (predicate, outcome) pairs it needs to be alive."""

    loops: tuple[str, ...]
    conditions: frozenset[tuple[tf.Operation, int]]

    def always_with(self, other: _Place) -> bool:
        """Whether an op here is alive, and runs no more often, whenever one at `other` runs."""
        return self.loops == other.loops[: len(self.loops)] and self.conditions <= other.conditions


def lawful_edges(operations: Sequence[tf.Operation], edges: Iterable[Edge]) -> list[Edge]:
    """The edges, each moved to where it may stand; one that can stand nowhere is left out.

    `operations` stand so that each follows its inputs, but for what comes back through `NextIteration`.
    """
    edges = list(edges)
    if not edges or not any(op.type in ("Switch", "Enter") for op in operations):
        return edges
    return _Mover(operations).move(edges)


def enters_around(operations: Sequence[tf.Operation], inside: Iterable[tf.Operation]) -> list[tf.Operation]:
    """The `Enter` ops of all loops, outer ones too, around the ops `inside`."""
    enters = [op for op in operations if op.type == "Enter"]
    if not enters:
        return []
    places = _Mover(operations).places
    loops = {places[op].loops[:depth] for op in inside for depth in range(1, len(places[op].loops) + 1)}
    return [op for op in enters if places[op].loops in loops]


class _Mover:
    def __init__(self, operations: Sequence[tf.Operation]) -> None:
        self.places: dict[tf.Operation, _Place] = {}
        self._around: dict[tuple[str, ...], frozenset[tuple[tf.Operation, int]]] = {}  # outside each loop
        self._next: dict[tf.Operation, list[tf.Operation]] = {op: [] for op in operations}
        for op in operations:
            self.places[op] = self._place(op)
            for source in (*(t.op for t in op.inputs), *op.control_inputs):
                if source in self._next:
                    self._next[source].append(op)

    def move(self, edges: Iterable[Edge]) -> list[Edge]:
        result: list[Edge] = []
        moved: list[Edge] = []
        for edge in self._past_the_dead(edges):
            a, b = (self.places.get(op) for op in edge)
            if a is None or b is None or (a.loops == b.loops and a.always_with(b)):
                result.append(edge)
            else:
                moved.append(edge)
        for earlier, later in result:
            if earlier in self._next:
                self._next[earlier].append(later)
        for earlier, later in moved:
            for source in self._ways_out(earlier, self.places[later]):
                for target in self._ways_in(later, len(self.places[source].loops)):
                    if source is not target and not self._leads(target, source):
                        result.append((source, target))
                        self._next[source].append(target)
        return result

    def _past_the_dead(self, edges: Iterable[Edge]) -> Iterator[Edge]:
        """The edges, and around an op that may not run, or be done, whatever it would have waited for."""
        waits: dict[tf.Operation, dict[tf.Operation, None]] = {}
        for earlier, later in edges:
            sources = {earlier: None}
            a, b = self.places.get(earlier), self.places.get(later)
            if a is not None and b is not None and not a.always_with(b):
                sources.update(waits.get(earlier, {}))
            known = waits.setdefault(later, {})
            for source in sources:
                if source not in known and source is not later:
                    known[source] = None
                    yield source, later

    def _place(self, op: tf.Operation) -> _Place:
        loops: tuple[str, ...] = ()
        data = []
        conditions: frozenset[tuple[tf.Operation, int]] = frozenset()
        for tensor in op.inputs:
            place = self.places.get(tensor.op)
            if place is None:  # fed, a handle, or from the iteration before
                continue
            loops = max(loops, place.loops, key=len)
            alive = place.conditions
            if tensor.op.type == "Switch":
                alive |= {(_predicate(tensor.op), tensor.value_index)}
            data.append(alive)
        if data:
            conditions = frozenset.intersection(*data) if op.type == "Merge" else frozenset.union(*data)
        for source in op.control_inputs:
            if source in self.places:
                loops = max(loops, self.places[source].loops, key=len)
                conditions |= self.places[source].conditions
        if op.type == "Enter":
            loops = (*loops, op.get_attr("frame_name"))
            self._around[loops] = self._around.get(loops, frozenset()) | conditions
        elif op.type == "Exit" and loops:
            conditions = self._around.get(loops, frozenset())
            loops = loops[:-1]
        return _Place(loops, conditions)

    def _ways_out(self, op: tf.Operation, place: _Place) -> list[tf.Operation]:
        """The nearest ops after `op` (or itself) that run whenever one at `place` does."""
        found, seen, level = [], {op}, [op]
        while level:
            after = []
            for one in level:
                if self.places[one].always_with(place):
                    found.append(one)
                    continue
                for other in self._next[one]:
                    if other not in seen:
                        seen.add(other)
                        after.append(other)
            level = after
        return found

    def _ways_in(self, op: tf.Operation, depth: int) -> Iterator[tf.Operation]:
        """The op itself, or where its variables' handles enter the loop around it at `depth`."""
        if len(self.places[op].loops) == depth:
            yield op
            return
        for tensor in op.inputs:
            source = tensor.op
            if tensor.dtype != tf.resource:
                continue
            while source in self.places and source.inputs:
                if source.type == "Enter" and len(self.places[source].loops) == depth + 1:
                    yield source
                    break
                source = source.inputs[0].op

    def _leads(self, start: tf.Operation, end: tf.Operation) -> bool:
        """Whether a path leads from one op to another within an iteration: an edge back would be a cycle."""
        seen, stack = {start}, [start]
        while stack:
            op = stack.pop()
            if op is end:
                return True
            if op.type == "NextIteration":
                continue
            for other in self._next.get(op, ()):
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
        return False


def _predicate(switch: tf.Operation) -> tf.Operation:
    """The op that decides a switch, seen through the copies that TF1's cond makes of it."""
    op = switch.inputs[1].op
    while op.type == "Identity":
        op = op.inputs[0].op
    return op
