"""Python 3 programs that somewhere come to a name of Python 2."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from tf1compat.python2.signs import METHODS, is_python_3_only, names_of_python_2

from ..notes import Notes
from ..syntax import columns, tree_of

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


def rewrite_names(module: cst.Module, notes: Notes) -> cst.Module:
    """`xrange` becomes `range` where nothing shows that the program asks for Python's version first."""
    tree = tree_of(module.code)
    if tree is None or is_python_3_only(tree):
        return module
    place = columns(module.code)
    places = {place(node.lineno, node.col_offset) for node, _ in names_of_python_2(tree)}  # type: ignore[attr-defined]
    if not places:
        return module
    return MetadataWrapper(module, unsafe_skip_copy=True).visit(_Names(places))


class _Names(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, places: set[tuple[int, int]]) -> None:
        super().__init__()
        self._places = places

    def _is_meant(self, node: cst.CSTNode) -> bool:
        start = self.get_metadata(PositionProvider, node).start
        return (start.line, start.column) in self._places

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802
        name = original_node.value
        if name not in _NOW and name not in _ASKED or not self._is_meant(original_node):
            return updated_node
        if name in _NOW:
            return updated_node.with_changes(value=_NOW[name])
        return cst.parse_expression(f"tf1compat.legacy.{name}")

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        function = updated_node.func
        if not isinstance(function, cst.Attribute) or function.attr.value not in METHODS:
            return updated_node
        if not self._is_meant(original_node):
            return updated_node
        new = _METHODS.get(function.attr.value)
        if new is not None:
            return updated_node.with_changes(func=function.with_changes(attr=cst.Name(new)))
        compared = cst.ComparisonTarget(cst.In(), function.value)
        pair = {"lpar": [cst.LeftParen()], "rpar": [cst.RightParen()]}
        return cst.Comparison(updated_node.args[0].value, [compared], **pair)  # type: ignore[arg-type]
