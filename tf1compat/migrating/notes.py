"""What a transformation has to tell the person: a line of the file each."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .lines import carry
from .project import Project

__all__ = ["Kind", "Note", "Notes"]


class Kind(enum.Enum):
    """How much a note matters. `REFUSED`: the program will not run as it is; `LEFT`: something was left as it was,
    with the reason; `TOLD`: what was done has a side to it that one should know."""

    REFUSED = "refused"
    LEFT = "left"
    TOLD = "told"


@dataclass(frozen=True)
class Note:
    """`line` counts from 1, 0 is the whole file; `cell` is a notebook's, 0 in other files."""

    line: int
    kind: Kind
    text: str
    cell: int = 0


@dataclass
class Notes:
    """Collects the notes on one file, and says what a transformation may want to know of the file.

    Attributes:
      path: the file's name, "" for text that has none.
      project: what is migrated with it.
    """

    path: str = ""
    project: Project = field(default_factory=Project)
    found: list[Note] = field(default_factory=list)

    def add(self, line: int, kind: Kind, text: str) -> None:
        """`line` is one of the module that the transformation was given. A note is kept once."""
        note = Note(line, kind, text)
        if note not in self.found:
            self.found.append(note)

    def carried(self, before: str, after: str) -> Iterable[Note]:
        """The notes with the lines of another state of the text."""
        places = carry(before, after, [note.line for note in self.found])
        return [replace(note, line=line) for note, line in zip(self.found, places, strict=True)]
