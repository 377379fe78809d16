"""Whether an expression of a Python 2 program is surely an integer, or surely none."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

__all__ = ["kind_of"]

_INTEGERS = frozenset({"builtins.len", "builtins.int", "builtins.ord", "builtins.hash", "builtins.id"})
_FLOATS = frozenset(
    {"builtins.float", "time.time", "time.clock"}
    | {f"math.{name}" for name in "acos asin atan atan2 cos exp log log10 sin sqrt tan pi e".split()}
    | {f"numpy.{name}" for name in "pi e exp sqrt log mean std".split()}
)
_ARITHMETIC = (cst.Add, cst.Subtract, cst.Multiply)


def kind_of(node: cst.BaseExpression, name_of: Callable[[cst.BaseExpression], str]) -> str:
    """ "int", "float" (or what a float makes of whatever it meets: an array or tensor of them), or "" where it cannot
    be told. `name_of(node)` is a name's dotted original, "" where it has none."""
    if isinstance(node, cst.Integer):
        return "int"
    if isinstance(node, cst.Float):
        return "float"
    if isinstance(node, cst.UnaryOperation):
        return kind_of(node.expression, name_of)
    if isinstance(node, (cst.Call, cst.Attribute)):
        name = name_of(node.func if isinstance(node, cst.Call) else node)
        return "int" if name in _INTEGERS else "float" if name in _FLOATS else ""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _ARITHMETIC):
        kinds = {kind_of(node.left, name_of), kind_of(node.right, name_of)}
        return "float" if "float" in kinds else "int" if kinds == {"int"} else ""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return "float" if "float" in (kind_of(node.left, name_of), kind_of(node.right, name_of)) else ""
    return ""
