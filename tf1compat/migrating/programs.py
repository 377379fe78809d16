"""Which files belong together, by what they import; and which of them are Python 2."""

from __future__ import annotations

import collections
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tf1compat.python2.judge import Verdict, judge
from tf1compat.python2.signs import is_python_3_only

from .syntax import imports_of, tree_of

__all__ = ["Surroundings", "python_2_files", "reached", "surroundings"]

_LOOKED_AT = 200


def imported_files(path: str, text: str) -> Iterator[str]:
    """The files that a file's imports may mean: below its own folder, and below the folders above it that the package
    it is in lies in."""
    folder = os.path.dirname(os.path.abspath(path))
    roots = [folder]
    while os.path.isfile(os.path.join(roots[-1], "__init__.py")):
        roots.append(os.path.dirname(roots[-1]))
    for name in imports_of(text):
        dots = len(name) - len(name.lstrip("."))
        parts = [part for part in name.split(".") if part]
        for root in [_up(folder, dots - 1)] if dots else roots:
            place = root
            for part in parts:
                place = os.path.join(place, part)
                files = (place + ".py", os.path.join(place, "__init__.py"))
                yield from (file for file in files if os.path.isfile(file))


def _up(folder: str, times: int) -> str:
    for _ in range(times):
        folder = os.path.dirname(folder)
    return folder


@dataclass(frozen=True)
class Surroundings:
    """Files and the user's files around them that they import, directly or not, by absolute paths.

    Attributes:
      texts: what is in each.
      loads: file: the files that it imports.
    """

    texts: Mapping[str, str]
    loads: Mapping[str, frozenset[str]]

    @property
    def loaded_by(self) -> dict[str, set[str]]:
        """File: the files that import it."""
        found: dict[str, set[str]] = {}
        for path, others in self.loads.items():
            for other in others:
                found.setdefault(other, set()).add(path)
        return found


def surroundings(given: Mapping[str, str]) -> Surroundings:
    """The surroundings of files, whose texts are given; of others at most two hundred are read."""
    texts: dict[str, str] = {}
    loads: dict[str, frozenset[str]] = {}
    waiting = collections.deque(given)
    while waiting and len(texts) < len(given) + _LOOKED_AT:
        path = waiting.popleft()
        if path not in texts:
            texts[path] = given[path] if path in given else _text(path)
            loads[path] = frozenset(imported_files(path, texts[path]))
            waiting.extend(loads[path])
    return Surroundings(texts, loads)


def python_2_files(around: Surroundings) -> set[str]:
    """The files that are Python 2: by themselves, or because a file is that imports them or that they import, and
    nothing in them is Python 3's alone. A program is in one Python."""
    surely = {path for path, text in around.texts.items() if _is_python_2(text, path)}
    near = around.loaded_by
    for path, others in around.loads.items():
        near.setdefault(path, set()).update(others)
    return {path for path in reached(surely, near) if path in surely or _may_be(around.texts.get(path, ""))}


def reached(start: set[str], near: Mapping[str, set[str]]) -> set[str]:
    """What can be come to from somewhere, itself included, by any number of steps to what is near."""
    found = set(start)
    waiting = list(start)
    while waiting:
        for other in near.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _is_python_2(text: str, path: str) -> bool:
    try:
        return judge(text.encode("utf-8", "replace"), path, is_main=True).verdict is Verdict.PYTHON_2
    except (RecursionError, MemoryError):  # nested too deeply for Python
        return False


def _may_be(text: str) -> bool:
    try:
        tree = tree_of(text)
        return tree is not None and not is_python_3_only(tree)
    except (RecursionError, MemoryError):
        return False


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
