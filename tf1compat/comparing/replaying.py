"""Runs a program here after its recording: each `Session.run` beside the one that TensorFlow 1 did.

Every run starts from the variables' values, and is fed the batches, that the recorded one had; the random numbers
and the inputs that were recorded are fed in the place of the ops that gave them. The program gets TensorFlow 1's
results back, so that it goes the same way. Beside each Session a second one runs free: it has the recording's
initial values and feeds, and is never put back on the track.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from .. import _tensorflow as _tf
from ..graph.functions import calling
from ..graph.graph import is_tf1
from ..graph.session import Session
from .differences import difference
from .elements import (
    INPUT,
    element_name,
    leaves,
    op_of,
    seeds_of,
    sources_of,
    value_at,
    with_seeds_in_branches,
    writes_within,
)
from .matching import Counterparts, shown
from .pairs import Pair
from .recorder import Finished
from .recording import Recording, Run
from .results import Results
from .summaries import summary_difference

__all__ = ["Replayer"]

#: What another run of the same should not do a second time.
_WRITES_FILES = ("Save", "SaveV2", "SaveSlices", "MergeV2Checkpoints", "WriteFile", "WriteSummary")


class Replayer:
    """Stands before `Session.run`, from `install()` on; `results` grows with each run of the installing thread.

    Args:
      recording: what TensorFlow 1 did.
      tolerance: what counts as the same, for telling a race from a difference.
      with_free: whether a second Session runs free beside each.
      finish: called once, when the recording is at its end and the program is about to be stopped.
    """

    def __init__(
        self, recording: Recording, tolerance: float, with_free: bool = True, finish: Callable[[], None] = lambda: None
    ) -> None:
        self.results = Results()
        self._recording, self._tolerance, self._with_free, self._finish = recording, tolerance, with_free, finish
        self._counterparts = Counterparts(recording, self.results)
        self._pairs: dict[int, Pair] = {}
        self._thread, self._inside = threading.get_ident(), False
        self._original: Any = None

    def install(self) -> None:
        """From now on compare what Sessions run."""
        self._original = original = Session.run

        @functools.wraps(original)
        def run(session: Any, fetches: Any, *args: Any, **kwargs: Any) -> Any:
            if self._inside or threading.get_ident() != self._thread or type(fetches) in calling.STEPS:
                return original(session, fetches, *args, **kwargs)
            given = dict(zip(("feed_dict", "options", "run_metadata"), args, strict=False)) | kwargs
            self._inside = True
            try:
                return self._run(session, fetches, **given)
            finally:
                self._inside = False

        Session.run = run  # type: ignore[assignment, method-assign]
        self._restore_seeds = seed_branches()

    def uninstall(self) -> None:
        """No longer."""
        Session.run = self._original  # type: ignore[method-assign]
        self._restore_seeds()

    # One run.

    def _run(
        self, session: Any, fetches: Any, feed_dict: Mapping[Any, Any] | None = None, options: Any = None,
        run_metadata: Any = None,
    ) -> Any:  # fmt: skip
        names = [element_name(session.graph, thing) for _, thing in leaves(fetches)]
        known = next((pair for pair in self._pairs.values() if pair.session is session), None)
        if self._counterparts.is_at_its_end() and self._recording.ending.reason != "exit":
            self._finish()
            raise Finished(0)
        run = self._counterparts.match(None if known is None else known.number, names)
        if run is None:
            return self._original(session, fetches, feed_dict, options, run_metadata)
        pair = known or Pair(session, run.session, self._with_free)
        self._pairs[run.session] = pair
        for name, why in pair.restart(run.before).items():
            self.results.fail(f"the variable {name} cannot be given its value of TensorFlow 1: {why}")
        feeds = {**self._feeds(session.graph, run, feed_dict), **self._drawn(session.graph, run)}
        result = self._once(session, run, fetches, feeds, options, run_metadata)
        values = [value_at(result, path) for path, _ in leaves(fetches)]
        free = self._run_free(pair, run, names, fetches, feeds)
        self._compare(pair, run, names, values, free, feeds)
        self.results.runs += 1
        self.results.steps += run.step
        if len(run.values) != len(values):
            return result
        return _rebuilt(fetches, result, iter(run.values))

    def left_over(self) -> int:
        """How many recorded runs the program has not done here."""
        return self._counterparts.left_over()

    def _feeds(self, graph: Any, run: Run, feed_dict: Mapping[Any, Any] | None) -> dict[Any, Any]:
        """The recorded batches; what the program feeds here stands only where none was recorded."""
        recorded = {name: value for name, value in run.feeds.items() if _has(graph, name)}
        feeds: dict[Any, Any] = dict(recorded)
        keys = list(feed_dict or {})
        for path, thing in leaves(keys):
            name = element_name(graph, thing)
            value = value_at(list((feed_dict or {}).values()), path) if len(path) == 1 else None
            if name not in recorded:
                if len(path) > 1:
                    continue
                feeds[thing] = value
                self.results.note(f"{name} was fed by the program here: it was not fed under TensorFlow 1")
            elif value is not None and difference(run.feeds[name], value) > self._tolerance:
                self.results.once(self.results.feeds, [name])
        return feeds

    def _drawn(self, graph: Any, run: Run) -> dict[Any, Any]:
        """What random ops and inputs gave, for those that would not give the same here."""
        feeds = {}
        for name, value in run.drawn.items():
            if not _has(graph, name):
                self.results.note(f"{name} could not be replayed: there is no such op here")
                continue
            op = graph.as_graph_element(name).op
            if op.type not in INPUT and any(run.seeds[name]) and run.seeds[name] == seeds_of(op):
                continue
            feeds[name] = value
        self.results.once(self.results.replayed, list(feeds))
        return feeds

    def _once(self, session: Any, run: Run, fetches: Any, feeds: dict[Any, Any], options: Any, metadata: Any) -> Any:
        try:
            result = self._original(session, fetches, feeds, options, metadata)
        except tf.errors.OpError as error:
            if run.raised is None:
                self.results.fail(f"run {run.number} ({shown(run.fetches)}) raised here: {error}")
            elif run.raised != type(error).__name__:
                self.results.fail(f"run {run.number} raised {run.raised} there and {type(error).__name__} here")
            raise
        if run.raised is not None:
            self.results.fail(f"run {run.number} ({shown(run.fetches)}) raised {run.raised} there and nothing here")
            raise getattr(tf.errors, run.raised)(None, None, "as under TensorFlow 1")
        return result

    def _run_free(
        self, pair: Pair, run: Run, names: list[str], fetches: Any, feeds: dict[Any, Any]
    ) -> list[Any] | None:
        """The same in the Session that runs free."""
        if pair.free is None:
            return None
        graph = pair.session.graph
        if any(_writes_files(op_of(graph, name)) for name in names if name != "?"):
            return None
        waits = [op for name in names if name != "?" for op in _inputs(graph, name, feeds)]
        try:
            if waits:
                raise RuntimeError(f"{waits[0]} gives it no input")
            result = self._original(pair.free, fetches, feeds)
        except Exception as error:
            self.results.note(f"no free run beyond run {run.number}: {str(error).partition(chr(10))[0]}")
            pair.free = None
            return None
        pair.free_variables.write({name: value for name, value in run.after.items() if name not in run.before})
        return [value_at(result, path) for path, _ in leaves(fetches)]

    def _compare(
        self, pair: Pair, run: Run, names: list[str], values: list[Any], free: list[Any] | None, feeds: dict[Any, Any]
    ) -> None:
        after = pair.variables.read(run.after)
        free_after = pair.free_variables.read(run.after) if free is not None else {}
        lost = [op for ops in run.lost for op in ops]
        self.results.once(self.results.lost, lost)
        self.results.once(self.results.unordered, run.unordered)
        for at, (name, there, here) in enumerate(zip(run.fetches, run.values, values, strict=False)):
            if there is None:
                continue
            row = self.results.row("fetch", name)
            if run.lost[at]:
                row.random += 1
                continue
            is_summary = _is_summary(pair.session.graph, names[at])
            measure = summary_difference if is_summary else difference
            apart = measure(there, here)
            if apart and _raced(run, name.removesuffix(":0"), there, here):
                row.raced += 1
                continue
            if apart > self._tolerance and run.unordered:
                late = self._late(pair, run, names[at], feeds)
                if late is not None:
                    late_apart = summary_difference(there, here, late) if is_summary else difference(there, late)
                    if late_apart <= self._tolerance:
                        row.raced += 1
                        continue
            drift = None if free is None else measure(there, free[at])
            row.points.append(_point(run, apart, drift, there, here if free is None else free[at]))
        for name, there in run.after.items():
            if name not in after:
                self.results.fail(f"the variable {name} of TensorFlow 1 is none here, or has no value")
                continue
            before = run.before.get(name)
            if before is not None and before is there and difference(before, after[name]) == 0:
                continue
            row = self.results.row("variable", name)
            if lost:
                row.random += 1
                continue
            apart = difference(there, after[name])
            drift = difference(there, free_after[name]) if name in free_after else None
            row.points.append(_point(run, apart, drift, there, free_after.get(name, after[name])))


    def _late(self, pair: Pair, run: Run, name: str, feeds: dict[Any, Any]) -> Any:
        """What a fetch is where it reads raced variables as the run left them under TensorFlow 1, whose reads could.

        None where that cannot be told: for an op, and for what writes itself, of which a second run makes more.
        """
        graph = pair.session.graph
        if ":" not in name or writes_within(graph, name, {element_name(graph, key) for key in feeds}):
            return None
        written = {variable: run.after[variable] for variable in run.unordered if variable in run.after}
        pair.variables.write({**run.before, **written})
        try:
            return self._original(pair.session, name, feeds)
        except tf.errors.OpError:
            return None


def seed_branches() -> Callable[[], None]:
    """Have random ops in branches draw what those of TensorFlow 1 drew; returns what undoes it."""

    def scope_in_branch() -> str | None:
        graph = tf.compat.v1.get_default_graph()
        inside = is_tf1(graph) and _tf.outermost(graph) is not graph
        return graph.get_name_scope() if inside else None

    return _tf.replace_get_seed(lambda get_seed: with_seeds_in_branches(get_seed, scope_in_branch))


def _point(run: Run, apart: float, drift: float | None, there: Any, here: Any) -> list[Any]:
    is_number = getattr(there, "shape", None) == () and np.asarray(there).dtype.kind == "f"
    return [run.number, apart, drift, *([float(there), float(here)] if is_number else [])]


def _is_summary(graph: Any, name: str) -> bool:
    return name.endswith(":0") and graph.as_graph_element(name).op.type.endswith("Summary")


def _raced(run: Run, variable: str, there: Any, here: Any) -> bool:
    """Whether TensorFlow 1 gave the value that a variable had after the run, and this one the value before."""
    if variable not in run.before or run.after[variable] is run.before[variable]:
        return False
    return difference(run.after[variable], there) == 0 and difference(run.before[variable], here) == 0


def _rebuilt(fetches: Any, result: Any, values: Iterator[Any]) -> Any:
    """The nest that a run returned with other values, given in the order of `leaves`."""
    if hasattr(fetches, "dense_shape") and hasattr(fetches, "values") and hasattr(fetches, "indices"):
        names = [name for name in ("indices", "values", "dense_shape") if getattr(fetches, name) is not None]
        return result._replace(**{name: next(values) for name in names})
    if isinstance(fetches, (list, tuple)):
        parts = [_rebuilt(part, one, values) for part, one in zip(fetches, result, strict=True)]
        return type(result)(*parts) if hasattr(result, "_fields") else type(result)(parts)
    if isinstance(fetches, Mapping):
        keys = sorted(fetches.keys(), key=repr)
        rebuilt = {key: _rebuilt(fetches[key], result[key], values) for key in keys}
        return type(result)((key, rebuilt[key]) for key in result)
    if hasattr(type(fetches), "__attrs_attrs__"):
        return result
    return next(values)


def _has(graph: Any, name: str) -> bool:
    return element_name(graph, name) != "?"


def _writes_files(op: Any) -> bool:
    seen, stack = set(), [op]
    while stack:
        op = stack.pop()
        if op not in seen:
            seen.add(op)
            if op.type.startswith(_WRITES_FILES):
                return True
            stack += [*(t.op for t in op.inputs), *op.control_inputs]
    return False


def _inputs(graph: Any, name: str, feeds: dict[Any, Any]) -> list[str]:
    """The ops that take input from beyond the graph in a run of what `name` means."""
    fed = {element_name(graph, key) for key in feeds}
    found, _ = sources_of(graph, op_of(graph, name), fed)
    return [tensor.op.name for tensor in found if tensor.op.type in INPUT]
