"""Where a difference begins: the ops of one run, each given the inputs that it had under TensorFlow 1."""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..graph.functions import calling
from ..graph.session import Session
from .differences import difference
from .elements import element_name, leaves
from .inner_recorder import read_line, tensors_inside
from .pairs import Variables
from .recorder import Finished
from .replaying import seed_branches

__all__ = ["Inside", "Origin"]

#: How far a tensor must be off in the run before its op is looked at alone, and how many ops are.
_LEAST, _MOST = 1e-7, 80


@dataclasses.dataclass
class Origin:
    """An op whose output differs though its inputs are TensorFlow 1's.

    own: by how much, relative to its largest number. own_each: the same, each number relative to itself.
    whole: by how much it differs in the run, where its inputs differ as well.
    """

    name: str
    type: str
    own: float
    own_each: float
    whole: float


class Inside:
    """Waits for the wanted run, does it op by op, hands the origins to `finish` and ends the program.

    wanted, inner: the folders that `inner_recorder.py` read and wrote.
    """

    def __init__(self, wanted: Path, inner: Path, finish: Callable[[list[Origin]], None]) -> None:
        self._wanted, self._arrays = read_line(wanted)
        line, arrays = read_line(inner)
        self._there = {name: (kind, arrays[at]) for name, kind, at in line["tensors"]}
        self._finish, self._sessions = finish, list[Any]()

    def install(self) -> None:
        """Look at what Sessions run from now on."""
        original = Session.run

        @functools.wraps(original)
        def run(session: Any, fetches: Any, *args: Any, **kwargs: Any) -> Any:
            if type(fetches) not in calling.STEPS and threading.current_thread() is threading.main_thread():
                self._look(session, fetches)
            return original(session, fetches, *args, **kwargs)

        Session.run = run  # type: ignore[assignment, method-assign]
        restore_seeds = seed_branches()

        def restore() -> None:
            Session.run = original  # type: ignore[method-assign]
            restore_seeds()

        self._restore = restore

    def _look(self, session: Any, fetches: Any) -> None:
        if all(known is not session for known in self._sessions):
            self._sessions.append(session)
        names = [element_name(session.graph, thing) for _, thing in leaves(fetches)]
        if names != self._wanted["fetches"] or session is not self._sessions[self._wanted["session"]]:
            return
        self._restore()
        values = {kind: {name: self._arrays[at] for name, at in self._wanted[kind]} for kind in ("variables", "feeds")}
        Variables(session).write(values["variables"])
        feeds = {name: value for name, value in values["feeds"].items() if element_name(session.graph, name) != "?"}
        self._finish(_origins(session, [name for name in names if name != "?"], feeds, self._there))
        raise Finished(0)


def _origins(session: Any, names: list[str], feeds: dict[str, Any], there: dict[str, tuple[str, Any]]) -> list[Origin]:
    """The ops that differ by themselves, worst first.

    session: one whose variables have their values of TensorFlow 1. names: what the run fetches. feeds: what it is
    fed. there: what is inside of the run under TensorFlow 1, the type of its op and its value by name. An op that
    was another there, as some in gradients were, is left out.
    """
    graph = session.graph
    inside = tensors_inside(graph, names, feeds)
    shared = {t.name: t for t in inside if t.name in there and _is_the_same(t, *there[t.name])}
    values = {name: there[name][1] for name in shared}
    here = session.run(shared, feeds)
    apart = {name: difference(value, here[name]) for name, value in values.items()}
    origins = []
    alike = [(name, t) for name, t in shared.items() if apart[name] > _LEAST and _is_told(t, values, feeds)]
    for name, tensor in alike[:_MOST]:
        given = {t.name: values[t.name] for t in tensor.op.inputs if t.name in values and graph.is_feedable(t)}
        alone = session.run(tensor, {**feeds, **given})
        own = difference(values[name], alone)
        origins.append(Origin(name, tensor.op.type, own, _each(values[name], alone), apart[name]))
    return sorted(origins, key=lambda origin: -origin.own)


def _is_the_same(tensor: Any, op_type: str, value: Any) -> bool:
    return tensor.op.type == op_type and tensor.shape.is_compatible_with(value.shape)


def _is_told(tensor: Any, values: dict[str, Any], feeds: dict[str, Any]) -> bool:
    """Whether all of an op's inputs are known from TensorFlow 1: recorded, fed, a constant or a variable's value."""
    return all(
        source.name in values or source.name in feeds or source.op.type in ("Const", "ReadVariableOp", "VarHandleOp")
        for source in tensor.op.inputs
    )


def _each(there: Any, here: Any) -> float:
    a, b = np.asarray(there, np.float64), np.asarray(here, np.float64)
    if a.shape != b.shape or not a.size:
        return float("inf") if a.shape != b.shape else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.nanmax(np.where(a == b, 0.0, np.abs(a - b) / np.abs(a))))
