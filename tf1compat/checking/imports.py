"""What a program imports that is not there: neither installed, nor its own, nor given by `tf1compat run`."""

from __future__ import annotations

import ast
import functools
import importlib.util
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tf1compat.python2.signs import asks_for_version, forgives

from .scopes import below_tensorflow

__all__ = ["Needed", "missing"]


class Needed(NamedTuple):
    """A module that a program imports and that is not to be found; or one that is given (`missing` False), and how.

    `guarded`: the program goes on without it. `late`: a function imports it, when it is called.
    """

    name: str
    line: int
    said: str
    guarded: bool = False
    late: bool = False
    missing: bool = True


def missing(tree: ast.Module, folders: Sequence[str], own: Collection[str] = (), python2: bool = False) -> list[Needed]:
    """What `tree` imports that is worth a word, each module once, as it stands there.

    Args:
      tree: a program's syntax tree.
      folders: where its own modules may lie; the first is its own.
      own: names of modules and packages that are its own, wherever they lie.
      python2: it is Python 2, whose modules are given.
    """
    found: dict[str, Needed] = {}
    leads: list[str] | None = None
    looked = False
    for name, line, guarded, late in _imported(tree.body, False, False):
        top = name.partition(".")[0]
        if top in own or below_tensorflow(name) is not None or _is_in(top, folders):
            continue
        if python2 and top in _of_python_2():
            continue
        said = _of_gym() if top == "gym" else None
        if said is None:
            if _is_installed(top):
                continue
            if not looked:  # which takes a while
                leads, looked = _path_leads(tree), True
            if any(_is_module(os.path.join(folders[0], lead), top) for lead in leads or ()):
                continue
            where = "" if leads is None else "; sys.path, which the program changes, may lead to it"
            said = f"{top} is not installed{where}", leads is None
        note = Needed(top, line, said[0], guarded, late, said[1])
        before = found.get(top)
        if before is None or (before.guarded, before.late) > (guarded, late):
            found[top] = note
    return sorted(found.values(), key=lambda needed: needed.line)


def _imported(body: Sequence[ast.AST], guarded: bool, late: bool) -> Iterator[tuple[str, int, bool, bool]]:
    """(module, line, guarded, late) of each absolute import."""
    waiting = [(node, guarded, late) for node in reversed(body)]
    while waiting:
        node, guarded, late = waiting.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, guarded, late
            continue
        if isinstance(node, ast.ImportFrom):
            if not node.level and node.module:
                yield node.module, node.lineno, guarded, late
            continue
        if isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.Try):
            guarded = guarded or forgives(node)
        elif isinstance(node, ast.If):
            guarded = guarded or asks_for_version(node.test)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            late = True
        waiting.extend((child, guarded, late) for child in reversed(list(ast.iter_child_nodes(node))))


def _path_leads(tree: ast.Module) -> list[str] | None:
    """The folders that a program writes out where it changes `sys.path`; None: it does not."""
    statements = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign))
        and any(
            isinstance(part, ast.Attribute) and part.attr == "path" and getattr(part.value, "id", "") == "sys"
            for part in ast.walk(node)
        )
    ]
    if not statements:
        return None
    parts = (part for node in statements for part in ast.walk(node))
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _is_in(top: str, folders: Sequence[str]) -> bool:
    return any(_is_module(folder, top) for folder in folders)


@functools.lru_cache(maxsize=100_000)
def _is_module(folder: str, name: str) -> bool:
    path = os.path.join(folder, name)
    return os.path.isfile(f"{path}.py") or os.path.isdir(path)


@functools.cache
def _is_installed(top: str) -> bool:
    if top in sys.stdlib_module_names or top in sys.builtin_module_names:
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError, AttributeError):
        return top in sys.modules
    except Exception:  # noqa: BLE001 - a broken hook of somebody's says nothing of the program
        return False


@functools.cache
def _of_python_2() -> frozenset[str]:
    from tf1compat.legacy.python2 import libraries
    from tf1compat.python2.signs import MODULES

    return MODULES | libraries.OURS | frozenset(libraries.RENAMED)


@functools.cache
def _of_gym() -> tuple[str, bool] | None:
    """What is to be said of `import gym`, and whether it fails; None: the gym that is installed will do."""
    from importlib import metadata

    try:
        version = tuple(int(part) for part in metadata.version("gym").split(".")[:2])
    except (metadata.PackageNotFoundError, ValueError):
        version = None
    if version is not None and version < (0, 26):
        return None
    if _is_installed("gymnasium"):
        return "gym's old interface is given, over gymnasium", False
    return "gym of old does not install any more; its interface is given after `pip install gymnasium`", True
