"""What is known of the files that are migrated together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .programs import imported_files, python_2_files
from .syntax import imports_of

__all__ = ["Project", "project_of"]

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
    """

    paths: tuple[str, ...] = ()
    imported: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    python_2: frozenset[str] = frozenset()
    imported_files: frozenset[str] = frozenset()


def project_of(texts: Mapping[str, str]) -> Project:
    """What the texts of files, by their paths, say. They are not parsed: any of them may be Python 2, or broken."""
    imported: set[str] = set()
    defined: set[str] = set()
    for text in texts.values():
        imported.update(name.partition(".")[0] for name in imports_of(text))
        defined.update(first or second for first, second in _DEFINED.findall(text))
    files = {os.path.abspath(path): path for path in texts}
    loaded = {other for path, text in texts.items() for other in imported_files(path, text)}
    return Project(
        paths=tuple(texts),
        imported=frozenset(imported),
        defined=frozenset(defined),
        python_2=python_2_files(texts),
        imported_files=frozenset(files[other] for other in loaded if other in files),
    )
