"""Small questions to a syntax tree of LibCST."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

__all__ = ["dotted", "imported_modules", "leftmost", "only", "with_leftmost"]


def dotted(node: cst.BaseExpression) -> str:
    """`a.b.c` as text; "" for what is no such chain."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    return ".".join([node.value, *reversed(parts)]) if isinstance(node, cst.Name) else ""


def leftmost(node: cst.BaseExpression) -> str:
    """The `a` of `a.b.c`; "" for what is no such chain."""
    return dotted(node).partition(".")[0]


def with_leftmost(node: cst.BaseExpression, new: cst.BaseExpression) -> cst.BaseExpression:
    """`a.b.c` with `new` in the place of `a`."""
    if isinstance(node, cst.Attribute):
        return node.with_changes(value=with_leftmost(node.value, new))
    return new


def imported_modules(module: cst.Module) -> Iterator[str]:
    """The modules that a file's import statements name, wherever they stand; relative ones begin with dots."""
    found: list[str] = []
    module.visit(_Imports(found))
    yield from found


class _Imports(cst.CSTVisitor):
    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self._found = found

    def visit_ImportAlias(self, node: cst.ImportAlias) -> bool:  # noqa: N802
        self._found.append(dotted(node.name))
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: N802
        dots = "." * len(node.relative)
        self._found.append(dots + (dotted(node.module) if node.module is not None else ""))
        return False


def only(names: Collection[str]) -> str:
    """The one name there is; "" where there are none or several."""
    return next(iter(names)) if len(names) == 1 else ""
