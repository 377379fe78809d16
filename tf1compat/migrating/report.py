"""What `tf1compat migrate` says, and the status it ends with."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from .notes import Kind, Note
from .plan import Plan

__all__ = ["Status", "note_lines", "status", "summary"]


class Status(enum.IntEnum):
    """The exit statuses, for CI."""

    DONE = 0
    WOULD_CHANGE = 1
    USAGE = 2
    REFUSED_NAMES = 3
    FAILED = 4


def status(plan: Plan, written: bool) -> Status:
    """The status after a plan was shown, or written."""
    if plan.failed:
        return Status.FAILED
    if any(note.kind is Kind.REFUSED for file in plan.files for note in file.notes):
        return Status.REFUSED_NAMES
    return Status.WOULD_CHANGE if plan.changed and not written else Status.DONE


def note_lines(plan: Plan, written: bool) -> Iterable[str]:
    """A line for each note and error; with the lines of the new files where they were written."""
    for file in plan.files:
        if file.error is not None:
            yield f"{_place(file.path, Note(file.error_line, Kind.REFUSED, ''))}: error: {file.error}"
        for note in file.notes_after if written and file.changed else file.notes:
            yield f"{_place(file.path, note)}: {note.kind.value}: {note.text}"


def _place(path: str, note: Note) -> str:
    cell = f":cell {note.cell}" if note.cell else ""
    return f"{path}{cell}:{note.line}" if note.line else f"{path}{cell}"


def summary(plan: Plan, written: bool) -> str:
    """One line that counts the files."""
    changed = len(plan.changed)
    parts = [f"{_files(changed)} {'migrated' if written else 'would change'}"]
    same = len(plan.files) - changed - len(plan.failed)
    if same:
        parts.append(f"{_files(same)} stay{'s' if same == 1 else ''} as {'it is' if same == 1 else 'they are'}")
    if plan.failed:
        parts.append(f"{_files(len(plan.failed))} cannot be read")
    counts = [note.kind for file in plan.files for note in file.notes]
    for kind, words in _WORDS.items():
        if kind in counts:
            parts.append(f"{counts.count(kind)} {words}")
    return "; ".join(parts)


_WORDS = {Kind.REFUSED: "refused: see the notes", Kind.LEFT: "left as it was", Kind.TOLD: "to know of"}


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


