"""Which files belong together, by what they import; and which of them are Python 2."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from tf1compat.python2.judge import Verdict, judge
from tf1compat.python2.signs import is_python_3_only

from .syntax import imports_of, tree_of

__all__ = ["imported_files", "python_2_files", "reached"]

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


def python_2_files(texts: Mapping[str, str]) -> frozenset[str]:
    """The files that are Python 2: by themselves, or because a file is that imports them or that they import, and
    nothing in them is Python 3's alone. A program is in one Python."""
    files = {path: os.path.abspath(path) for path in texts}
    surely: set[str] = set()
    near: dict[str, set[str]] = {}
    waiting = list(files.values())
    given = {files[path]: text for path, text in texts.items()}
    read: dict[str, str] = {}
    while waiting and len(read) < len(given) + _LOOKED_AT:
        path = waiting.pop(0)
        if path in read:
            continue
        read[path] = text = given[path] if path in given else _text(path)
        if judge(text.encode("utf-8", "replace"), path, is_main=True).verdict is Verdict.PYTHON_2:
            surely.add(path)
        for other in imported_files(path, text):
            near.setdefault(path, set()).add(other)
            near.setdefault(other, set()).add(path)
            waiting.append(other)
    together = reached(surely, near)
    return frozenset(path for path, full in files.items() if full in surely or full in together and _may_be(read[full]))


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


def _may_be(text: str) -> bool:
    tree = tree_of(text)
    return tree is not None and not is_python_3_only(tree)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
