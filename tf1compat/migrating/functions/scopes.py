"""The statements of a function, or of a module, in order; the names that each binds and reads, and whose they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst
import libcst.metadata as meta

from . import attributes
from .tensorflow_names import Tensorflow

__all__ = ["Body", "Program", "Unit"]

_LOOPS = (cst.For, cst.While)
_DEFERRED = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


@dataclass(eq=False)
class Unit:
    """A statement of a scope. Statements in a `with` of a Session or a graph are units of their own, and so is the
    head of that `with`.

    Attributes:
      node: the statement. at: its place in the order of the scope. home: the block that it stands in.
      is_head: whether it is the head of a `with` or an `if` only.
      reads, writes: names of the scope. definite: whether it binds its names each time that it is passed.
    """

    node: cst.CSTNode
    at: int
    home: cst.CSTNode
    is_head: bool = False
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)

    @property
    def is_deferred(self) -> bool:
        return isinstance(self.node, (cst.FunctionDef, cst.ClassDef))

    @property
    def definite(self) -> bool:
        return isinstance(self.node, (cst.SimpleStatementLine, cst.FunctionDef, cst.ClassDef, cst.With))


class Program:
    """A module with what is known of its nodes. source: its text."""

    def __init__(self, module: cst.Module) -> None:
        wrapper = meta.MetadataWrapper(module, unsafe_skip_copy=True)
        self.module = module
        self.source = module.code
        found = wrapper.resolve_many([meta.ParentNodeProvider, meta.PositionProvider, meta.ScopeProvider])
        self.parents = found[meta.ParentNodeProvider]
        self.positions = found[meta.PositionProvider]
        self.scopes = found[meta.ScopeProvider]
        self.tensorflow = Tensorflow(module)
        #: How a node is written, by node.
        self._codes: dict[cst.CSTNode, str] = {}

    def code(self, node: cst.CSTNode) -> str:
        if node not in self._codes:
            self._codes[node] = self.module.code_for_node(node)
        return self._codes[node]

    def line(self, node: cst.CSTNode) -> int:
        return self.positions[node].start.line

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self.parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The node itself, then what it stands in, from the inside."""
        at: cst.CSTNode | None = node
        while at is not None:
            yield at
            at = self.parents.get(at)

    def scope(self, node: cst.CSTNode) -> meta.Scope:
        """The function's or module's scope that a statement is in."""
        for one in self.ancestors(node):
            scope = self.scopes.get(one)
            if scope is not None:
                return scope
        raise LookupError("a node outside of the module")

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The statement that an expression is in."""
        return next(
            one for one in self.ancestors(node) if isinstance(one, (cst.BaseCompoundStatement, cst.SimpleStatementLine))
        )


class Body:
    """The units of one scope and the flow of its names.

    In a method the attributes of `self` are names of the scope as well, called `self.x`; what other methods of the
    class do with them is read at another time.

    Attributes:
      owner: the class of a method, None for other scopes. itself: what it calls itself, "self".
      rebound: attributes that another method binds.
    """

    def __init__(self, program: Program, scope: meta.Scope, block: Sequence[cst.CSTNode], home: cst.CSTNode) -> None:
        self.program, self.scope = program, scope
        self.owner, self.itself = attributes.owner_of(program, home)
        self.rebound: set[str] = set()
        self.units: list[Unit] = []
        self._unit_of: dict[cst.CSTNode, Unit] = {}
        self._flatten(block, home)
        #: Name -> the nodes that bind it, in the order of the text.
        self.bindings: dict[str, list[cst.CSTNode]] = defaultdict(list)
        #: Name -> the nodes that read it.
        self.accesses: dict[str, list[cst.CSTNode]] = defaultdict(list)
        self._of_scope: dict[cst.CSTNode, str] = {}
        self._reads: dict[Unit, list[cst.CSTNode]] = defaultdict(list)
        self._found: dict[tuple[Unit, str], set[Unit]] = {}
        self.by_method: set[tuple[Unit, str]] = set()
        self._read_names()

    def _flatten(self, block: Sequence[cst.CSTNode], home: cst.CSTNode) -> None:
        for node in block:
            inner = self._inside(node)
            unit = Unit(node, len(self.units), home, is_head=inner is not None)
            self.units.append(unit)
            self._unit_of[node] = unit
            if inner is not None:
                self._flatten(inner.body, inner)

    def _inside(self, node: cst.CSTNode) -> cst.IndentedBlock | None:
        """The block of a `with` that only says which Session or graph, and of `if __name__ == "__main__"`."""
        if isinstance(node, cst.With) and all(self._is_plain_context(item.item) for item in node.items):
            body = node.body
        elif isinstance(node, cst.If) and node.orelse is None and self._is_main(node.test):
            body = node.body
        else:
            return None
        return body if isinstance(body, cst.IndentedBlock) else None

    def _is_plain_context(self, item: cst.BaseExpression) -> bool:
        if not isinstance(item, cst.Call):
            return False
        if isinstance(item.func, cst.Attribute) and item.func.attr.value == "as_default":
            return True
        return self.program.tensorflow.name(item.func) in ("Session", "InteractiveSession")

    def is_session_alone(self, head: Unit) -> bool:
        """Whether a unit is the head of a `with` of Sessions of the default graph, or an `if` of the main program."""
        if not head.is_head or not isinstance(head.node, cst.With):
            return head.is_head
        calls = [item.item for item in head.node.items]
        return all(
            isinstance(call, cst.Call)
            and self.program.tensorflow.name(call.func) in ("Session", "InteractiveSession")
            and all(arg.keyword is not None and arg.keyword.value == "config" for arg in call.args)
            for call in calls
        )

    def _is_main(self, test: cst.BaseExpression) -> bool:
        return bool(re.fullmatch(r"""__name__ *== *["']__main__["']""", self.program.code(test)))

    def _read_names(self) -> None:
        for assignment in self.scope.assignments:
            if not isinstance(assignment, meta.Assignment):
                continue
            name, node = assignment.name, assignment.node
            unit = self.unit(node)
            if unit is not None:
                unit.writes.add(name)
            if not any(node is one for one in self.bindings[name]):
                self.bindings[name].append(node)
            if isinstance(self.program.parent(node), cst.AugAssign):
                self.add_access(name, node)
            for access in assignment.references:
                self.add_access(name, access.node)
        if self.owner is not None:
            attributes.read(self, self.owner)
        for nodes in (*self.bindings.values(), *self.accesses.values()):
            nodes.sort(key=lambda node: self._place(node))

    def add_access(self, name: str, node: cst.CSTNode) -> None:
        if node in self._of_scope:
            return
        self._of_scope[node] = name
        self.accesses[name].append(node)
        unit = self.unit(node)
        if unit is not None:
            unit.reads.add(name)
            self._reads[unit].append(node)

    def _place(self, node: cst.CSTNode) -> tuple[int, int]:
        start = self.program.positions[node].start
        return start.line, start.column

    def name(self, node: cst.CSTNode) -> str | None:
        """The name of this scope that a node reads."""
        return self._of_scope.get(node)

    def unit(self, node: cst.CSTNode) -> Unit | None:
        """The unit that a node stands in."""
        for one in self.program.ancestors(node):
            unit = self._unit_of.get(one)
            if unit is not None:
                return unit
        return None

    def is_deferred(self, node: cst.CSTNode) -> bool:
        """Whether a node is in a function or class inside the scope, so that it is read at another time."""
        for one in self.program.ancestors(node):
            if isinstance(one, _DEFERRED):
                return True
            if one in self._unit_of:
                return False
        return True

    def writers(self, name: str) -> list[Unit]:
        return [unit for unit in self.units if name in unit.writes]

    def reaching(self, name: str, unit: Unit) -> list[Unit]:
        """The units whose binding of a name may be the one that a unit finds when it begins."""
        if unit.is_deferred:
            return self.writers(name)
        found: list[Unit] = []
        for other in reversed(self.units[: unit.at]):
            if name in other.writes:
                found.append(other)
                if other.definite:
                    break
        return found

    def found(self, name: str, unit: Unit) -> set[Unit]:
        """The units whose binding of a name a unit may find where it reads the name."""
        known = self._found.get((unit, name))
        if known is None:
            known = set(self.reaching(name, unit)) if (unit, name) in self.by_method else set()
            for node in self._reads[unit]:
                if self._of_scope[node] == name:
                    sources = self.sources(node)
                    known.update(self.reaching(name, unit) if sources is None else sources)
            self._found[unit, name] = known
        return known

    def sources(self, node: cst.CSTNode) -> list[Unit] | None:
        """The units whose binding of its name a reading node may find; None where that cannot be told."""
        name = self._of_scope[node]
        unit = self.unit(node)
        if unit is None:
            return self.writers(name)
        if self.is_deferred(node):
            return self.writers(name)
        if name not in unit.writes or isinstance(unit.node, cst.SimpleStatementLine):
            return self.reaching(name, unit)
        loops = self._loops(node)
        for binding in self.bindings[name]:
            if self.unit(binding) is not unit or binding is node:
                continue
            if self._dominates(binding, node):
                return [unit]
            if self._place(binding) < self._place(node) or loops & self._loops(binding):
                return None
        return self.reaching(name, unit)

    def _loops(self, node: cst.CSTNode) -> set[cst.CSTNode]:
        return {one for one in self.program.ancestors(node) if isinstance(one, _LOOPS)}

    def _dominates(self, binding: cst.CSTNode, node: cst.CSTNode) -> bool:
        """Whether a node is only reached past a binding: the binding's statement is an earlier sibling of it."""
        statement = self.program.statement(binding)
        if isinstance(statement, cst.For):  # its target
            return any(one is statement.body for one in self.program.ancestors(node))
        block = self.program.parent(statement)
        return self._place(binding) < self._place(node) and any(
            self.program.parent(one) is block and one is not statement for one in self.program.ancestors(node)
        )
