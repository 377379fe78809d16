"""Classes and exceptions as Python 2 had them: `__cmp__`, and names that outlive their `except`."""

from __future__ import annotations

import libcst as cst

__all__ = ["compared", "kept_names", "outliving"]

_COMPARES = "tf1compat.legacy.compares"


def compared(node: cst.ClassDef) -> cst.ClassDef:
    """A class with `__cmp__` compares by it: Python 3 asks for `__lt__` and its kin."""
    methods = {part.name.value for part in node.body.body if isinstance(part, cst.FunctionDef)}
    if "__cmp__" not in methods or _COMPARES in {_code(one.decorator) for one in node.decorators}:
        return node
    first = cst.Decorator(cst.parse_expression(_COMPARES))
    return node.with_changes(decorators=[first, *node.decorators])


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def outliving(body: cst.CSTNode) -> frozenset[str]:
    """The names of `except … as name` in a function, or module, that are read in it outside of such a handler."""
    visitor = _Outliving(depth=isinstance(body, cst.Module))
    body.visit(visitor)
    return frozenset(visitor.bound & visitor.read)


class _Outliving(cst.CSTVisitor):
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.bound: set[str] = set()
        self.read: set[str] = set()
        self._inside: list[str] = []
        self._depth = depth

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802
        self._depth += 1
        return self._depth == 1  # what is inside of it has names of its own

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:  # noqa: N802
        self._depth -= 1

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:  # noqa: N802
        name = node.name.name if node.name is not None else None
        self._inside.append(name.value if isinstance(name, cst.Name) else "")
        self.bound.add(self._inside[-1])

    def leave_ExceptHandler(self, original_node: cst.ExceptHandler) -> None:  # noqa: N802
        self._inside.pop()

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802
        node.value.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802
        if node.value not in self._inside:
            self.read.add(node.value)


def kept_names(handler: cst.ExceptHandler, names: frozenset[str]) -> cst.ExceptHandler:
    """`except E as e:` whose `e` is read later binds another name, of which `e` is made."""
    name = handler.name.name if handler.name is not None else None
    if not isinstance(name, cst.Name) or name.value not in names or handler.name is None:
        return handler
    caught = cst.Name(f"{name.value}_caught")
    keep = cst.Assign([cst.AssignTarget(name)], caught)
    body = handler.body
    if isinstance(body, cst.SimpleStatementSuite):
        body = body.with_changes(body=[keep, *body.body])
    else:
        body = body.with_changes(body=[cst.SimpleStatementLine([keep]), *body.body])
    return handler.with_changes(name=handler.name.with_changes(name=caught), body=body)
