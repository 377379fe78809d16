"""Small questions to a syntax tree of LibCST."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection, Iterator

import libcst as cst

__all__ = ["columns", "dotted", "imports_of", "imported_modules", "leftmost", "only", "tree_of", "with_leftmost"]


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


def tree_of(code: str) -> ast.Module | None:
    """Python's own tree of a text; None where it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError):
        return None


def columns(code: str) -> Callable[[int, int], tuple[int, int]]:
    """Makes of a line and a column as Python counts them, in bytes, those of LibCST, which counts letters."""
    if code.isascii():
        return lambda line, column: (line, column)
    lines = code.split("\n")
    return lambda line, column: (line, len(lines[line - 1].encode()[:column].decode(errors="replace")))


def imports_of(text: str) -> set[str]:
    """The modules that a text imports, as far as its lines show; `from a import b` may mean the module a.b too. For
    texts that no parser takes."""
    found: set[str] = set()
    for module, wanted, names in _IMPORT.findall(text):
        if module:
            parts = (name.split() for name in wanted.strip("() \t").split(","))
            joint = "" if module.endswith(".") else "."
            found.update([module, *(f"{module}{joint}{part[0]}" for part in parts if part and part[0].isidentifier())])
        else:
            found.update(name.split()[0] for name in names.split(",") if name.split())
    return found


_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b[ \t]*(\([^)]*\)|[^#;\n]*)|import[ \t]+([^#;\n]+))", re.M
)
