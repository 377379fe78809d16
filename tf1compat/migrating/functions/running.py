"""The statements of a body that run the graph, or prepare it for that: they stay where they are."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
import libcst.matchers as m

from ..syntax import dotted
from .runs import Run
from .scopes import Body, Unit

__all__ = ["is_import", "running_units"]


def is_import(unit: Unit) -> bool:
    node = unit.node
    return isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], (cst.Import, cst.ImportFrom))


def running_units(body: Body, runs: Iterable[Run], fed: set[str]) -> tuple[set[Unit], int]:
    """The units that run the graph or prepare it, and the place of the first that does not only make a Session."""
    tensorflow = body.program.tensorflow
    run_units = {body.unit(run.call) for run in runs}
    forced: set[Unit] = set()
    first = len(body.units)
    for unit in body.units:
        node: cst.CSTNode = unit.node
        if unit.is_head:
            forced.add(unit)
            continue
        calls_runner = any(
            source.is_deferred and source in forced for name in unit.reads for source in body.writers(name)
        )
        if _holds_feeds(node, fed) or m.findall(node, m.Call(func=m.Attribute(attr=m.Name("trace")))):
            forced.add(unit)
        if unit in run_units or calls_runner or tensorflow.runs(node):
            forced.add(unit)
            only_session = all(name.endswith("Session") for name in _runners(tensorflow.calls(node)))
            if not unit.is_deferred and (unit in run_units or calls_runner or not only_session):
                first = min(first, unit.at)
    return forced, first


def _holds_feeds(node: cst.CSTNode, names: set[str]) -> bool:
    """Whether a dictionary with placeholders for keys is written in a node."""
    keys = m.findall(node, m.DictElement(key=m.Name() | m.Attribute(value=m.Name())))
    return any(isinstance(one, cst.DictElement) and dotted(one.key) in names for one in keys)


def _runners(calls: list[tuple[cst.Call, str]]) -> list[str]:
    return [name for _, name in calls if name not in ("ConfigProto", "GPUOptions")]
