"""Which names of TensorFlow a program uses, and where: `slim.conv2d` is `contrib.slim.conv2d`, by what was imported.

Names are followed through imports of every spelling, `slim = tf.contrib.slim`, imports in functions and in `try`, and
are lost where something else is bound to them. What only happens when the program runs (a module kept in an attribute,
`getattr` with a computed name) is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tf1compat.python2.signs import asks_for_version, forgives
from tf1compat.tables.lookup import upwards

from .expressions import Expressions, Use, every_argument, outside_of
from .scopes import OTHER, Alias, Meaning, Scope, below_tensorflow, bound_in

__all__ = ["Use", "uses"]


def uses(trees: ast.Module | Sequence[ast.Module], knows: Callable[[str], bool] = lambda dotted: False) -> list[Use]:
    """The uses in a module, or in several that are one program (a notebook's cells); those in functions come last.

    Args:
      trees: syntax trees.
      knows: whether there is such a name below `tf`; asked for names that `from tensorflow.x import *` may have given.

    Raises:
      RecursionError: an expression is nested too deeply.
    """
    walk = _Walk(knows)
    for number, tree in enumerate([trees] if isinstance(trees, ast.Module) else trees):
        walk.program(tree, number)
    walk.rest()
    return [use for use in walk.found if not any(name in walk.given for name in upwards(use.dotted))]


class _Walk(Expressions):
    def __init__(self, knows: Callable[[str], bool]) -> None:
        super().__init__(knows)
        self._deferred: list[Callable[[], None]] = []

    def program(self, tree: ast.Module, number: int) -> None:
        self.tree = number
        self._statements(tree.body)

    def rest(self) -> None:
        """The bodies of functions, which run when the module has run: with its last bindings."""
        while self._deferred:
            waiting, self._deferred = self._deferred, []
            for run in waiting:
                run()

    def _statements(self, body: Iterable[ast.AST]) -> None:
        for statement in body:
            method = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if method is not None:
                method(statement)
            else:
                self._children(statement)

    def _children(self, node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            if parts and all(isinstance(part, ast.stmt) for part in parts):
                self._statements(parts)
            else:
                for part in parts:
                    if isinstance(part, ast.AST):
                        self.expression(part)
            if name in ("target", "items"):
                for part in parts:
                    self.names.forget(part)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            dotted = below_tensorflow(alias.name)
            if dotted is None:
                self.names.scope.bind(alias.asname or alias.name.partition(".")[0], OTHER)
                continue
            if dotted:
                self.add(dotted, alias, imported=True)
            if alias.asname:
                self.names.scope.bind(alias.asname, frozenset([Alias(dotted)]))
            elif alias.name.startswith("tensorflow"):
                self.names.scope.bind("tensorflow", frozenset([Alias("")]))

    def _importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        space = None if node.level else below_tensorflow(module)
        for alias in node.names:
            name = alias.asname or alias.name
            if module in ("tensorflow.compat", "tf1compat") and not node.level and alias.name == "v1":
                self.names.scope.bind(name, frozenset([Alias("")]))
            elif space is None:
                self.names.scope.bind(name, OTHER)
            elif alias.name == "*":
                self.names.scope.stars.append(space)
                self.add(space, alias, imported=True, star=True)
            else:
                dotted = f"{space}.{alias.name}" if space else alias.name
                self.add(dotted, alias, imported=True)
                self.names.scope.bind(name, frozenset([Alias(dotted)]))

    def _assign(self, node: ast.Assign) -> None:
        self.expression(node.value)
        for target in node.targets:
            self._bind(target, node.value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        self.expression(node.annotation)
        if node.value is not None:
            self.expression(node.value)
            self._bind(node.target, node.value)

    def _augassign(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        self.expression(node.target)
        self.names.forget(node.target)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.expression(target)
            self.names.forget(target)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        """Bind what `target = value` binds, once the names in the target itself were looked at."""
        if not isinstance(target, ast.Name):
            self.expression(target)
        self.names.bind(target, value)

    def _excepthandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.names.scope.bind(node.name, OTHER)
        self._statements(node.body)

    def _if(self, node: ast.If) -> None:
        self.expression(node.test)
        with_guard = self.guarded or asks_for_version(node.test)
        self._ways([node.body], [node.orelse], guarded=with_guard)

    def _try(self, node: ast.Try) -> None:
        guarded = self.guarded or forgives(node)
        for handler in node.handlers:
            if handler.type is not None:
                self.expression(handler.type)
        self._ways([node.body, node.orelse], *([[handler]] for handler in node.handlers), guarded=guarded)
        self._statements(node.finalbody)

    _trystar = _try

    def _ways(self, *ways: Sequence[Sequence[Any]], guarded: bool) -> None:
        """Statements of which one or another part runs: afterwards a name may stand for what either left."""
        before, outside = self.names.scope.names, self.guarded
        after: list[dict[str, Meaning]] = []
        for bodies in ways:
            self.names.scope.names, self.guarded = dict(before), guarded
            for body in bodies:
                self._statements(body)
            after.append(self.names.scope.names)
        self.guarded = outside
        names = {name for way in after for name in way}
        nothing: Meaning = frozenset()
        self.names.scope.names = {name: nothing.union(*(way.get(name, nothing) for way in after)) for name in names}

    def _match(self, node: Any) -> None:
        self.expression(node.subject)
        for case in node.cases:
            for name in bound_in([case.pattern]):
                self.names.scope.bind(name, OTHER)
            self.expression(case.pattern)
            if case.guard is not None:
                self.expression(case.guard)
        self._ways(*([case.body] for case in node.cases), [[]], guarded=self.guarded)

    def _global(self, node: ast.Global) -> None:
        for name in node.names:
            self.names.scope.elsewhere[name] = self.names.scope.module()

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            scope = self.names.scope.outer
            while scope is not None and scope.outer is not None and (scope.is_class or name not in scope.names):
                scope = scope.outer
            if scope is not None:
                self.names.scope.elsewhere[name] = scope

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in [*node.decorator_list, node.returns, *outside_of(node.args)]:
            if part is not None:
                self.expression(part)
        self.names.scope.bind(node.name, OTHER)
        parameters = {argument.arg for argument in every_argument(node.args)}
        self._defer(node.body, parameters | bound_in(node.body), parameters)

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]:
            self.expression(part)
        outer, self.names.scope = self.names.scope, Scope(self.names.scope, is_class=True)
        self._statements(node.body)
        self.names.scope = outer
        self.names.scope.bind(node.name, OTHER)

    def _defer(self, body: Sequence[ast.stmt], bound: set[str], parameters: set[str]) -> None:
        scope = Scope(self.names.scope, bound=bound)
        scope.names.update(dict.fromkeys(parameters, OTHER))
        inside = scope, self.guarded, self.tree

        def run() -> None:
            before = self.names.scope, self.guarded, self.tree
            self.names.scope, self.guarded, self.tree = inside
            self._statements(body)
            self.names.scope, self.guarded, self.tree = before

        self._deferred.append(run)
