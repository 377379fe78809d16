"""Names of TensorFlow's that will not do: renamed where TensorFlow 1.0 only renamed them, else told."""

from __future__ import annotations

import ast

import libcst as cst

from tf1compat.checking.symbols import Use, uses
from tf1compat.checking.verdicts import Kind as Verdict
from tf1compat.checking.verdicts import knows, verdict
from tf1compat.tables.names import RENAMED

from ..notes import Kind, Notes
from ..program import Named, Program
from ..syntax import dotted, imported_modules

__all__ = ["rewrite_symbols"]

#: Those whose arguments TensorFlow 1.0 renamed, too; without keywords they are the same.
_PLAIN = frozenset(RENAMED) - {"nn.seq2seq", "arg_scope", "batch_matmul"}


def rewrite_symbols(program: Program, notes: Notes) -> None:
    """`tf.mul(a, b)` becomes `tf.multiply(a, b)`; names that tf1compat refuses, or that TF 1.15 had not, get a note."""
    if "tensorflow" not in program.code and "tf1compat.v1" not in program.code or _means_tensorflow_2(program.tree):
        return
    found: dict[str, str] = {}
    for use in uses(program.tree, knows):
        said = verdict(use.dotted)
        if said.kind not in (Verdict.REFUSED, Verdict.UNKNOWN):
            continue
        if said.symbol in _PLAIN and _is_plain(use, said.symbol):
            written = ast.unparse(use.node)
            found[written] = f"{written.partition('.')[0]}.{RENAMED[said.symbol]}"
        elif not use.guarded and not use.imported:
            advice = f"; instead: {said.instead}" if said.instead else ""
            notes.add(use.line, Kind.REFUSED, f"tf.{said.symbol}: {said.why}{advice}")
    if found:
        last = {name.rpartition(".")[2] for name in found}
        program.visit(rf"\.(?:{'|'.join(sorted(last))})\b", lambda: _Renamed(found))


def _means_tensorflow_2(tree: ast.Module) -> bool:
    names = {name for name in imported_modules(tree) if not name.startswith("tf1compat.legacy")}
    return {"tensorflow", "tf1compat"} <= {name.partition(".")[0] for name in names}


def _is_plain(use: Use, symbol: str) -> bool:
    """Whether a name is written out from the top (`tf.train.SummaryWriter`), and called, if it is, without keywords."""
    node: ast.AST = use.node
    depth = 0
    while isinstance(node, ast.Attribute):
        node, depth = node.value, depth + 1
    if not isinstance(node, ast.Name) or depth != symbol.count(".") + 1 or use.dotted != symbol:
        return False
    return use.call is None or not use.call.keywords


class _Renamed(Named):
    def __init__(self, found: dict[str, str]) -> None:
        super().__init__()
        self._found = found
        self._with_keywords: set[cst.BaseExpression] = set()

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
        if any(arg.keyword is not None for arg in node.args):
            self._with_keywords.add(node.func)

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        new = self._found.get(dotted(original_node))
        if new is None or original_node in self._with_keywords:
            return updated_node
        return cst.parse_expression(new).with_changes(lpar=updated_node.lpar, rpar=updated_node.rpar)
