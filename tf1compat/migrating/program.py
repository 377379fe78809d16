"""A module's statements with the text and the names of each: what a transformation visits, and what it leaves alone.

LibCST takes its time over a tree, so only statements whose text has a word in question are visited; and what a name
stands for is told from Python's own tree, which is there at once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from .syntax import code_of, dotted, tree_of

__all__ = ["Named", "Program", "with_nodes"]

#: Name: the dotted names that imports bind it to; none where something else is bound to it.
Meanings = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class _Place:
    """A top-level statement: its text, and the meanings that the functions in it add, in the order of their `def`s."""

    text: str
    functions: tuple[Meanings, ...]


class Named(cst.CSTTransformer):
    """A transformer that knows by `name_of` what names stand for."""

    def __init__(self) -> None:
        super().__init__()
        self._meanings: list[Meanings] = []
        self._functions: Iterator[Meanings] = iter(())

    def begin(self, module: Meanings, functions: Sequence[Meanings]) -> None:
        """Called before each statement."""
        self._meanings, self._functions = [module], iter(functions)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        self._meanings.append(next(self._functions, {}))

    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.BaseStatement:
        self._meanings.pop()
        return updated_node

    def name_of(self, node: cst.BaseExpression) -> str:
        """`np.random.rand` as "numpy.random.rand", by the imports; a builtin as "builtins.round"; "" for all else."""
        name = dotted(node)
        first, _, rest = name.partition(".")
        for meanings in reversed(self._meanings):
            if first in meanings:
                found = meanings[first]
                return ".".join(filter(None, (next(iter(found)), rest))) if len(found) == 1 else ""
        return f"builtins.{name}" if first and not rest else ""


@dataclass
class Program:
    """A module on its way from what it was to what it will be.

    Attributes:
      before: the module as it was, its code and Python's tree of it.
      meanings: what the names of the module stand for.
    """

    before: cst.Module
    code: str
    tree: ast.Module
    meanings: Meanings
    _places: list[_Place]
    _now: list[list[cst.BaseStatement]] = field(default_factory=list)

    @classmethod
    def of(cls, module: cst.Module) -> Program:
        """The program that a module is. Raises ValueError where Python has no tree of it."""
        code = code_of(module)
        tree = tree_of(code)
        if tree is None:
            raise ValueError("Python cannot parse the module")
        places = list(_places(module, tree, code))
        return cls(module, code, tree, _meanings(tree), places, [[statement] for statement in module.body])

    @property
    def module(self) -> cst.Module:
        """The module as it is now."""
        body = [statement for statements in self._now for statement in statements]
        same = len(body) == len(self.before.body) and all(a is b for a, b in zip(body, self.before.body, strict=True))
        return self.before if same else self.before.with_changes(body=body)

    def visit(self, words: re.Pattern[str] | str, visitor: Callable[[], Named]) -> None:
        """Visit the statements whose text, as it was, has one of the words. The visitor is made if there are any."""
        pattern = re.compile(words) if isinstance(words, str) else words
        if not pattern.search(self.code):
            return
        made: Named | None = None
        for at, place in enumerate(self._places):
            if not pattern.search(place.text):
                continue
            made = made or visitor()
            new: list[cst.BaseStatement] = []
            for statement in self._now[at]:
                made.begin(self.meanings, place.functions)
                new.extend(_flat(statement.visit(made)))
            self._now[at] = new


def _flat(result: object) -> Iterator[cst.BaseStatement]:
    if isinstance(result, cst.FlattenSentinel):
        yield from result
    elif isinstance(result, cst.BaseStatement):
        yield result


def with_nodes(module: cst.Module, tree: ast.Module) -> Iterator[tuple[cst.BaseStatement, list[ast.stmt]]]:
    """The statements of a module, each with what it is in Python's tree: of `a = 1; b = 2` two nodes."""
    at = 0
    for statement in module.body:
        count = len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1
        yield statement, tree.body[at : at + count]  # type: ignore[misc]
        at += count


def _places(module: cst.Module, tree: ast.Module, code: str) -> Iterator[_Place]:
    lines = code.split("\n")
    for _, nodes in with_nodes(module, tree):
        first = min(line for node in nodes for line in (node.lineno, *_decorators(node)))
        last = max(node.end_lineno or node.lineno for node in nodes)
        functions = tuple(_local(function) for node in nodes for function in _functions(node))
        yield _Place("\n".join(lines[first - 1 : last]), functions)


def _decorators(node: ast.AST) -> list[int]:
    return [decorator.lineno for decorator in getattr(node, "decorator_list", ())]


def _functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions in a statement, in the order of the text."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield from _functions(child)


def _meanings(tree: ast.Module) -> Meanings:
    """What the imports of a module's own statements say; what else may be bound to such a name is not asked: `time` is
    a module before it is the time."""
    imported, bound = _bound(tree.body)
    return {**{name: frozenset[str]() for name in bound}, **imported}


def _local(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Meanings:
    imported, bound = _bound(function.body)
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    bound |= {argument.arg for argument in every if argument is not None}
    return {**imported, **{name: frozenset[str]() for name in bound}}


def _bound(body: Sequence[ast.AST]) -> tuple[dict[str, frozenset[str]], set[str]]:
    """The names that statements bind by imports, with their meanings, and those that they bind otherwise."""
    imported: dict[str, frozenset[str]] = {}
    bound: set[str] = set()
    waiting = list(body)
    elsewhere: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name, meaning in _imported(node):
                imported[name] = imported.get(name, frozenset()) | {meaning}
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            elsewhere.update(node.names)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        if not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            waiting.extend(ast.iter_child_nodes(node))
    return imported, bound - elsewhere


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif alias.name != "*":
            yield alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}"
