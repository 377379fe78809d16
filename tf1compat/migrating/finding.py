"""The files that a path means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

__all__ = ["NotFound", "find_files"]

_ENDINGS = (".py", ".pyw", ".ipynb")
_NOT_SOURCES = frozenset("__pycache__ node_modules site-packages dist-packages".split())


class NotFound(Exception):
    """There is no such file or folder."""


def find_files(paths: Sequence[str]) -> list[str]:
    """Files as they are named; of folders, the Python files and notebooks below them, but none in hidden folders,
    virtual environments and installed packages. In order, each once.

    Raises:
      NotFound: a path is neither.
    """
    found: dict[str, str] = {}
    for path in paths:
        if os.path.isdir(path):
            names: Iterator[str] | list[str] = _below(path)
        elif os.path.exists(path):
            names = [path]
        else:
            raise NotFound(f"there is no {path}")
        for name in names:
            found.setdefault(os.path.realpath(name), os.path.normpath(name))
    return list(found.values())


def _below(folder: str) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if _holds_sources(os.path.join(place, name), name))
        yield from (os.path.join(place, name) for name in sorted(files) if name.endswith(_ENDINGS))


def _holds_sources(path: str, name: str) -> bool:
    if name.startswith(".") or name in _NOT_SOURCES:
        return False
    return not os.path.exists(os.path.join(path, "pyvenv.cfg"))
