"""Imports of tensorflow made imports of tf1compat.v1."""

from __future__ import annotations

import libcst as cst

from ..notes import Notes

__all__ = ["rewrite_imports"]


def rewrite_imports(module: cst.Module, notes: Notes) -> cst.Module:
    """`import tensorflow as tf` becomes `import tf1compat.v1 as tf`."""
    return module.visit(_Imports())


class _Imports(cst.CSTTransformer):
    def leave_ImportAlias(self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias) -> cst.ImportAlias:  # noqa: N802
        if original_node.evaluated_name == "tensorflow" and original_node.asname is not None:
            return updated_node.with_changes(name=cst.parse_expression("tf1compat.v1"))
        return updated_node
