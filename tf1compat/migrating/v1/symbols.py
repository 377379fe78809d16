"""Names of TensorFlow's that will not do: renamed where TensorFlow 1.0 only renamed them, else told."""

from __future__ import annotations

import ast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from tf1compat.checking.symbols import Use, uses
from tf1compat.checking.verdicts import Kind as Verdict
from tf1compat.checking.verdicts import knows, verdict
from tf1compat.tables.names import RENAMED

from ..notes import Kind, Notes
from ..syntax import columns, dotted, tree_of

__all__ = ["rewrite_symbols"]

#: Those whose arguments TensorFlow 1.0 renamed, too; without keywords they are the same.
_PLAIN = frozenset(RENAMED) - {"nn.seq2seq", "arg_scope", "batch_matmul"}

_Span = tuple[tuple[int, int], tuple[int, int]]


def rewrite_symbols(module: cst.Module, notes: Notes) -> cst.Module:
    """`tf.mul(a, b)` becomes `tf.multiply(a, b)`; names that tf1compat refuses, or that TF 1.15 had not, get a note."""
    tree = tree_of(module.code) if "tensorflow" in module.code or "tf1compat.v1" in module.code else None
    if tree is None or _means_tensorflow_2(tree):
        return module
    found: dict[_Span, str] = {}
    place = columns(module.code)
    for use in uses(tree, knows):
        said = verdict(use.dotted)
        if said.kind not in (Verdict.REFUSED, Verdict.UNKNOWN):
            continue
        if said.symbol in _PLAIN and _is_plain(use, said.symbol):
            node = use.node
            assert isinstance(node, ast.Attribute) and node.end_lineno is not None and node.end_col_offset is not None
            span = place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)
            found[span] = RENAMED[said.symbol]
        elif not use.guarded and not use.imported:
            advice = f"; instead: {said.instead}" if said.instead else ""
            notes.add(use.line, Kind.REFUSED, f"tf.{said.symbol}: {said.why}{advice}")
    return MetadataWrapper(module, unsafe_skip_copy=True).visit(_Renamed(found)) if found else module


def _means_tensorflow_2(tree: ast.Module) -> bool:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    tops = {name.partition(".")[0] for name in names if not name.startswith("tf1compat.legacy")}
    return {"tensorflow", "tf1compat"} <= tops


def _is_plain(use: Use, symbol: str) -> bool:
    """Whether a name is written out from the top (`tf.train.SummaryWriter`), and called, if it is, without keywords."""
    node: ast.AST = use.node
    depth = 0
    while isinstance(node, ast.Attribute):
        node, depth = node.value, depth + 1
    if not isinstance(node, ast.Name) or depth != symbol.count(".") + 1 or use.dotted != symbol:
        return False
    return use.call is None or not use.call.keywords


class _Renamed(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, found: dict[_Span, str]) -> None:
        super().__init__()
        self._found = found

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        span = self.get_metadata(PositionProvider, original_node)
        new = self._found.get(((span.start.line, span.start.column), (span.end.line, span.end.column)))
        if new is None:
            return updated_node
        name = cst.parse_expression(f"{dotted(original_node).partition('.')[0]}.{new}")
        return name.with_changes(lpar=updated_node.lpar, rpar=updated_node.rpar)
