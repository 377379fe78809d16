"""Which placeholders belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import libcst as cst

from .placeholders import Placeholder
from .running import running_units
from .runs import Run
from .scopes import Body, Unit

__all__ = ["components"]


def components(
    body: Body, placeholders: list[Placeholder], runs: Mapping[Run, Sequence[cst.CSTNode]]
) -> list[tuple[list[Placeholder], set[Unit]]]:
    """The placeholders in groups that have no statement and no run in common, each with the units that hang on others.

    Args:
      runs: all runs, each with the nodes of the names that it fetches and feeds.
    """
    forced, _ = running_units(body, runs, {placeholder.name for placeholder in placeholders})
    taints: dict[Unit, frozenset[str]] = {unit: frozenset() for unit in body.units}
    for placeholder in placeholders:
        taints[placeholder.unit] |= {placeholder.name}
    changed = True
    while changed:
        changed = False
        for unit in body.units:
            if unit in forced:
                continue
            taint = taints[unit].union(
                *(taints[source] for name in unit.reads for source in body.found(name, unit))
            )
            if taint != taints[unit]:
                taints[unit], changed = taint, True
    parent = {placeholder.name: placeholder.name for placeholder in placeholders}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    def unite(names: Iterable[str]) -> None:
        first, *rest = sorted(names) or [""]
        for name in rest:
            parent[root(name)] = root(first)

    for taint in taints.values():
        unite(taint)
    for nodes in runs.values():
        found: set[str] = set()
        for node in nodes:
            name = body.name(node)
            if name is not None:
                found.update(*(taints[source] for source in body.sources(node) or []))
        unite(found)
    groups: dict[str, list[Placeholder]] = {}
    for placeholder in sorted(placeholders, key=lambda one: body.program.line(one.call)):
        groups.setdefault(root(placeholder.name), []).append(placeholder)
    found_groups = []
    for group in groups.values():
        own = {placeholder.name for placeholder in group}
        found_groups.append((group, {unit for unit, taint in taints.items() if taint and not taint & own}))
    return found_groups
