"""What migrating would make of every file, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tf1compat.checking.sources import Unreadable as CheckingUnreadable
from tf1compat.checking.sources import read_bytes

from .files import Source, Unreadable, check_nesting, read
from .notebooks import Notebook, read_notebook
from .notes import Note, Notes
from .project import Project, project_of
from .rewriting import rewrite
from .targets import TARGETS

__all__ = ["FAULT", "Plan", "Rewritten", "make_plan"]

#: What is said of a file that a fault of this package's keeps from being migrated.
FAULT = "tf1compat failed on it; please report it"


@dataclass(frozen=True)
class Rewritten:
    """One file: its bytes before and after, and what there is to say; or why it could not be read.

    Attributes:
      path: its name as given.
      before, after: its bytes.
      notes: with the lines of the file as it is now.
      notes_after: the same with the lines of the new file.
      error: why nothing can be made of it, None if something can; `error_line` is 0 where no line is to blame.
    """

    path: str
    before: bytes
    after: bytes
    notes: tuple[Note, ...] = ()
    notes_after: tuple[Note, ...] = ()
    error: str | None = None
    error_line: int = 0

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Plan:
    """All files of one call."""

    files: tuple[Rewritten, ...]

    @property
    def changed(self) -> tuple[Rewritten, ...]:
        return tuple(file for file in self.files if file.changed)

    @property
    def failed(self) -> tuple[Rewritten, ...]:
        return tuple(file for file in self.files if file.error is not None)


def make_plan(paths: Sequence[str], target: str) -> Plan:
    """Rewrite files in memory. `target` is one of `targets.TARGETS`. A file that cannot be read or parsed is in the
    plan with its error."""
    sources = {path: _read(path) for path in paths}
    texts = {path: source.text for path, source in sources.items() if not isinstance(source, Rewritten)}
    project = project_of(texts)
    return Plan(tuple(_file(path, source, target, project) for path, source in sources.items()))


def _read(path: str) -> Source | Notebook | Rewritten:
    data = b""
    try:
        data = read_bytes(path)
        source = read_notebook(data) if path.endswith(".ipynb") else read(data, path)
        check_nesting(source.text)
        return source
    except CheckingUnreadable as error:
        return Rewritten(path, data, data, error=error.why)
    except Unreadable as error:
        return Rewritten(path, data, data, error=str(error), error_line=error.line)


def _file(path: str, source: Source | Notebook | Rewritten, target: str, project: Project) -> Rewritten:
    if isinstance(source, Rewritten):
        return source
    try:
        text, told = rewrite(source.text, TARGETS[target], Notes(path, project))
        after = source.encoded(text)
    except Unreadable as error:
        return Rewritten(path, source.data, source.data, error=str(error), error_line=error.line)
    except Exception as error:  # one file that nobody thought of must not keep the others from being migrated
        said = " ".join(f"{FAULT} ({type(error).__name__}: {error})".split())
        return Rewritten(path, source.data, source.data, error=said)
    given = source.notes if isinstance(source, Notebook) else ()
    before = [*given, *(source.placed(note, source.text) for note, _ in told)]
    return Rewritten(path, source.data, after, tuple(before), (*given, *(source.placed(new, text) for _, new in told)))
