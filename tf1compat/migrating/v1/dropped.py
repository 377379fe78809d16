"""Names and methods that other libraries dropped since 2018, written as they are today."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import libcst as cst

from ...legacy.drawing_mends import WINDOWS
from ..notes import Kind, Notes
from ..program import Named, Program
from ..syntax import dotted
from .import_from import split_import, split_suite
from .table import BUILTINS, CALLED_WITH_OWNER, LEGACY, RENAMES

__all__ = ["rewrite_dropped"]

_LEGACY = "tf1compat.legacy"
_BINDING = re.compile(r"^\s*(?:def|class)\s+(\w+)|^\s*(\w+)\s*=[^=]|\bas\s+(\w+)", re.M)
_NAMES = {name.rpartition(".")[2] for name in (*BUILTINS, *RENAMES, *LEGACY)}
_METHODS = {*CALLED_WITH_OWNER, "isAlive", "iteritems", "ix", "tostring", "warn"}
_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(_NAMES | _METHODS))})\b")


def rewrite_dropped(program: Program, notes: Notes) -> None:
    """`np.float` becomes `float`, `thread.isAlive()` `thread.is_alive()`, and so on: what `tf1compat run` gives back in
    memory (see `tf1compat.legacy`)."""
    program.visit(_WORDS, lambda: _Dropped(program, notes))
    for line, backend in _windows(program):
        notes.add(line, Kind.TOLD, f"{backend} needs a display; where there is none, tf1compat run drew with Agg")


def _windows(program: Program) -> Iterator[tuple[int, str]]:
    """Where the program asks matplotlib for windows, and by what name."""
    for node in ast.walk(program.tree) if "matplotlib" in program.code else ():
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "use" and node.args:
            backend = getattr(node.args[0], "value", None)
            if isinstance(backend, str) and backend.lower() in WINDOWS:
                yield node.lineno, backend


class _Dropped(Named):
    def __init__(self, program: Program, notes: Notes) -> None:
        super().__init__()
        self._project = notes.project
        self._bound = {name for names in _BINDING.findall(program.code) for name in names if name}
        self._alone: set[cst.BaseExpression] = set()

    def visit_Expr(self, node: cst.Expr) -> None:  # noqa: N802
        self._alone.add(node.value)

    def _is_modules(self, node: cst.BaseExpression) -> bool:
        """Whether something is a name in a module: `np.ptp`, `os.path.getsize`."""
        return bool(dotted(node)) and bool(self.name_of(node))

    def _imports_any(self, libraries: Iterable[str]) -> bool:
        return not self._project.imported.isdisjoint(libraries)

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        name = self.name_of(original_node)
        if name in RENAMES:
            return _renamed(updated_node, RENAMES[name])
        if name in BUILTINS and BUILTINS[name] not in self._bound:
            return _kept_parentheses(updated_node, cst.Name(BUILTINS[name]))
        if name in BUILTINS:
            return _kept_parentheses(updated_node, _expression(f"{_LEGACY}.{name}"))
        if name in LEGACY:
            return _kept_parentheses(updated_node, _expression(f"{_LEGACY}.{LEGACY[name]}"))
        return updated_node

    def leave_Subscript(  # noqa: N802
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        owner = updated_node.value
        if isinstance(owner, cst.Attribute) and owner.attr.value == "ix" and self._imports_any({"pandas"}):
            return updated_node.with_changes(value=_legacy_call("ix", owner.value, ()))
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        function = updated_node.func
        if self.name_of(original_node.func) == "matplotlib.use":
            kept = [arg for arg in updated_node.args if arg.keyword is None or arg.keyword.value != "warn"]
            if len(kept) == len(updated_node.args):
                return updated_node
            kept[-1:] = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in kept[-1:]]
            return updated_node.with_changes(args=kept)
        original = original_node.func
        if not isinstance(function, cst.Attribute) or not isinstance(original, cst.Attribute):
            return updated_node
        if self._is_modules(original) or function.attr.value in self._project.defined:
            return updated_node  # a function of a module; a method of a class of the program's
        return self._method(original_node, updated_node, function)

    def _method(self, original: cst.Call, updated: cst.Call, function: cst.Attribute) -> cst.BaseExpression:
        name = function.attr.value
        if not updated.args:
            plain = {"isAlive": "is_alive", "iteritems": "items", "tostring": "tobytes"}.get(name)
            if plain is not None:
                return updated.with_changes(func=_renamed(function, plain))
            if name == "as_matrix" and self._imports_any({"pandas"}):
                return _renamed(function, "values").with_changes(lpar=updated.lpar, rpar=updated.rpar)
        if name not in CALLED_WITH_OWNER or not self._imports_any(CALLED_WITH_OWNER[name]):
            return updated
        if name == "append" and original in self._alone:
            return updated  # a list's: it gives nothing
        if name == "set_window_title" and isinstance(function.value, cst.Attribute):
            owner = function.value.attr.value
            if owner == "canvas":
                manager = cst.Attribute(function.value, cst.Name("manager"))
                return updated.with_changes(func=function.with_changes(value=manager))
            if owner == "manager":
                return updated
        return _legacy_call(name, function.value, updated.args).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        return split_import(updated_node)

    def leave_SimpleStatementSuite(  # noqa: N802
        self, original_node: cst.SimpleStatementSuite, updated_node: cst.SimpleStatementSuite
    ) -> cst.SimpleStatementSuite:
        return split_suite(updated_node)


def _expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def _kept_parentheses(old: cst.BaseExpression, new: cst.BaseExpression) -> cst.BaseExpression:
    return new.with_changes(lpar=[*old.lpar], rpar=[*old.rpar])


def _renamed(node: cst.Attribute, new: str) -> cst.Attribute:
    """`a.b` with its last part replaced; `new` may be dotted."""
    first, *rest = new.split(".")
    node = node.with_changes(attr=cst.Name(first))
    for part in rest:
        inner = node.with_changes(lpar=[], rpar=[])
        node = cst.Attribute(inner, cst.Name(part), lpar=node.lpar, rpar=node.rpar)
    return node


def _legacy_call(name: str, owner: cst.BaseExpression, args: Iterable[cst.Arg]) -> cst.Call:
    function = _expression(f"{_LEGACY}.{name}")
    return cst.Call(function, [cst.Arg(owner), *args])


