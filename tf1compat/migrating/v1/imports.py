"""Every spelling of an import of tensorflow, made one of tf1compat.v1."""

from __future__ import annotations

import ast

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider, QualifiedNameProvider

from ..notes import Kind, Notes
from ..syntax import dotted, imported_modules, leftmost, with_leftmost

__all__ = ["rewrite_imports"]

_HOME = "tf1compat.v1"
_DYNAMIC = {"importlib.import_module", "builtins.__import__"}


def rewrite_imports(module: cst.Module, notes: Notes) -> cst.Module:
    """`import tensorflow as tf` becomes `import tf1compat.v1 as tf`, and so on for what is below it, so that each name
    an import bound is bound to the same thing of TF 1.15 as under `tf1compat run`.

    A file that imports tf1compat already means TensorFlow 2 by `import tensorflow`: it stays as it is.
    """
    if "tensorflow" not in module.code:
        return module
    if any(name.partition(".")[0] == "tf1compat" for name in imported_modules(module)):
        return module
    return MetadataWrapper(module, unsafe_skip_copy=True).visit(_Imports(notes))


class _Imports(m.MatcherDecoratableTransformer):
    METADATA_DEPENDENCIES = (PositionProvider, QualifiedNameProvider)

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self._notes = notes

    def _line(self, node: cst.CSTNode) -> int:
        return self.get_metadata(PositionProvider, node).start.line

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:  # noqa: N802
        names: list[cst.ImportAlias] = []
        bound = False  # whether this statement binds `tensorflow` already
        for alias in updated_node.names:
            if leftmost(alias.name) != "tensorflow":
                names.append(alias)
                continue
            name = dotted(alias.name)
            if alias.asname is not None:
                names.append(alias.with_changes(name=_moved(alias.name, name)))
            elif not bound:
                # `import tensorflow.contrib.slim` binds `tensorflow`; what is below it is there when asked for.
                bound = True
                names.append(alias.with_changes(name=_home(), asname=_as("tensorflow")))
        if names:
            names[-1] = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(names=names)

    def leave_ImportFrom(  # noqa: N802
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        module = updated_node.module
        if updated_node.relative or module is None or leftmost(module) != "tensorflow":
            return updated_node
        return updated_node.with_changes(module=_moved(module, dotted(module)))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        """`importlib.import_module("tensorflow…")` and `__import__("tensorflow…")`."""
        called = {name.name for name in self.get_metadata(QualifiedNameProvider, original_node.func, ())}
        if not called & _DYNAMIC or not updated_node.args:
            return updated_node
        first = updated_node.args[0]
        text = _text(first.value)
        if text is None or text.partition(".")[0] != "tensorflow":
            return updated_node
        new = _HOME + text[len("tensorflow") :]
        if called == {"builtins.__import__"}:
            if len(updated_node.args) > 1 or "." in text:
                line = self._line(original_node)
                self._notes.add(line, Kind.LEFT, f"__import__ of {text!r}: write importlib.import_module({new!r})")
                return updated_node
            return cst.parse_expression(f"__import__({new!r}, fromlist=['v1'])")
        value = _same_quotes(first.value, new)
        return updated_node.with_changes(args=[first.with_changes(value=value), *updated_node.args[1:]])


def _home() -> cst.BaseExpression:
    return cst.parse_expression(_HOME)


def _as(name: str) -> cst.AsName:
    return cst.AsName(cst.Name(name))


def _moved(name: cst.BaseExpression, text: str) -> cst.BaseExpression:
    """`tensorflow.a.b` as `tf1compat.v1.a.b`; `tensorflow.compat.v1` is TF1 as well; v2 is TensorFlow 2's."""
    parts = text.split(".")
    if parts[1:3] == ["compat", "v2"]:
        return name
    if parts[1:3] == ["compat", "v1"]:
        rest = "".join(f".{part}" for part in parts[3:])
        return cst.parse_expression(_HOME + rest)
    return with_leftmost(name, _home())


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
