"""What becomes of a group of placeholders: a step, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from .feeding import Feed, Feeds
from .fetching import Fetches, names_in
from .flow import Flow
from .placeholders import Placeholder
from .runs import Left, Run
from .scopes import Body, Unit
from .tensorflow_names import draws

__all__ = ["Request", "Step", "decide"]

_MAKERS = ("Variable", "get_variable", "train.get_or_create_global_step", "train.create_global_step")


@dataclass(eq=False)
class Request:
    """One run of a step. index: what stands in the brackets of `step[…]`."""

    run: Run
    index: str
    feed: Feed


@dataclass(eq=False)
class Step:
    """A group of placeholders, and all that changes with it.

    Attributes:
      exports: names of variables that code outside of the step uses, too.
      keys: names of placeholders that become strings, in dictionaries of arguments.
    """

    flow: Flow
    fetches: Fetches
    requests: list[Request]
    keys: set[cst.CSTNode]
    exports: list[str]

    @property
    def arguments(self) -> list[Placeholder]:
        return self.flow.group

    @property
    def is_single(self) -> bool:
        """Whether every run asks for the same and gives all arguments, so that the step needs no names for it."""
        names = [argument.name for argument in self.arguments]
        return not self.exports and all(
            request.index == self.requests[0].index
            and request.feed.spread is None
            and sorted(name for name, _ in request.feed.items) == sorted(names)
            for request in self.requests
        )


class _KeepOut(Exception):
    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self.unit = unit


def decide(body: Body, group: list[Placeholder], foreign: set[Unit], runs: list[Run], seeded: bool) -> Step:
    """Make a step of placeholders that belong together.

    Args:
      foreign: units that belong to other placeholders.
      seeded: whether random operations may have their seeds from the graph's.

    Raises:
      Left: with the reason, where it cannot be shown that the step would do the same.
    """
    flow = Flow(body, group, foreign, runs, seeded)
    while True:
        try:
            return _attempt(flow, runs)
        except _KeepOut as out:
            flow.kept_out.add(out.unit)
            flow.spread()


def _attempt(flow: Flow, runs: list[Run]) -> Step:
    fetches = Fetches(flow)
    feeds = Feeds(fetches)
    feeds.mention(runs)
    requests = [
        Request(run, fetches.index(run), feeds.feed(run)) for run in runs if _concerns(run, fetches, feeds)
    ]
    if not any(request.feed.items or request.feed.spread for request in requests):
        raise Left(flow.group[0].call, f"nothing in this file feeds {flow.group[0].name}")
    exports = _check_uses(flow, fetches, feeds)
    for name in exports:
        fetches.outputs.setdefault(name, name)
    flow.check()
    fetches.check()
    return Step(flow, fetches, requests, feeds.keys, exports)


def _concerns(run: Run, fetches: Fetches, feeds: Feeds) -> bool:
    if feeds.touches(run.feeds):
        return True
    if isinstance(run.fetched, cst.Name) and fetches.is_sunk(run.fetched):
        return True
    return any(fetches.body.name(name) is not None and fetches.is_inside(name) for name in names_in(run.fetched))


def _check_uses(flow: Flow, fetches: Fetches, feeds: Feeds) -> list[str]:
    """The names of the step's that are used outside of it otherwise than by runs, where they can be had.

    Raises:
      _KeepOut: for a unit that may as well stay outside.
      Left: where something that hangs on the placeholders is used.
    """
    consumed = fetches.consumed | feeds.consumed
    arguments = {argument.name for argument in flow.group}
    exports: list[str] = []
    body = flow.body
    for name in sorted({name for unit in flow.inside for name in unit.writes}):
        for node in body.accesses[name]:
            unit = body.unit(node)
            if unit in flow.inside or node in consumed or fetches.is_in_sunk(node) or not fetches.is_inside(node):
                continue
            if name in arguments:
                raise Left(node, f"it uses {name} for more than feeding it")
            for writer in body.sources(node) or body.writers(name):
                if writer in flow.tainted:
                    raise Left(node, f"it uses {name} for more than fetching it")
                _check_out(flow, writer, name, node, exports)
    return exports


def _check_out(flow: Flow, unit: Unit, name: str, node: cst.CSTNode, exports: list[str]) -> None:
    """A name that hangs on no placeholder is used outside: have its statement there, or get it from the step."""
    code = flow.body.program.code
    before = [other for other in flow.real() if other.at < unit.at]
    if not flow.seeded or not (draws(code(unit.node)) or any(draws(code(other.node)) for other in before)):
        raise _KeepOut(unit)
    statement = unit.node.body[0] if isinstance(unit.node, cst.SimpleStatementLine) else None
    value = statement.value if isinstance(statement, cst.Assign) and len(statement.targets) == 1 else None
    is_variable = isinstance(value, cst.Call) and flow.body.program.tensorflow.name(value.func) in _MAKERS
    if not is_variable:
        raise Left(node, f"it uses {name}, which is built among what hangs on placeholders, for more than fetching it")
    if name not in exports:
        exports.append(name)
