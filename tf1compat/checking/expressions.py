"""The names of TensorFlow in expressions, and their places."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tf1compat.python2.signs import asks_for_version

from .meanings import Names
from .scopes import OTHER, Scope, bound_in

__all__ = ["Expressions", "Use", "every_argument", "outside_of"]


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


class Expressions:
    """A walk through expressions: what it `found`, the `names` where it is, whether the program asked first
    (`guarded`), and the number of the `tree`. `given` are names that the program itself puts there: `tf.model = 1`."""

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self.found: list[Use] = []
        self.given: set[str] = set()
        self.names = Names(knows)
        self.guarded = False
        self.tree = 0

    def expression(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Attribute, ast.Name)) and self._chain(node):
            return
        if isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Lambda):
            for part in outside_of(node.args):
                self.expression(part)
            names = {argument.arg for argument in every_argument(node.args)}
            self._inside(names, [node.body])
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            targets = [part.target for part in node.generators]
            parts = [part for generator in node.generators for part in (generator.iter, *generator.ifs)]
            values = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            self._inside(bound_in(targets), [*targets, *parts, *values])
        elif isinstance(node, ast.NamedExpr):
            self.expression(node.value)
            self.names.bind(node.target, node.value)
        elif isinstance(node, ast.IfExp) and asks_for_version(node.test):
            self.expression(node.test)
            outside, self.guarded = self.guarded, True
            self.expression(node.body)
            self.expression(node.orelse)
            self.guarded = outside
        elif isinstance(node, ast.BinOp):  # sums may have thousands of terms
            terms: list[ast.expr] = []
            left: ast.expr = node
            while isinstance(left, ast.BinOp):
                terms.append(left.right)
                left = left.left
            for term in [left, *reversed(terms)]:
                self.expression(term)
        else:
            for child in ast.iter_child_nodes(node):
                self.expression(child)

    def _inside(self, names: set[str], parts: Iterable[ast.AST]) -> None:
        outer, self.names.scope = self.names.scope, Scope(self.names.scope)
        self.names.scope.names.update(dict.fromkeys(names, OTHER))
        for part in parts:
            self.expression(part)
        self.names.scope = outer

    def _call(self, node: ast.Call) -> None:
        meaning = self.names.meaning(node)
        asked = isinstance(node.func, ast.Name) and node.func.id == "hasattr"
        if any(meaning):
            for alias in meaning:
                if alias and alias.dotted:
                    self.add(alias.dotted, node, guarded=len(node.args) > 2)
        elif not (isinstance(node.func, (ast.Attribute, ast.Name)) and self._chain(node.func, node)):
            self.expression(node.func)
        for part in [*node.args, *node.keywords]:
            if not (asked and isinstance(part, ast.Attribute)):
                self.expression(part)

    def _chain(self, node: ast.Attribute | ast.Name, call: ast.Call | None = None) -> bool:
        """Note a name of TensorFlow's; False if this is none, and its parts are to be looked at."""
        meaning = self.names.meaning(node)
        if not isinstance(node.ctx, ast.Load):
            self.given.update(alias.dotted for alias in meaning if alias and isinstance(node, ast.Attribute))
            return False
        if not any(meaning):
            return False
        for alias in meaning:
            # A name that the program gave by itself is told where it was given, unless it is called here.
            told = isinstance(node, ast.Name) and (alias is None or alias.assigned) and call is None
            if alias and alias.dotted and not told:
                self.add(alias.dotted, node, guarded=len(meaning) > 1, call=call)
        return True

    def add(self, dotted: str, node: Any, guarded: bool = False, **about: Any) -> None:
        line, column = node.lineno, node.col_offset
        self.found.append(Use(dotted, line, column, node, guarded=guarded or self.guarded, tree=self.tree, **about))


def every_argument(arguments: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def outside_of(arguments: ast.arguments) -> list[ast.expr]:
    """What of a function's arguments is looked up outside of it: defaults and annotations."""
    given = [*arguments.defaults, *arguments.kw_defaults, *(arg.annotation for arg in every_argument(arguments))]
    return [part for part in given if part is not None]
