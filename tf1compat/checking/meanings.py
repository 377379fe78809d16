"""What expressions stand for, where they are names of TensorFlow's: `tf.nn`, `getattr(tf, "nn")`, `slim.conv2d`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from .scopes import OTHER, Alias, Meaning, Scope, below_tensorflow

__all__ = ["Names"]


class Names:
    """The names of a program at the place that a walk through it has come to; `scope` is the one there.

    knows: whether there is such a name below `tf`; asked for names that `from tensorflow.x import *` may have given.
    """

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self.scope = Scope()
        self._knows = knows

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        """Bind what `target = value` binds."""
        if isinstance(target, ast.Name):
            meaning = frozenset(Alias(alias.dotted, True) if alias else None for alias in self.meaning(value))
            self.scope.bind(target.id, meaning or OTHER)
        elif (
            isinstance(target, (ast.Tuple, ast.List))
            and isinstance(value, (ast.Tuple, ast.List))
            and len(target.elts) == len(value.elts)
            and not any(isinstance(part, ast.Starred) for part in [*target.elts, *value.elts])
        ):
            for inner, given in zip(target.elts, value.elts, strict=True):
                self.bind(inner, given)
        else:
            self.forget(target)

    def forget(self, target: Any) -> None:
        for node in ast.walk(target) if isinstance(target, ast.AST) else ():
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.scope.bind(node.id, OTHER)

    def meaning(self, node: ast.AST) -> Meaning:
        """What an expression stands for, if it is a name of TensorFlow's; empty for all else."""
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            meaning = self.scope.look_up(node.id) or self._of_star(node.id)
        else:
            meaning = self._imported(node) if isinstance(node, ast.Call) else frozenset()
        if not names or not any(meaning):
            return meaning if any(meaning) else frozenset()
        path = ".".join(reversed(names))
        return frozenset(
            Alias(f"{alias.dotted}.{path}" if alias.dotted else path, alias.assigned) for alias in meaning if alias
        )

    def _of_star(self, name: str) -> Meaning:
        for space in self.scope.every_star():
            dotted = f"{space}.{name}" if space else name
            if self._knows(dotted):
                return frozenset([Alias(dotted)])
        return frozenset()

    def _imported(self, node: ast.Call) -> Meaning:
        """What `__import__("tensorflow")`, `importlib.import_module("tensorflow")` and `getattr(tf, "x")` give."""
        function, given = node.func, [part.value for part in node.args if isinstance(part, ast.Constant)]
        name = getattr(function, "attr", getattr(function, "id", ""))
        if name in ("__import__", "import_module") and given and isinstance(given[0], str):
            dotted = below_tensorflow(given[0])
            if dotted is not None:
                return frozenset([Alias("" if name == "__import__" else dotted)])
        if name == "getattr" and isinstance(function, ast.Name) and len(node.args) > 1:
            attribute = node.args[1]
            if isinstance(attribute, ast.Constant) and isinstance(attribute.value, str) and attribute.value:
                around = [alias for alias in self.meaning(node.args[0]) if alias]
                return frozenset(Alias(".".join(filter(None, (alias.dotted, attribute.value)))) for alias in around)
        return frozenset()
