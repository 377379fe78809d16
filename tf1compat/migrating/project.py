"""What is known of the files that are migrated together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Project", "project_of"]

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^#\n]+))", re.M)
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
    return Project(tuple(texts), frozenset(imported), frozenset(defined))


def imports_of(text: str) -> set[str]:
    """The modules that a text imports, as far as its lines show."""
    found: set[str] = set()
    for module, names in _IMPORT.findall(text):
        found.update([module] if module else (name.split()[0] for name in names.split(",") if name.split()))
    return found
