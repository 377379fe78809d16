"""What is known of the files that are migrated together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .programs import python_2_files, reached, surroundings
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
      of_tf1: those that import tensorflow, or files that do, those around them included.
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
    around = surroundings({full: texts[path] for full, path in files.items()})
    loaded_by = around.loaded_by
    of_tf1 = {path for path, text in around.texts.items() if _imports(text, _TF1 if path in files else _TF1_MOVED)}

    def given(found: Iterable[str]) -> frozenset[str]:
        return frozenset(files[path] for path in found if path in files)

    return Project(
        paths=tuple(texts),
        imported=frozenset(imported),
        defined=frozenset(defined),
        python_2=given(python_2_files(around)),
        imported_files=given(loaded_by),
        of_tf1=given(reached(of_tf1, loaded_by)),
    )


_TF1 = re.compile(r"tensorflow(\.|$)")
#: What a file that was migrated before imports, too.
_TF1_MOVED = re.compile(r"tensorflow(\.|$)|tf1compat\.v1(\.|$)")


def _imports(text: str, modules: re.Pattern[str]) -> bool:
    return any(modules.match(name) for name in imports_of(text))
