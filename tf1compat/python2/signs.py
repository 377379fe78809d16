"""What in a file that parses under Python 3 says that it is Python 2, or that it is not."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Sign",
    "asks_for_version",
    "forgives",
    "future_features",
    "is_python_3_only",
    "names_of_python_2",
    "surely_run",
]

NAMES = frozenset(
    "apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr unicode xrange".split()
)
METHODS = frozenset("has_key iteritems iterkeys itervalues".split())
MODULES = frozenset(
    "BaseHTTPServer ConfigParser HTMLParser Queue SocketServer StringIO Tkinter UserDict __builtin__ cPickle "
    "cStringIO commands cookielib copy_reg exceptions httplib md5 sets sha thread urllib2 urlparse xmlrpclib".split()
)
_FORGIVING = frozenset("AttributeError BaseException Exception ImportError NameError StandardError SyntaxError".split())
_PRINT_KEYWORDS = {"end", "file", "flush", "sep"}


@dataclass(frozen=True)
class Sign:
    """Something only Python 2 has: what, in words, and the line it stands at. `may_be_bound`: some `import *` may
    have brought the name."""

    what: str
    line: int
    may_be_bound: bool = False


def future_features(tree: ast.Module) -> set[str]:
    """What a module imports from `__future__`."""
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    return {alias.name for node in imports for alias in node.names}


def is_python_3_only(tree: ast.Module, converted: bool = False) -> bool:
    """Whether a module uses syntax that no Python 2 had; `converted`: what the converter writes is none."""
    prints = converted or "print_function" in future_features(tree)
    return any(_is_python_3_only(node, prints, converted) for node in ast.walk(tree))


def _is_python_3_only(node: ast.AST, prints: bool, converted: bool) -> bool:
    if isinstance(node, _NEW_SYNTAX):
        return True
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        noted = getattr(node, "returns", None) is not None or any(arg.annotation is not None for arg in every)
        return noted or bool(given.posonlyargs or given.kwonlyargs)
    if isinstance(node, ast.ClassDef):
        return bool(node.keywords)
    if isinstance(node, ast.Raise):
        return node.cause is not None and not converted
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.MatMult)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return any(isinstance(element, ast.Starred) for element in node.elts)
    if isinstance(node, ast.Dict):
        return None in node.keys
    if isinstance(node, ast.Name):
        return not node.id.isascii()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "super":
            return not node.args
        return node.func.id == "print" and not prints and any(word.arg in _PRINT_KEYWORDS for word in node.keywords)
    return False


_NEW_SYNTAX: tuple[type[ast.AST], ...] = tuple(
    getattr(ast, name)
    for name in "AnnAssign AsyncFor AsyncFunctionDef AsyncWith Await JoinedStr Match NamedExpr Nonlocal TryStar "
    "TypeAlias YieldFrom".split()
    if hasattr(ast, name)
)


def names_of_python_2(tree: ast.Module) -> list[tuple[ast.AST, Sign]]:
    """The uses of names that only Python 2 has, less those that the file binds or asks about first."""
    bound = set(_bindings(tree))
    guarded = {id(inner) for node in ast.walk(tree) for inner in _guarded(node)}
    found: list[tuple[ast.AST, Sign]] = []
    for node in ast.walk(tree):
        what = None if id(node) in guarded else _name_of_python_2(node, bound)
        if what is not None:
            may_be_bound = "*" in bound and isinstance(node, ast.Name)
            found.append((node, Sign(what, getattr(node, "lineno", 1), may_be_bound)))
    return found


def _name_of_python_2(node: ast.AST, bound: set[str]) -> str | None:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in NAMES - bound:
        return node.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name = node.func.attr
        # pandas has methods of these names, and so may the file's own classes.
        if name in METHODS - bound and "pandas" not in bound and len(node.args) == (name == "has_key"):
            return f".{name}()"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
        return "print >>" if isinstance(node.left, ast.Name) and node.left.id == "print" else None
    if isinstance(node, ast.Import):
        return next((f"import {alias.name}" for alias in node.names if alias.name in MODULES), None)
    if isinstance(node, ast.ImportFrom) and node.module in MODULES and not node.level:
        return f"import {node.module}"
    return None


def _bindings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
                if alias.asname and isinstance(node, ast.Import):
                    yield alias.name.partition(".")[0]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def _guarded(node: ast.AST) -> Iterator[ast.AST]:
    """What is asked about before it is used: by try, or by the version of Python."""
    parts: Sequence[Any] = ()
    if isinstance(node, ast.Try) and forgives(node):
        parts = [*node.body, *node.handlers, *node.orelse]
    elif isinstance(node, (ast.If, ast.IfExp)) and asks_for_version(node.test):
        bodies = [node.body, node.orelse]
        parts = [part for body in bodies for part in (body if isinstance(body, list) else [body])]
    elif isinstance(node, ast.BoolOp) and any(asks_for_version(value) for value in node.values):
        parts = node.values
    for part in parts:
        yield from ast.walk(part)


def forgives(node: ast.Try) -> bool:
    """Whether a `try` goes on when a name or a module is not there."""
    names = {
        getattr(kind, "id", getattr(kind, "attr", ""))
        for handler in node.handlers
        for kind in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])
    }
    return any(handler.type is None for handler in node.handlers) or not _FORGIVING.isdisjoint(names)


def asks_for_version(test: ast.AST) -> bool:
    """Whether a condition asks for a version, or for whether something is there."""
    words = [
        str(getattr(node, field)).lower() for node in ast.walk(test) for field in ("id", "attr") if hasattr(node, field)
    ]
    return any("version" in word or "py2" in word or "py3" in word or word in ("six", "hasattr") for word in words)


def surely_run(tree: ast.Module, is_main: bool) -> set[int]:
    """The `id`s of the nodes that run for certain when the module does (`is_main`: as the program): what stands
    under no condition, and the functions that such code calls by their names."""
    return _Surely(tree, is_main).seen


class _Surely:
    def __init__(self, tree: ast.Module, is_main: bool) -> None:
        self.seen: set[int] = set()
        self._is_main = is_main
        self._functions: dict[str, list[ast.FunctionDef]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                self._functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                starts = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"]
                self._functions.setdefault(node.name, []).extend(starts)
        self._statements(tree.body)

    def _statements(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)
            if isinstance(statement, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                return

    def _statement(self, node: ast.stmt) -> None:
        self.seen.add(id(node))
        if isinstance(node, ast.If):
            self._expression(node.test)
            if self._is_main and any(getattr(part, "id", "") == "__name__" for part in ast.walk(node.test)):
                self._statements(node.body)
        elif isinstance(node, ast.Try):
            if not forgives(node):
                self._statements(node.body)
            self._statements(node.finalbody)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in [*node.decorator_list, *node.args.defaults]:
                self._expression(part)
        elif isinstance(node, ast.ClassDef):
            for given in [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]:
                self._expression(given)
            self._statements(node.body)
        else:
            bodies = [*getattr(node, "body", ())]
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.stmt):
                    self._expression(child)
            self._statements(bodies)

    def _expression(self, node: ast.AST) -> None:
        self.seen.add(id(node))
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, ast.IfExp):
            self._expression(node.test)
            return
        if isinstance(node, ast.BoolOp):
            self._expression(node.values[0])
            return
        if isinstance(node, ast.Call):
            self._call(node)
        for part in ast.iter_child_nodes(node):
            self._expression(part)

    def _call(self, node: ast.Call) -> None:
        function = node.func
        name = getattr(function, "id", getattr(function, "attr", None))
        if isinstance(function, ast.Attribute) and ast.unparse(function).endswith("app.run"):
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "main")]
            name = getattr(given[0], "id", "main") if given else "main"
        for called in self._functions.pop(name, ()) if isinstance(name, str) else ():
            self._statements(called.body)
