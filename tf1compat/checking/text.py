"""The reports as a person reads them in a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

from .data import summary
from .report import FileReport, Note, Outcome, Symbol
from .sources import Unreadable
from .verdicts import Kind

__all__ = ["of_file", "of_summary"]

_SAID = {
    Kind.OURS: "ours",
    Kind.TENSORFLOW: "TensorFlow's",
    Kind.DIFFERENT: "different",
    Kind.REFUSED: "refused",
    Kind.UNKNOWN: "unknown",
}
_COLOURS = {
    Kind.REFUSED: "31",
    Kind.UNKNOWN: "31",
    Kind.DIFFERENT: "33",
    Outcome.FAILS: "31;1",
    Outcome.MAY_FAIL: "31",
    Outcome.UNREADABLE: "35;1",
    Outcome.DIFFERENT: "33",
    Outcome.FINE: "32",
}
_LINES = 12  # of a symbol, that are told


def of_file(report: FileReport, brief: bool = False, colours: bool = False) -> str:
    """What is said of one file; "" where `brief` leaves nothing to say: then only what needs a look is told."""
    lines: list[str] = []
    lines += [line for error in report.unreadable for line in _error(error)]
    lines += [line for note in report.notes if not brief or note.fails for line in _note(note)]
    told = [symbol for symbol in report.symbols if not brief or symbol.fails or symbol.verdict.why]
    width = max((len(symbol.verdict.written) for symbol in told), default=0)
    for symbol in told:
        lines += _symbol(symbol, min(width, 44), colours)
    if brief and not lines:
        return ""
    head = f"{report.path}: {_painted(report.outcome.value, _COLOURS[report.outcome], colours)}"
    counts = ", ".join(f"{n} {_SAID[kind]}" for kind, n in report.counts().items())
    tail = [f"  {counts}"] if counts else [] if lines else ["  no name of TensorFlow's"]
    return "\n".join([head, *lines, *tail]) + "\n"


def of_summary(reports: Sequence[FileReport], colours: bool = False) -> str:
    """What is said of all files together."""
    about = summary(reports)
    lines = [f"{about['files']} {'file' if about['files'] == 1 else 'files'}"]
    for outcome in Outcome:
        if n := about["outcomes"][outcome.value]:
            lines.append(f"  {n:5}  {_painted(outcome.value, _COLOURS[outcome], colours)}")
    if any(about["uses"].values()):
        lines.append("uses of TensorFlow's names")
        for kind, said in _SAID.items():
            if n := about["uses"][kind.value]:
                names = about["symbols"][kind.value]
                lines.append(f"  {n:5}  {said} ({names} {'name' if names == 1 else 'names'})")
    if about["failing"]:
        lines.append("what fails, and in how many files")
        lines += [f"  {n:5}  {name}" for name, n in about["failing"].items()]
    return "\n".join(lines) + "\n"


def _symbol(symbol: Symbol, width: int, colours: bool) -> Iterator[str]:
    judged = symbol.verdict
    numbers = [_number(place.line, place.cell) for place in symbol.places]
    where = ", ".join(dict.fromkeys(numbers[:_LINES])) + (", …" if len(set(numbers)) > _LINES else "")
    kind = f"{_SAID[judged.kind]:<13}"
    yield f"  {judged.written:<{width}} {_painted(kind, _COLOURS.get(judged.kind, ''), colours)} line {where}"
    said = judged.why
    if judged.kind in (Kind.REFUSED, Kind.UNKNOWN) and not symbol.fails:
        said += "; it does no harm: the program only imports it, or can do without"
    elif symbol.fails and not symbol.surely:
        said += "; the program may never come there"
    yield from _wrapped(said)
    if judged.instead:
        yield from _wrapped(f"instead: {judged.instead}")


def _note(note: Note) -> list[str]:
    return _wrapped(note.text + _where(note.line, note.cell), "  ")


def _error(error: Unreadable) -> list[str]:
    return _wrapped(error.why + _where(error.line, error.cell), "  ")


def _where(line: int | None, cell: int | None) -> str:
    if line:
        return f" (line {_number(line, cell)})"
    return f" (cell {cell})" if cell else ""


def _number(line: int, cell: int | None) -> str:
    return str(line) if cell is None else f"{line} of cell {cell}"


def _wrapped(text: str, indent: str = "      ") -> list[str]:
    width = max(60, min(shutil.get_terminal_size().columns, 120))
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ", break_long_words=False)


def _painted(text: str, colour: str, colours: bool) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colours and colour else text
