"""What is known of the files that are migrated together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .programs import imported_files, python_2_files, reached
from .syntax import imports_of

__all__ = ["Project", "project_of"]

_TENSORFLOW = re.compile(r"\btensorflow\b")
_DEFINED = re.compile(r"^[ \t]*(?:def|class)[ \t]+(\w+)|\bself\.(\w+)[ \t]*=[^=]", re.M)


@dataclass(frozen=True)
class Project:
    """The files of one call of `migrate`.

    Attributes:
      paths: their names.
      imported: the first names of all modules that they import.
      defined: the names of the functions, methods and classes that they define, and what they keep in `self`.
      python_2: those of the files that are Python 2, by themselves or by the program they belong to.
      imported_files: those of the files that others of them import.
      of_tf1: those that import tensorflow, or others of them that do.
    """

    paths: tuple[str, ...] = ()
    imported: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    python_2: frozenset[str] = frozenset()
    imported_files: frozenset[str] = frozenset()
    of_tf1: frozenset[str] = frozenset()


def project_of(texts: Mapping[str, str]) -> Project:
    """What the texts of files, by their paths, say. They are not parsed: any of them may be Python 2, or broken."""
    imported: set[str] = set()
    defined: set[str] = set()
    for text in texts.values():
        imported.update(name.partition(".")[0] for name in imports_of(text))
        defined.update(first or second for first, second in _DEFINED.findall(text))
    files = {os.path.abspath(path): path for path in texts}
    loads = {
        path: {files[other] for other in imported_files(path, text) if other in files} for path, text in texts.items()
    }
    loaded_by: dict[str, set[str]] = {}
    for path, others in loads.items():
        for other in others:
            loaded_by.setdefault(other, set()).add(path)
    of_tf1 = {path for path, text in texts.items() if _TENSORFLOW.search(text) and _imports_tensorflow(text)}
    return Project(
        paths=tuple(texts),
        imported=frozenset(imported),
        defined=frozenset(defined),
        python_2=python_2_files(texts),
        imported_files=frozenset(loaded_by),
        of_tf1=frozenset(reached(of_tf1, loaded_by)),
    )


def _imports_tensorflow(text: str) -> bool:
    return any(name.partition(".")[0] == "tensorflow" for name in imports_of(text))
