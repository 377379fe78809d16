"""What runs ask for, as named outputs of a step."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m
import libcst.metadata as meta

from .flow import Flow
from .runs import Left, Run
from .scopes import Body, Unit

__all__ = ["Fetches", "names_in"]

#: Methods that make no operation with a state or a seed of its own.
_METHODS = frozenset(["average", "read_value", "value", "initialized_value", "get_shape", "variables_to_restore"])
_OPERATORS = {
    cst.Multiply: "times",
    cst.Add: "plus",
    cst.Subtract: "minus",
    cst.Divide: "over",
    cst.Power: "to_the",
}


class Fetches:
    """The outputs that the runs of one step need.

    Attributes:
      outputs: name -> the code of its value in the step, in the order of asking.
      consumed: the nodes of names that fetches read, which name outputs from now on.
      outer: (node, unit) for outputs that are made outside of the step, which must be there before it.
      sunk: statements that only name something to fetch; the step has it instead.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow, self.body, self.program = flow, flow.body, flow.body.program
        self.outputs: dict[str, str] = {}
        self.consumed: set[cst.CSTNode] = set()
        self.outer: list[tuple[cst.CSTNode, Unit]] = []
        self.sunk: dict[cst.CSTNode, cst.Name] = {}
        self._sunk_reads: set[cst.CSTNode] = set()

    @contextlib.contextmanager
    def tried(self) -> Iterator[Fetches]:
        """Itself; where the block ends in `Left`, it is as it was before."""
        before = dict(self.outputs), set(self.consumed), list(self.outer), dict(self.sunk), set(self._sunk_reads)
        try:
            yield self
        except Left:
            self.outputs, self.consumed, self.outer, self.sunk, self._sunk_reads = before

    def is_inside(self, node: cst.CSTNode) -> bool:
        """Whether a name's node reads what the step makes.

        Raises:
          Left: where it may and may not.
        """
        sources = self.body.sources(node) if self.body.name(node) is not None else []
        if sources is None:
            sources = [] if not any(unit in self.flow.inside for unit in self.body.writers(self.name(node))) else None
        if sources is None or len({source in self.flow.inside for source in sources}) > 1:
            raise Left(node, f"{self.name(node)} is bound in the graph and again outside of it")
        return bool(sources) and sources[0] in self.flow.inside

    def name(self, node: cst.CSTNode) -> str:
        return self.body.name(node) or ""

    def index(self, run: Run) -> str:
        """What stands in the brackets of `step[…]` for a run."""
        asked, parent = run.fetched, self.program.parent(run.call)
        if isinstance(asked, cst.List) and asked.elements:
            inner = [self._element(element) for element in asked.elements]
            unpacked = isinstance(parent, cst.Assign) and all(
                isinstance(target.target, (cst.Tuple, cst.List)) for target in parent.targets
            )
            if isinstance(parent, cst.Expr) and len(inner) == 1:
                return inner[0]
            if (unpacked and len(inner) > 1) or isinstance(parent, cst.Expr):
                return ", ".join(inner)
            return f"[{', '.join(inner)}]"
        if isinstance(asked, cst.Tuple) and len(asked.elements) > 1:
            return ", ".join(self._element(element) for element in asked.elements)
        return self._index(asked)

    def _element(self, element: cst.BaseElement) -> str:
        if isinstance(element, cst.StarredElement):
            raise Left(element, "it fetches a list of a length that is not written out")
        return self._index(element.value)

    def _index(self, node: cst.BaseExpression) -> str:
        if isinstance(node, cst.List):
            return f"[{', '.join(map(self._element, node.elements))}]"
        if isinstance(node, cst.Tuple):
            inner = [self._element(element) for element in node.elements]
            return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
        if isinstance(node, cst.Dict):
            return "{" + ", ".join(map(self._pair, node.elements)) + "}"
        return self._quoted(self._output(node))

    def _pair(self, element: cst.BaseDictElement) -> str:
        if not isinstance(element, cst.DictElement) or not isinstance(element.key, cst.SimpleString):
            raise Left(element, "the keys of what it fetches are not written out")
        return f"{element.key.value}: {self._index(element.value)}"

    def _quoted(self, name: str) -> str:
        quote = "'" if self.program.source.count("'") > self.program.source.count('"') else '"'
        return f"{quote}{name}{quote}"

    quoted = _quoted

    def _output(self, node: cst.BaseExpression) -> str:
        """The name of the output for something that is fetched."""
        if isinstance(node, cst.Name):
            value = self._sink(node)
            if value is not None:
                return self._expression(value, node.value)
        name = node.value if isinstance(node, cst.Name) else self.name(node)
        if name:
            self._check_name(node)
            return self._named(name.rpartition(".")[2], name)
        if isinstance(node, cst.SimpleString):
            raise Left(node, f"it fetches {node.value} by name")
        return self._expression(node, _called(self.program.code, node))

    def export(self, node: cst.Call) -> str:
        """The output for something that code outside asks the step's objects for."""
        return self._expression(node, _called(self.program.code, node))

    def _expression(self, node: cst.BaseExpression, key: str) -> str:
        for name in names_in(node, self.body):
            self._check_name(name)
        self._check_pure(node)
        while any(writer in self.flow.inside for writer in self.body.writers(key)):
            key += "_"
        return self._named(key, self.program.code(node))

    def _named(self, key: str, code: str) -> str:
        """The name of the output with this code, `key` if that is free."""
        for name, known in self.outputs.items():
            if known == code:
                return name
        while key in self.outputs:
            key += "_"
        self.outputs[key] = code
        return key

    def is_sunk(self, node: cst.Name) -> bool:
        """Whether a name is bound, amid what runs, to something built out of the graph there."""
        return self._bound_amid(node) is not None

    def is_in_sunk(self, node: cst.CSTNode) -> bool:
        """Whether a node is in a statement that goes into the step."""
        return any(one in self.sunk for one in self.program.ancestors(node))

    def _sink(self, node: cst.Name) -> cst.BaseExpression | None:
        found = self._bound_amid(node)
        if found is None:
            return None
        statement, target, value = found
        self.sunk[statement] = target
        self._sunk_reads.add(node)
        return value

    def _bound_amid(self, node: cst.Name) -> tuple[cst.SimpleStatementLine, cst.Name, cst.BaseExpression] | None:
        if self.program.tensorflow.name(node) is not None:
            return None
        assignments = list(self.program.scope(node)[node.value])
        if len(assignments) != 1 or not isinstance(assignments[0], meta.Assignment):
            return None
        target = assignments[0].node
        unit = self.body.unit(target)
        assign = self.program.parent(self.program.parent(target) or target)
        if not isinstance(target, cst.Name) or not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
            return None
        statement = self.program.parent(assign)
        if unit is None or unit not in self.flow.forced or not self._builds_on_step(assign.value):
            return None
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            return None
        return statement, target, assign.value

    def _builds_on_step(self, value: cst.BaseExpression) -> bool:
        if m.findall(value, m.Call(func=m.Attribute(attr=m.Name("run") | m.Name("eval")))):
            return False
        return any(self.body.name(name) is not None and self.is_inside(name) for name in names_in(value, self.body))

    def _check_name(self, node: cst.BaseExpression) -> None:
        """A name that an output reads must mean in the step what it means at the run."""
        if self.program.tensorflow.name(node) is not None:
            return
        if self.body.name(node) is None:
            assert isinstance(node, cst.Name)
            scope = self.program.scope(node)
            if any(assignment.scope is not scope.globals for assignment in scope[node.value]):
                raise Left(node, f"it fetches {node.value}, which is local to where it is run")
            return  # a name of the module, or a builtin
        if self.is_inside(node):
            self.consumed.add(node)
            return
        name = self.name(node)
        writers = self.body.writers(name)
        if len(writers) != 1 or not writers[0].definite or name in self.body.rebound:
            raise Left(node, f"it fetches {name}, which may be bound to several things")
        self.outer.append((node, writers[0]))

    def _check_pure(self, node: cst.BaseExpression) -> None:
        for call in m.findall(node, m.Call()):
            assert isinstance(call, cst.Call)
            func = call.func
            if isinstance(func, cst.Attribute) and func.attr.value in _METHODS and names_in(func.value, self.body):
                continue
            self.flow.check_pure(call)

    def check(self) -> None:
        """Raise `Left` where an output is made outside, and only after the step."""
        for target in self.sunk.values():
            for assignment in self.program.scope(target)[target.value]:
                for access in assignment.references:
                    if access.node not in self._sunk_reads:
                        raise Left(access.node, f"it uses {target.value} for more than fetching it")
        place = self.flow.placement()
        for node, unit in self.outer:
            if unit.at > place.at or not (unit.is_deferred or self.flow.builds(unit)):
                raise Left(node, f"it fetches {self.name(node)}, which is no part of the graph before the step")


def names_in(node: cst.CSTNode, body: Body) -> list[cst.BaseExpression]:
    """The names that an expression reads, attributes of `self` that are the body's among them."""
    return list(_names(node, body))


def _names(node: cst.CSTNode, body: Body) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.Name) or (isinstance(node, cst.Attribute) and body.name(node) is not None):
        yield node
    elif isinstance(node, (cst.Attribute, cst.Arg)):
        yield from _names(node.value, body)
    else:
        for child in node.children:
            yield from _names(child, body)


def _called(code: object, node: cst.BaseExpression) -> str:
    """A name for the value of an expression."""
    words = [_word(code, part) for part in _parts(node)]
    name = re.sub(r"\W+|_{2,}", "_", "_".join(word for word in words if word)).strip("_")
    return name if re.match(r"[A-Za-z_]", name) else "output"


def _parts(node: cst.BaseExpression) -> list[object]:
    if isinstance(node, cst.BinaryOperation):
        return [node.left, _OPERATORS.get(type(node.operator), ""), node.right]
    if isinstance(node, cst.Call):
        first: list[object] = [node.args[0].value] if node.args else []
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _METHODS:
            return [*first, node.func.attr.value]
        return [node.func.attr.value if isinstance(node.func, cst.Attribute) else node.func, *first]
    return [node]


def _word(code: object, part: object) -> str:
    assert callable(code)
    return part if isinstance(part, str) else str(code(part))


