"""Small questions to a syntax tree of LibCST."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterator

import libcst as cst

__all__ = ["code_of", "dotted", "imports_of", "imported_modules", "leftmost", "tree_of", "with_leftmost"]


@functools.lru_cache(maxsize=4)
def code_of(module: cst.Module) -> str:
    """`module.code`, which takes LibCST its time, and which several ask for."""
    return module.code


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


def imported_modules(tree: ast.AST) -> Iterator[str]:
    """The modules that import statements name, wherever they stand; relative ones begin with dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def tree_of(code: str) -> ast.Module | None:
    """Python's own tree of a text; None where it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError):
        return None


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
