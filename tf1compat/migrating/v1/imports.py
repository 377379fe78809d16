"""Every spelling of an import of tensorflow, made one of tf1compat.v1."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from ..notes import Kind, Notes
from ..program import Named, Program
from ..syntax import dotted, imported_modules, leftmost, with_leftmost

__all__ = ["rewrite_imports"]

_V1, _GYM = "tf1compat.v1", "tf1compat.legacy.gym"
_OVER_GYMNASIUM = "gym is its old interface over gymnasium (pip install gymnasium); seeded episodes are others"
_IMPORT = re.compile(r"^[ \t]*(?:import[ \t]+tensorflow\b|from[ \t]+tensorflow[\w.]*[ \t]+import\b)", re.M)
_DYNAMIC = {"importlib.import_module", "builtins.__import__"}


def rewrite_imports(program: Program, notes: Notes) -> None:
    """`import tensorflow as tf` becomes `import tf1compat.v1 as tf`, and so on for what is below it, so that each name
    an import bound is bound to the same thing of TF 1.15 as under `tf1compat run`.

    A file that imports tf1compat already means TensorFlow 2 by `import tensorflow`: it stays as it is.
    """
    homes = {"gym": _GYM}
    if not any(_is_ported(name) for name in imported_modules(program.tree)):
        homes["tensorflow"] = _V1
    for node in ast.walk(program.tree):
        if _imports_gym(node):
            notes.add(node.lineno, Kind.TOLD, _OVER_GYMNASIUM)  # type: ignore[attr-defined]
            break
    for line in _in_text(program.tree):
        notes.add(line, Kind.LEFT, "this text imports tensorflow when it is run: TensorFlow 2")
    program.visit(r"\btensorflow\b|\bgym\b", lambda: _Imports(homes, notes))


def _in_text(tree: ast.Module) -> Iterator[int]:
    """Lines of strings that hold an import of tensorflow, but for docstrings and others that stand alone."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            if _IMPORT.search(node.value):
                yield node.lineno


def _imports_gym(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] == "gym" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").partition(".")[0] == "gym"


def _is_ported(name: str) -> bool:
    """Whether an import shows that somebody moved the file to tf1compat."""
    return name.partition(".")[0] == "tf1compat" and not name.startswith("tf1compat.legacy")


class _Imports(Named):
    def __init__(self, homes: dict[str, str], notes: Notes) -> None:
        super().__init__()
        self._homes = homes
        self._notes = notes

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:  # noqa: N802
        names: list[cst.ImportAlias] = []
        bound: set[str] = set()
        for alias in updated_node.names:
            top = leftmost(alias.name)
            home = self._homes.get(top)
            if home is None:
                names.append(alias)
            elif alias.asname is not None:
                names.append(alias.with_changes(name=_moved(alias.name, home)))
            elif top not in bound:
                # `import tensorflow.contrib.slim` binds `tensorflow`; what is below it is there when asked for.
                bound.add(top)
                names.append(alias.with_changes(name=cst.parse_expression(home), asname=cst.AsName(cst.Name(top))))
        if names:
            names[-1] = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(names=names)

    def leave_ImportFrom(  # noqa: N802
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        module = updated_node.module
        home = self._homes.get(leftmost(module)) if module is not None and not updated_node.relative else None
        if module is None or home is None:
            return updated_node
        return updated_node.with_changes(module=_moved(module, home))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        """`importlib.import_module("tensorflow…")` and `__import__("tensorflow…")`."""
        called = self.name_of(original_node.func)
        if called not in _DYNAMIC or not updated_node.args:
            return updated_node
        first = updated_node.args[0]
        text = _text(first.value)
        home = self._homes.get(text.partition(".")[0]) if text is not None else None
        if text is None or home is None:
            return updated_node
        new = home + text[len(text.partition(".")[0]) :]
        if called == "builtins.__import__":
            if len(updated_node.args) > 1 or text != "tensorflow":
                self._notes.add(0, Kind.LEFT, f"__import__ of {text!r}: write importlib.import_module({new!r})")
                return updated_node
            return cst.parse_expression(f"__import__({new!r}, fromlist=['v1'])")
        value = _same_quotes(first.value, new)
        return updated_node.with_changes(args=[first.with_changes(value=value), *updated_node.args[1:]])


def _moved(name: cst.BaseExpression, home: str) -> cst.BaseExpression:
    """`tensorflow.a.b` as `tf1compat.v1.a.b`; `tensorflow.compat.v1` is TF1 as well; v2 is TensorFlow 2's."""
    parts = dotted(name).split(".")
    if home == _V1 and parts[1:3] == ["compat", "v2"]:
        return name
    if home == _V1 and parts[1:3] == ["compat", "v1"]:
        return cst.parse_expression(".".join([home, *parts[3:]]))
    return with_leftmost(name, cst.parse_expression(home))


def _text(node: cst.BaseExpression) -> str | None:
    if not isinstance(node, cst.SimpleString):
        return None
    try:
        value = ast.literal_eval(node.value)
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None


def _same_quotes(old: cst.BaseExpression, text: str) -> cst.SimpleString:
    quote = old.value[-1] if isinstance(old, cst.SimpleString) else '"'
    return cst.SimpleString(f"{quote}{text}{quote}")
