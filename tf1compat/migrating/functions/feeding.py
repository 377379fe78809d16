"""Feed dictionaries, as arguments of a step."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m
import libcst.metadata as meta

from .fetching import Fetches
from .runs import Left, Run

__all__ = ["Feed", "Feeds"]


@dataclass
class Feed:
    """What one run feeds.

    Attributes:
      items: (argument, value) in the order written, of a dictionary that is written out.
      spread: an expression for a dictionary of arguments, `**spread`.
      rest: elements for other placeholders, which go on in a feed dictionary.
    """

    items: list[tuple[str, cst.DictElement]]
    spread: cst.BaseExpression | None
    rest: list[cst.DictElement]


class Feeds:
    """The feed dictionaries of the runs of one step.

    Attributes:
      consumed: nodes of the placeholders' names that are keys.
      keys: those of them that become strings, since their dictionary is one of arguments.
    """

    def __init__(self, fetches: Fetches) -> None:
        self._fetches, self._program = fetches, fetches.program
        self._units = {placeholder.name: placeholder.unit for placeholder in fetches.flow.group}
        self.consumed: set[cst.CSTNode] = set()
        self.keys: set[cst.CSTNode] = set()
        self._feed_positions: set[cst.CSTNode] = set()

    def mention(self, runs: list[Run]) -> None:
        """Note where the runs have their feeds: a variable that holds one may stand there."""
        for run in runs:
            if run.feeds is not None:
                self._feed_positions.add(run.feeds)

    def is_key(self, node: cst.CSTNode) -> bool:
        """Whether a node names a placeholder of the group."""
        name = self._fetches.body.name(node)
        return name in self._units and self._fetches.body.sources(node) == [self._units[name]]

    def feed(self, run: Run) -> Feed:
        """How the feeds of a run are passed."""
        feeds = run.feeds
        if feeds is None:
            return Feed([], None, [])
        if isinstance(feeds, cst.Dict):
            items, rest = self._elements(feeds)
            return Feed(items, None, rest)
        self._check_holder(feeds)
        return Feed([], feeds, [])

    def touches(self, feeds: cst.BaseExpression | None) -> bool:
        """Whether a feed dictionary may hold placeholders of the group."""
        if feeds is None:
            return False
        if isinstance(feeds, cst.Dict):
            return any(isinstance(one, cst.DictElement) and self.is_key(one.key) for one in feeds.elements)
        return any(
            isinstance(one, cst.DictElement) and self.is_key(one.key)
            for display in self._displays(feeds)
            for one in display.elements
        )

    def _displays(self, feeds: cst.BaseExpression) -> list[cst.Dict]:
        """The dictionaries that a variable or a function's call may be, as far as they are written out."""
        if isinstance(feeds, cst.Call):
            feeds = feeds.func
        if not isinstance(feeds, cst.Name):
            return []
        found: list[cst.Dict] = []
        for assignment in self._program.scope(feeds)[feeds.value]:
            node = getattr(assignment, "node", None)
            if isinstance(node, cst.FunctionDef):
                found += [one for one in map(_returned, m.findall(node, m.Return())) if isinstance(one, cst.Dict)]
            elif isinstance(node, cst.Name):
                value = self._assigned(node)
                found += [value] if isinstance(value, cst.Dict) else []
        return found

    def _assigned(self, target: cst.CSTNode) -> cst.BaseExpression | None:
        assign = self._program.parent(self._program.parent(target) or target)
        return assign.value if isinstance(assign, cst.Assign) and len(assign.targets) == 1 else None

    def _elements(self, display: cst.Dict) -> tuple[list[tuple[str, cst.DictElement]], list[cst.DictElement]]:
        items: list[tuple[str, cst.DictElement]] = []
        rest: list[cst.DictElement] = []
        for element in display.elements:
            if not isinstance(element, cst.DictElement):
                raise Left(element, "it feeds a dictionary that is not written out")
            if self.is_key(element.key):
                self.consumed.add(element.key)
                items.append((self._fetches.name(element.key).rpartition(".")[2], element))
            else:
                self._check_other(element.key)
                rest.append(element)
        return items, rest

    def _check_other(self, key: cst.BaseExpression) -> None:
        name = self._fetches.body.name(key)
        if name is not None and isinstance(key, cst.Attribute):
            return  # it is bound to the tensor outside of the step, too
        if not isinstance(key, cst.Name) or (name is not None and self._fetches.is_inside(key)):
            raise Left(key, f"it feeds {self._program.code(key)}, which is no placeholder here")

    def _check_holder(self, feeds: cst.BaseExpression) -> None:
        """A variable, or a function, that holds feed dictionaries and nothing else."""
        called = feeds.func if isinstance(feeds, cst.Call) else feeds
        if not isinstance(called, cst.Name):
            raise Left(feeds, "it feeds a dictionary that is made elsewhere")
        assignments = list(self._program.scope(called)[called.value])
        if not assignments:
            raise Left(feeds, "it feeds a dictionary that is made elsewhere")
        for assignment in assignments:
            node = getattr(assignment, "node", None)
            if isinstance(feeds, cst.Call) and isinstance(node, cst.FunctionDef):
                self._check_function(node)
            elif isinstance(feeds, cst.Name) and isinstance(node, cst.Name):
                self._check_value(node)
            elif isinstance(feeds, cst.Call):
                raise Left(feeds, "it feeds a dictionary that is made elsewhere")
            else:
                raise Left(feeds, f"it feeds {called.value}, whose making is not written out")
            assert isinstance(assignment, meta.BaseAssignment)
            for access in assignment.references:
                self._check_use(access.node, isinstance(feeds, cst.Call))

    def _check_function(self, function: cst.FunctionDef) -> None:
        returned = [_returned(one) for one in m.findall(function, m.Return())]
        if not returned:
            raise Left(function, f"{function.name.value} returns no feed dictionary that is written out")
        for value in returned:
            if not isinstance(value, cst.Dict):
                raise Left(function, f"{function.name.value} returns no feed dictionary that is written out")
            self._spread(value)

    def _check_value(self, target: cst.Name) -> None:
        parent = self._program.parent(target)
        value = self._assigned(target)
        if isinstance(value, cst.Dict) and isinstance(parent, cst.AssignTarget):
            self._spread(value)
        else:
            raise Left(target, f"{target.value} is fed, and holds more than dictionaries that are written out")

    def _spread(self, display: cst.Dict) -> None:
        items, rest = self._elements(display)
        if rest:
            raise Left(display, "it feeds placeholders of several steps")
        self.keys.update(element.key for _, element in items)

    def _check_use(self, node: cst.CSTNode, is_called: bool) -> None:
        parent = self._program.parent(node)
        if is_called:
            if isinstance(parent, cst.Call) and parent.func is node and parent in self._feed_positions:
                return
        elif node in self._feed_positions:
            return
        elif isinstance(parent, cst.Subscript) and parent.value is node and len(parent.slice) == 1:
            index = parent.slice[0].slice
            if isinstance(index, cst.Index) and self.is_key(index.value):
                self.consumed.add(index.value)
                self.keys.add(index.value)
                return
        elif isinstance(parent, cst.Attribute) and parent.attr.value == "update":
            call = self._program.parent(parent)
            if isinstance(call, cst.Call) and len(call.args) == 1 and isinstance(call.args[0].value, cst.Dict):
                self._spread(call.args[0].value)
                return
        raise Left(node, "a feed dictionary is used for something else, too")


def _returned(node: cst.CSTNode) -> cst.CSTNode | None:
    assert isinstance(node, cst.Return)
    return node.value
