"""Which names of TensorFlow a program uses, and where: `slim.conv2d` is `contrib.slim.conv2d`, by what was imported.

Names are followed through imports of every spelling, `slim = tf.contrib.slim`, imports in functions and in `try`, and
are lost where something else is bound to them. What only happens when the program runs (a module kept in an attribute,
`getattr` with a computed name) is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tf1compat.python2.signs import asks_for_version, forgives
from tf1compat.tables.lookup import upwards

from .scopes import OTHER, Alias, Meaning, Scope, below_tensorflow, bound_in

__all__ = ["Use", "uses"]


@dataclass(frozen=True)
class Use:
    """A name of TensorFlow's where a program writes it.

    `dotted` is without `tf.` ("nn.conv2d"), as long as the program wrote it: members of classes are part of it.
    Lines are counted from 1, columns from 0 in bytes, as `ast` counts them (-1: unknown, the line was converted from
    Python 2); `node` is what stands there.

    imported: it stands in an import statement, which needs the name to be there and does nothing with it.
    guarded: the program asks first, by `try` or by the version, and can go on without it; or a name stands for one
      thing or another, by such a `try`.
    call: the call of it.
    star: all that is in it is imported.
    tree: the number of the tree that it stands in.
    """

    dotted: str
    line: int
    column: int
    node: ast.AST
    imported: bool = False
    guarded: bool = False
    call: ast.Call | None = None
    star: bool = False
    tree: int = 0


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


class _Walk:
    def __init__(self, knows: Callable[[str], bool]) -> None:
        self.found: list[Use] = []
        self.given: set[str] = set()  # `tf.model = ...`: names that the program puts there
        self._knows = knows
        self._scope = Scope()
        self._guarded = False
        self._tree = 0
        self._deferred: list[Callable[[], None]] = []

    def program(self, tree: ast.Module, number: int) -> None:
        self._tree = number
        self._statements(tree.body)

    def rest(self) -> None:
        """The bodies of functions, which run when the module has run: with its last bindings."""
        while self._deferred:
            waiting, self._deferred = self._deferred, []
            for run in waiting:
                run()

    # --- statements ---

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
                        self._expression(part)
            if name in ("target", "items"):
                for part in parts:
                    self._bind(part)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            dotted = below_tensorflow(alias.name)
            if dotted is None:
                self._scope.bind(alias.asname or alias.name.partition(".")[0], OTHER)
                continue
            if dotted:
                self._add(dotted, alias, imported=True)
            if alias.asname:
                self._scope.bind(alias.asname, frozenset([Alias(dotted)]))
            elif alias.name.startswith("tensorflow"):
                self._scope.bind("tensorflow", frozenset([Alias("")]))

    def _importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        space = None if node.level else below_tensorflow(module)
        for alias in node.names:
            name = alias.asname or alias.name
            if module in ("tensorflow.compat", "tf1compat") and not node.level and alias.name == "v1":
                self._scope.bind(name, frozenset([Alias("")]))
            elif space is None:
                self._scope.bind(name, OTHER)
            elif alias.name == "*":
                self._scope.stars.append(space)
                self._add(space, alias, imported=True, star=True)
            else:
                dotted = f"{space}.{alias.name}" if space else alias.name
                self._add(dotted, alias, imported=True)
                self._scope.bind(name, frozenset([Alias(dotted)]))

    def _assign(self, node: ast.Assign) -> None:
        self._expression(node.value)
        for target in node.targets:
            self._target(target, node.value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        self._expression(node.annotation)
        if node.value is not None:
            self._expression(node.value)
            self._target(node.target, node.value)

    def _augassign(self, node: ast.AugAssign) -> None:
        self._expression(node.value)
        self._expression(node.target)
        self._bind(node.target)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._expression(target)
            self._bind(target)

    def _target(self, target: ast.expr, value: ast.expr) -> None:
        """Bind what `target = value` binds."""
        if isinstance(target, ast.Name):
            meaning = frozenset(Alias(alias.dotted, True) if alias else None for alias in self._meaning(value))
            self._scope.bind(target.id, meaning or OTHER)
        elif (
            isinstance(target, (ast.Tuple, ast.List))
            and isinstance(value, (ast.Tuple, ast.List))
            and len(target.elts) == len(value.elts)
            and not any(isinstance(part, ast.Starred) for part in [*target.elts, *value.elts])
        ):
            for inner, given in zip(target.elts, value.elts, strict=True):
                self._target(inner, given)
        else:
            self._expression(target)
            self._bind(target)

    def _bind(self, target: Any) -> None:
        for node in ast.walk(target) if isinstance(target, ast.AST) else ():
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self._scope.bind(node.id, OTHER)

    def _excepthandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._scope.bind(node.name, OTHER)
        self._statements(node.body)

    def _if(self, node: ast.If) -> None:
        self._expression(node.test)
        with_guard = self._guarded or asks_for_version(node.test)
        self._ways([node.body], [node.orelse], guarded=with_guard)

    def _try(self, node: ast.Try) -> None:
        guarded = self._guarded or forgives(node)
        for handler in node.handlers:
            if handler.type is not None:
                self._expression(handler.type)
        self._ways([node.body, node.orelse], *([[handler]] for handler in node.handlers), guarded=guarded)
        self._statements(node.finalbody)

    _trystar = _try

    def _ways(self, *ways: Sequence[Sequence[Any]], guarded: bool) -> None:
        """Statements of which one or another part runs: afterwards a name may stand for what either left."""
        before, outside = self._scope.names, self._guarded
        after: list[dict[str, Meaning]] = []
        for bodies in ways:
            self._scope.names, self._guarded = dict(before), guarded
            for body in bodies:
                self._statements(body)
            after.append(self._scope.names)
        self._guarded = outside
        names = {name for way in after for name in way}
        nothing: Meaning = frozenset()
        self._scope.names = {name: nothing.union(*(way.get(name, nothing) for way in after)) for name in names}

    def _match(self, node: Any) -> None:
        self._expression(node.subject)
        for case in node.cases:
            for name in bound_in([case.pattern]):
                self._scope.bind(name, OTHER)
            self._expression(case.pattern)
            if case.guard is not None:
                self._expression(case.guard)
        self._ways(*([case.body] for case in node.cases), [[]], guarded=self._guarded)

    def _global(self, node: ast.Global) -> None:
        for name in node.names:
            self._scope.elsewhere[name] = self._scope.module()

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            scope = self._scope.outer
            while scope is not None and scope.outer is not None and (scope.is_class or name not in scope.names):
                scope = scope.outer
            if scope is not None:
                self._scope.elsewhere[name] = scope

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in [*node.decorator_list, node.returns, *_outside(node.args)]:
            if part is not None:
                self._expression(part)
        self._scope.bind(node.name, OTHER)
        parameters = {argument.arg for argument in _every_argument(node.args)}
        self._defer(node.body, parameters | bound_in(node.body), parameters)

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]:
            self._expression(part)
        outer, self._scope = self._scope, Scope(self._scope, is_class=True)
        self._statements(node.body)
        self._scope = outer
        self._scope.bind(node.name, OTHER)

    def _defer(self, body: Sequence[ast.stmt], bound: set[str], parameters: set[str]) -> None:
        scope = Scope(self._scope, bound=bound)
        scope.names.update(dict.fromkeys(parameters, OTHER))
        inside = scope, self._guarded, self._tree

        def run() -> None:
            before = self._scope, self._guarded, self._tree
            self._scope, self._guarded, self._tree = inside
            self._statements(body)
            self._scope, self._guarded, self._tree = before

        self._deferred.append(run)

    # --- expressions ---

    def _expression(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Attribute, ast.Name)) and self._chain(node):
            return
        if isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Lambda):
            for part in _outside(node.args):
                self._expression(part)
            names = {argument.arg for argument in _every_argument(node.args)}
            self._inside(names, [node.body])
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            targets = [part.target for part in node.generators]
            parts = [part for generator in node.generators for part in (generator.iter, *generator.ifs)]
            values = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            self._inside(bound_in(targets), [*targets, *parts, *values])
        elif isinstance(node, ast.NamedExpr):
            self._expression(node.value)
            self._target(node.target, node.value)
        elif isinstance(node, ast.IfExp) and asks_for_version(node.test):
            self._expression(node.test)
            outside, self._guarded = self._guarded, True
            self._expression(node.body)
            self._expression(node.orelse)
            self._guarded = outside
        else:
            for child in ast.iter_child_nodes(node):
                self._expression(child)

    def _inside(self, names: set[str], parts: Iterable[ast.AST]) -> None:
        outer, self._scope = self._scope, Scope(self._scope)
        self._scope.names.update(dict.fromkeys(names, OTHER))
        for part in parts:
            self._expression(part)
        self._scope = outer

    def _call(self, node: ast.Call) -> None:
        meaning = self._meaning(node)
        asked = isinstance(node.func, ast.Name) and node.func.id == "hasattr"
        if any(meaning):
            for alias in meaning:
                if alias and alias.dotted:
                    self._add(alias.dotted, node, guarded=len(node.args) > 2)
        elif not (isinstance(node.func, (ast.Attribute, ast.Name)) and self._chain(node.func, node)):
            self._expression(node.func)
        for part in [*node.args, *node.keywords]:
            if not (asked and isinstance(part, ast.Attribute)):
                self._expression(part)

    def _chain(self, node: ast.Attribute | ast.Name, call: ast.Call | None = None) -> bool:
        """Note a name of TensorFlow's; False if this is none, and its parts are to be looked at."""
        meaning = self._meaning(node)
        if not isinstance(node.ctx, ast.Load):
            self.given.update(alias.dotted for alias in meaning if alias and isinstance(node, ast.Attribute))
            return False
        if not any(meaning):
            return False
        for alias in meaning:
            # A name that the program gave by itself is told where it was given, unless it is called here.
            told = isinstance(node, ast.Name) and (alias is None or alias.assigned) and call is None
            if alias and alias.dotted and not told:
                self._add(alias.dotted, node, guarded=len(meaning) > 1, call=call)
        return True

    def _meaning(self, node: ast.AST) -> Meaning:
        """What an expression stands for, if it is a name of TensorFlow's; empty for all else."""
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            meaning = self._scope.look_up(node.id) or self._of_star(node.id)
        else:
            meaning = self._imported(node) if isinstance(node, ast.Call) else frozenset()
        if not names or not any(meaning):
            return meaning if any(meaning) else frozenset()
        path = ".".join(reversed(names))
        return frozenset(
            Alias(f"{alias.dotted}.{path}" if alias.dotted else path, alias.assigned) for alias in meaning if alias
        )

    def _of_star(self, name: str) -> Meaning:
        for space in self._scope.every_star():
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
                around = [alias for alias in self._meaning(node.args[0]) if alias]
                return frozenset(Alias(".".join(filter(None, (alias.dotted, attribute.value)))) for alias in around)
        return frozenset()

    def _add(self, dotted: str, node: Any, guarded: bool = False, **about: Any) -> None:
        line, column = node.lineno, node.col_offset
        self.found.append(Use(dotted, line, column, node, guarded=guarded or self._guarded, tree=self._tree, **about))


def _every_argument(arguments: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _outside(arguments: ast.arguments) -> list[ast.expr]:
    """What of a function's arguments is looked up outside of it: defaults and annotations."""
    given = [*arguments.defaults, *arguments.kw_defaults, *(arg.annotation for arg in _every_argument(arguments))]
    return [part for part in given if part is not None]
