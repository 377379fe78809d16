"""What is known of the files that are migrated together."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Project"]


@dataclass
class Project:
    """The files of one call of `migrate`.

    Attributes:
      paths: their names.
      python_2: those of them that are Python 2, by themselves or by the program they belong to.
      defined: the names of all functions, methods and classes that they define.
    """

    paths: tuple[str, ...] = ()
    python_2: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
