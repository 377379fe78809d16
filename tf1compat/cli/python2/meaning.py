"""What Python 3 parses and means otherwise, changed on the syntax tree: `/`, `%s`, imports, methods that are gone.

The changed code calls `__python2__`, which the builtins of a converted module hold (see `names`).
"""

from __future__ import annotations

import ast
import os
from typing import Any

from tf1compat.python2.signs import METHODS, future_features

from ...legacy.python2.attributes import NAMES
from ...legacy.python2.libraries import HOME, OURS, RENAMED

__all__ = ["OldMethods", "give_meaning", "is_module"]

_COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")
_ERROR = "__python2_error"


def give_meaning(tree: ast.Module, folder: str | None = None) -> ast.Module:
    """Change a Python 2 module's tree in place. `folder` is the package's it lies in, whose modules it imports by
    their bare names; None: it is in no package."""
    features = future_features(tree)
    folder = None if "absolute_import" in features else folder
    tree = _Meaning("division" not in features, folder).visit(tree)
    return ast.fix_missing_locations(tree)


class _Meaning(ast.NodeTransformer):
    def __init__(self, floors: bool, folder: str | None) -> None:
        self._floors = floors
        self._folder = folder

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.op, ast.Div) and self._floors and not (_is_float(node.left) or _is_float(node.right)):
            return _call(node, "div", node.left, node.right)
        if isinstance(node.op, ast.Mod) and (_is_text(node.left) or isinstance(node.right, ast.Tuple)):
            return _call(node, "percent", node.left, node.right)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if not (isinstance(node.op, ast.Div) and self._floors) or _is_float(node.value):
            return node
        target = node.target
        if isinstance(target, ast.Subscript):
            done = _call(node, "idiv_item", target.value, _index(target.slice), node.value)
            return ast.copy_location(ast.Expr(done), node)
        read: ast.expr
        if isinstance(target, ast.Attribute):
            read = ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
        else:
            read = ast.copy_location(ast.Name(target.id, ast.Load()), target)
        value = _call(node, "idiv", read, node.value)
        return ast.copy_location(ast.Assign([target], value), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if node.attr not in NAMES or not isinstance(node.ctx, ast.Load):
            return node
        return _call(node, "attribute", node.value, ast.copy_location(ast.Constant(node.attr), node))

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1 and not node.keywords:
            return _call(node, "text", node.func, node.args[0])
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if node.name is not None:  # the name outlives the handler
            kept = ast.Assign([ast.Name(node.name, ast.Store())], ast.Name(_ERROR, ast.Load()))
            node.body.insert(0, _placed(kept, node))
            node.name = _ERROR
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        for part in node.body:
            if isinstance(part, ast.Assign) and [getattr(name, "id", "") for name in part.targets] == ["__metaclass__"]:
                node.keywords.append(ast.keyword("metaclass", part.value))
                part.value = ast.copy_location(ast.Constant(None), part.value)
        given = [("__next__", "next")] if "__iter__" in methods else []
        given += [("__bool__", "__nonzero__")]
        for new, old in given:
            if old in methods and new not in methods:
                node.body.append(_placed(ast.Assign([ast.Name(new, ast.Store())], ast.Name(old, ast.Load())), node))
        if "__cmp__" in methods:
            for name in _COMPARISONS:
                if f"__{name}__" not in methods:
                    value = _call(node, "comparison", _placed(ast.Constant(name), node))
                    node.body.append(_placed(ast.Assign([ast.Name(f"__{name}__", ast.Store())], value), node))
        return node

    def visit_Import(self, node: ast.Import) -> Any:  # noqa: N802
        return [part for alias in node.names for part in self._import(node, alias)]

    def _import(self, node: ast.Import, alias: ast.alias) -> list[ast.stmt]:
        name, kept = alias.name, alias.asname
        top, _, rest = name.partition(".")
        if self._is_sibling(top):
            if not rest:
                parts = [ast.ImportFrom(None, [ast.alias(top, kept)], 1)]
            elif kept is not None:
                head, _, last = name.rpartition(".")
                parts = [ast.ImportFrom(head, [ast.alias(last, kept)], 1)]
            else:
                head, _, last = name.rpartition(".")
                parts = [
                    ast.ImportFrom(head, [ast.alias(last, "__python2_module")], 1),
                    ast.ImportFrom(None, [ast.alias(top, None)], 1),
                ]
            return [_placed(part, node) for part in parts]
        new = _library(name)
        if new is None:
            return [_placed(ast.Import([alias]), node)]
        return [_placed(ast.Import([ast.alias(new, kept or name)]), node)]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:  # noqa: N802
        if node.level or node.module is None:
            return node
        if self._is_sibling(node.module.partition(".")[0]):
            node.level = 1
        else:
            node.module = _library(node.module) or node.module
        return node

    def _is_sibling(self, name: str) -> bool:
        return self._folder is not None and is_module(self._folder, name)


def is_module(folder: str, name: str) -> bool:
    """Whether a folder holds a module or package of a name."""
    place = os.path.join(folder, name)
    return os.path.isfile(place + ".py") or os.path.isfile(os.path.join(place, "__init__.py"))


def _library(name: str) -> str | None:
    return HOME + name if name in OURS else RENAMED.get(name)


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is float


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _index(node: ast.expr) -> ast.expr:
    """An index as an expression that may stand outside of brackets."""
    if isinstance(node, ast.Slice):
        bounds = [part or ast.Constant(None) for part in (node.lower, node.upper, node.step)]
        return _placed(ast.Call(ast.Name("slice", ast.Load()), bounds, []), node)
    if isinstance(node, ast.Tuple):
        return ast.copy_location(ast.Tuple([_index(part) for part in node.elts], ast.Load()), node)
    return node


def _call(node: ast.AST, function: str, *arguments: ast.expr) -> ast.expr:
    helper = ast.Attribute(ast.Name("__python2__", ast.Load()), function, ast.Load())
    return _placed(ast.Call(helper, list(arguments), []), node)


def _placed(new: Any, old: ast.AST) -> Any:
    """A new node where an old one stood, with its parts; parts that have a place keep it."""
    ast.copy_location(new, old)
    for part in ast.walk(new):
        if "lineno" in part._attributes and not hasattr(part, "lineno"):
            ast.copy_location(part, old)
    return new


class OldMethods(ast.NodeTransformer):
    """Has a Python 3 module find Python 2's methods of dictionaries, and changes nothing else in it."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if node.attr not in METHODS or not isinstance(node.ctx, ast.Load):
            return node
        return _call(node, "attribute", node.value, ast.copy_location(ast.Constant(node.attr), node))
