"""What names mean where a program's code stands: which of them are TensorFlow, or something in it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Alias", "Scope", "bound_in", "below_tensorflow"]

#: The modules that are TensorFlow 1's namespace.
_ROOTS = ("tensorflow.compat.v1", "tf1compat.v1", "tensorflow")


class Alias(NamedTuple):
    """A name that stands for something in TensorFlow: its dotted name, "" for `tf` itself; and whether an assignment
    gave the name, rather than an import."""

    dotted: str
    assigned: bool = False


#: What a name may stand for at one place: None is anything that is not TensorFlow's.
Meaning = frozenset["Alias | None"]
OTHER: Meaning = frozenset([None])


def below_tensorflow(module: str) -> str | None:
    """The dotted name below `tf` of a module that a program imports; None for one that is not TensorFlow's."""
    for root in _ROOTS:
        if module == root:
            return ""
        if module.startswith(root + "."):
            return module[len(root) + 1 :]
    return None


class Scope:
    """The names of a module, a class, a function, a lambda or a comprehension.

    Args:
      outer: the scope around it.
      is_class: its names are seen in its own statements only.
      bound: all names that its code binds somewhere: before it does, they have no meaning of the scope's around.
    """

    def __init__(self, outer: Scope | None = None, is_class: bool = False, bound: Iterable[str] = ()) -> None:
        self.outer = outer
        self.is_class = is_class
        self.names: dict[str, Meaning] = {}
        self.elsewhere: dict[str, Scope] = {}  # by `global` and `nonlocal`
        self.stars: list[str] = []  # `from tensorflow.x import *`
        self._bound = frozenset(bound)

    def bind(self, name: str, meaning: Meaning) -> None:
        self.elsewhere.get(name, self).names[name] = meaning

    def look_up(self, name: str) -> Meaning:
        """What a name stands for: in this scope, or in one around it."""
        scope: Scope | None = self
        while scope is not None:
            holder = scope.elsewhere.get(name, scope)
            if name in holder.names:
                return holder.names[name]
            if name in scope._bound and holder is scope and not scope.is_class:
                return frozenset()
            scope = scope.outer
            while scope is not None and scope.is_class:
                scope = scope.outer
        return frozenset()

    def module(self) -> Scope:
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def every_star(self) -> Iterator[str]:
        scope: Scope | None = self
        while scope is not None:
            yield from scope.stars
            scope = scope.outer


def bound_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that code binds, without those of the scopes in it."""
    found: set[str] = set()
    free: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            found.update(part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            free.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif name := getattr(node, "name", None) or getattr(node, "rest", None):  # what a `match` captures
            found.add(str(name))
        waiting.extend(ast.iter_child_nodes(node))
    return found - free
