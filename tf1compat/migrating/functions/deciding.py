"""What becomes of a group of placeholders: a step, or a reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from .feeding import Feed, Feeds
from .fetching import Fetches, names_in
from .flow import Flow, Pulled
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
      exported: expressions outside of the step -> the outputs that they are.
      kept: arguments that are attributes and are used otherwise than by being fed, so that they stay attributes.
      keys: names of placeholders that become strings, in dictionaries of arguments.
    """

    flow: Flow
    fetches: Fetches
    requests: list[Request]
    keys: set[cst.CSTNode]
    exports: list[str]
    exported: dict[cst.CSTNode, str]
    kept: set[str]

    @property
    def arguments(self) -> list[Placeholder]:
        return self.flow.group

    @property
    def is_method(self) -> bool:
        """Whether the placeholders are attributes, so that the step is one, too."""
        return any("." in argument.name for argument in self.arguments)

    @property
    def is_single(self) -> bool:
        """Whether every run asks for the same and gives all arguments, so that the step needs no names for it."""
        names = [argument.argument for argument in self.arguments]
        return not self.exports and not self.exported and all(
            request.index == self.requests[0].index
            and request.feed.spread is None
            and sorted(name for name, _ in request.feed.items) == sorted(names)
            for request in self.requests
        )

    @property
    def own_name(self) -> str | None:
        """The name of what the step returns, where that is one thing which its last statement makes."""
        outputs = list(self.fetches.outputs.items())
        flow, last = self.flow, self.flow.ordered()[-1]
        if not self.is_single or len(outputs) != 1 or self.requests[0].index != self.fetches.quoted(outputs[0][0]):
            return None
        name, code = outputs[0]
        node = last.node.body[0] if isinstance(last.node, cst.SimpleStatementLine) else None
        is_made_last = name == code and isinstance(node, cst.Assign) and last.writes == {name}
        if is_made_last and flow.body.writers(name) == [last] and len(flow.body.bindings[name]) == 1:
            return name
        return None


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
        except Pulled as needed:
            if needed.unit in flow.pulled:
                raise Left(needed.unit.node, "it is bound outside of the graph and in it") from None
            flow.pulled.add(needed.unit)
            flow.spread()


def _attempt(flow: Flow, runs: list[Run]) -> Step:
    fetches = Fetches(flow)
    feeds = Feeds(fetches)
    feeds.mention(runs)
    requests: list[Request] = []
    for run in runs:
        if feeds.touches(run.feeds) or (run.feeds is not None and _concerns(run, fetches)):
            requests.append(Request(run, fetches.index(run), feeds.feed(run)))
        elif _concerns(run, fetches):
            # Without feeds the run may stay as it is, if what it asks for can be had outside.
            with fetches.tried() as trial:
                requests.append(Request(run, trial.index(run), feeds.feed(run)))
    if not any(request.feed.items or request.feed.spread for request in requests):
        name = flow.group[0].name
        where = "its own class" if "." in name else "this file"
        raise Left(flow.group[0].call, f"nothing in {where} feeds {name}, that one could see")
    exported: dict[cst.CSTNode, str] = {}
    kept = _attributes_used_elsewhere(flow)
    exports = _check_uses(flow, fetches, feeds, exported, kept)
    for name in exports:
        fetches.outputs.setdefault(name, name)
    flow.check()
    fetches.check()
    if flow.moved() or fetches.sunk or any(not re.fullmatch(r"[\w.]+", code) for code in fetches.outputs.values()):
        flow.check_later_seeds()
    _check_names(flow)
    return Step(flow, fetches, requests, feeds.keys, exports, exported, kept)


def _concerns(run: Run, fetches: Fetches) -> bool:
    if isinstance(run.fetched, cst.Name) and fetches.is_sunk(run.fetched):
        return True
    body = fetches.body
    return any(body.name(name) is not None and fetches.is_inside(name) for name in names_in(run.fetched, body))


def _check_uses(
    flow: Flow, fetches: Fetches, feeds: Feeds, exported: dict[cst.CSTNode, str], kept: set[str]
) -> list[str]:
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
            if "." in name:
                if name in arguments:
                    kept.add(name)
                continue  # the attribute is bound when the step is built, and stays
            if name in arguments:
                raise Left(node, f"it uses {name} for more than feeding it")
            variables = _variables(flow, node)
            if variables is not None:
                exported[variables] = fetches.export(variables)
                continue
            for writer in body.sources(node) or body.writers(name):
                if writer in flow.tainted:
                    raise Left(node, f"it uses {name} for more than fetching it")
                _check_out(flow, writer, name, node, exports)
    return exports


def _check_names(flow: Flow) -> None:
    """Raise `Left` where a placeholder is asked for by the name that its operation has in the graph."""
    called = {"Placeholder"}
    code = flow.body.program.code
    for argument in flow.group:
        called.update(re.findall(r"""["']([\w./]+)["']""", code(argument.call)))
    for node in m.findall(flow.body.program.module, m.SimpleString()):
        text = re.fullmatch(r"""[bru]*["']([\w./]+):0["']""", code(node))
        if text is not None and text.group(1).rpartition("/")[2] in called:
            raise Left(node, "it asks for a placeholder by name")


def _attributes_used_elsewhere(flow: Flow) -> set[str]:
    """The arguments that are attributes which code outside of the class, or a method that the step calls, may use."""
    body = flow.body
    attributes = {one.argument: one.name for one in flow.group if "." in one.name}
    found = {name for unit, name in body.by_method if unit in flow.inside and name in attributes.values()}
    for node in m.findall(body.program.module, m.Attribute()):
        if isinstance(node, cst.Attribute) and node.attr.value in attributes and body.name(node) is None:
            name = attributes[node.attr.value]
            if not any(node is binding for binding in body.bindings[name]):
                found.add(name)
    return found


def _variables(flow: Flow, node: cst.CSTNode) -> cst.Call | None:
    """The call `node.variables_to_restore()`, if it is that."""
    attribute = flow.body.program.parent(node)
    call = flow.body.program.parent(attribute) if attribute is not None else None
    if isinstance(attribute, cst.Attribute) and attribute.attr.value in ("variables_to_restore", "average"):
        if isinstance(call, cst.Call) and call.func is attribute and not call.args:
            return call
    return None


def _check_out(flow: Flow, unit: Unit, name: str, node: cst.CSTNode, exports: list[str]) -> None:
    """A name that hangs on no placeholder is used outside: have its statement there, or get it from the step."""
    code = flow.body.program.code
    before = [other for other in flow.real() if other.at < unit.at]
    moves = any(draws(code(other.node)) for other in before)  # past what makes variables or draws numbers
    if not moves and not (flow.seeded and draws(code(unit.node))):
        raise _KeepOut(unit)
    statement = unit.node.body[0] if isinstance(unit.node, cst.SimpleStatementLine) else None
    value = statement.value if isinstance(statement, cst.Assign) and len(statement.targets) == 1 else None
    is_variable = isinstance(value, cst.Call) and flow.body.program.tensorflow.name(value.func) in _MAKERS
    if not is_variable and not flow.seeded:
        raise _KeepOut(unit)
    if not is_variable:
        raise Left(node, f"it uses {name}, which is built among what hangs on placeholders, for more than fetching it")
    if name not in exports:
        exports.append(name)
