"""Comments in the program that say what was left as it is, and why."""

from __future__ import annotations

import libcst as cst

from .runs import Left
from .scopes import Program

__all__ = ["mark"]

_BEGIN = "# tf1compat: left as it is: "


def mark(program: Program, reasons: list[Left]) -> cst.Module:
    """Write each reason above the statement that it is about, once."""
    wanted: dict[cst.CSTNode, list[str]] = {}
    for reason in reasons:
        texts = wanted.setdefault(program.statement(reason.node), [])
        text = _BEGIN + reason.why
        if text not in texts:
            texts.append(text)
    module = program.module.visit(_Marking(wanted))
    assert isinstance(module, cst.Module)
    return module


class _Marking(cst.CSTTransformer):
    def __init__(self, wanted: dict[cst.CSTNode, list[str]]) -> None:
        super().__init__()
        self._wanted = wanted

    def on_leave(self, original_node, updated_node):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        updated_node = super().on_leave(original_node, updated_node)
        texts = self._wanted.get(original_node)
        if texts is None:
            return updated_node
        kept = [
            line for line in updated_node.leading_lines if line.comment is None or line.comment.value not in texts
        ]
        new = [cst.EmptyLine(comment=cst.Comment(text)) for text in texts]
        return updated_node.with_changes(leading_lines=[*kept, *new])
