"""Python 3 programs that somewhere come to a name of Python 2."""

from __future__ import annotations

import ast
import re

import libcst as cst

from tf1compat.python2.signs import is_python_3_only, names_of_python_2

from ..notes import Notes
from ..program import Named, Program

__all__ = ["rewrite_names"]

_NOW = {
    "basestring": "str",
    "buffer": "memoryview",
    "file": "open",
    "long": "int",
    "raw_input": "input",
    "unichr": "chr",
    "unicode": "str",
    "xrange": "range",
}
_ASKED = frozenset({"apply", "cmp", "coerce", "intern", "reduce", "reload"})
_METHODS = {"iteritems": "items", "iterkeys": "keys", "itervalues": "values"}
_WORDS = re.compile(rf"\b(?:{'|'.join([*_NOW, *_ASKED, *_METHODS, 'has_key'])})\b")


def rewrite_names(program: Program, notes: Notes) -> None:
    """`xrange` becomes `range` where nothing shows that the program asks for Python's version first."""
    if not _WORDS.search(program.code) or is_python_3_only(program.tree):
        return
    nodes = [node for node, _ in names_of_python_2(program.tree)]
    meant = {node.id for node in nodes if isinstance(node, ast.Name)}
    methods = {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    if meant or methods:
        program.visit(_WORDS, lambda: _Names(meant, methods))


class _Names(Named):
    def __init__(self, meant: set[str], methods: set[str]) -> None:
        super().__init__()
        self._meant, self._methods = meant, methods
        self._other: set[cst.CSTNode] = set()

    def visit_Attribute(self, node: cst.Attribute) -> None:  # noqa: N802
        self._other.add(node.attr)

    def visit_Arg(self, node: cst.Arg) -> None:  # noqa: N802
        if node.keyword is not None:
            self._other.add(node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802
        name = original_node.value
        if name not in self._meant or original_node in self._other:
            return updated_node
        if name in _NOW:
            return updated_node.with_changes(value=_NOW[name])
        return cst.parse_expression(f"tf1compat.legacy.{name}") if name in _ASKED else updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        function = updated_node.func
        if not isinstance(function, cst.Attribute) or function.attr.value not in self._methods:
            return updated_node
        new = _METHODS.get(function.attr.value)
        if len(updated_node.args) != (new is None):
            return updated_node
        if new is not None:
            return updated_node.with_changes(func=function.with_changes(attr=cst.Name(new)))
        compared = cst.ComparisonTarget(cst.In(), function.value)
        pair = {"lpar": [cst.LeftParen()], "rpar": [cst.RightParen()]}
        return cst.Comparison(updated_node.args[0].value, [compared], **pair)  # type: ignore[arg-type]
