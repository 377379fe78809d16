"""What is to be said of a file: the verdict of each name it uses, and what will become of it."""

from __future__ import annotations

import ast
import enum
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from tf1compat.python2.signs import surely_run

from . import arguments, imports, sources
from .symbols import Use, uses
from .verdicts import Kind, Verdict, knows, verdict

__all__ = ["FileReport", "Note", "Outcome", "Place", "Symbol", "check", "check_files"]


_FAILING = (Kind.REFUSED, Kind.UNKNOWN)


class Outcome(enum.Enum):
    """What will become of a program under `tf1compat run`, as far as reading it can tell."""

    FINE = "runs"
    DIFFERENT = "runs, with differences"
    MAY_FAIL = "may fail"
    FAILS = "will fail"
    UNREADABLE = "could not be read"


@dataclass(frozen=True)
class Place:
    """Where a name stands: line from 1, column from 1 (0: unknown), cell of a notebook; and that line's text.

    `harmless`: what is refused or unknown does no harm there: it is only imported, or the program can do without.
    `sure`: the program comes there for certain, when it runs as a script; a function may never be called. (It is
    found out for what fails.)
    """

    line: int
    column: int
    cell: int | None
    text: str
    harmless: bool = False
    sure: bool = False


@dataclass
class Symbol:
    """A name that a file uses: its verdict and its places."""

    verdict: Verdict
    places: list[Place] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether the program is to end with an error where it comes to this."""
        return self.verdict.kind in _FAILING and not all(place.harmless for place in self.places)

    @property
    def surely(self) -> bool:
        """Whether the program comes to it for certain."""
        return any(place.sure and not place.harmless for place in self.places)


@dataclass(frozen=True)
class Note:
    """Something else that is worth a word; `fails`: the program is to end for it where it comes to it, and `surely`:
    it does for certain."""

    text: str
    line: int | None = None
    cell: int | None = None
    fails: bool = False
    surely: bool = False


@dataclass
class FileReport:
    """All that is said of a file."""

    path: str
    symbols: list[Symbol] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unreadable: list[sources.Unreadable] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.unreadable:
            return Outcome.UNREADABLE
        told: list[Symbol | Note] = [*self.symbols, *self.notes]
        failing = [one for one in told if one.fails]
        if failing:
            return Outcome.FAILS if any(one.surely for one in failing) else Outcome.MAY_FAIL
        if any(symbol.verdict.kind is Kind.DIFFERENT for symbol in self.symbols):
            return Outcome.DIFFERENT
        return Outcome.FINE

    def counts(self) -> Counter[Kind]:
        """How often names of each kind are used."""
        return Counter({kind: n for kind in Kind if (n := sum(len(s.places) for s in self.of_kind(kind)))})

    def of_kind(self, kind: Kind) -> list[Symbol]:
        return [symbol for symbol in self.symbols if symbol.verdict.kind is kind]


#: The order in which symbols are told: what needs work first.
_ORDER = [Kind.REFUSED, Kind.UNKNOWN, Kind.DIFFERENT, Kind.OURS, Kind.TENSORFLOW]


def check_files(paths: Iterable[str], seen: Callable[[str], None] = lambda path: None) -> list[FileReport]:
    """A report for each file below `paths`; of what cannot be read or listed the report says so.

    Args:
      paths: files and folders.
      seen: told of each file before it is read.
    """
    given = list(paths)
    failed: list[sources.Unreadable] = []
    every = list(sources.files(given, failed))
    roots = [path for path in given if os.path.isdir(path)]
    own = _own_modules(every)
    reports = []
    for path in every:
        seen(path)
        reports.append(check(path, roots, own))
    return reports + [FileReport(error.path, unreadable=[error]) for error in failed]


def check(path: str, roots: Iterable[str] = (), own: Collection[str] = ()) -> FileReport:
    """The report of one file.

    Args:
      path: a Python file or a notebook.
      roots: folders whose modules it may import, besides its own folder and those around it.
      own: modules and packages that are the program's.
    """
    report = FileReport(path)
    try:
        source = sources.read(path)
        report.unreadable.extend(source.unreadable)
        _look(source, report, _folders(path, roots), own)
    except sources.Unreadable as error:
        report.unreadable.append(error)
    except RecursionError:
        report.unreadable.append(sources.Unreadable("an expression in it is nested too deeply", path))
    return report


def _look(source: sources.Source, report: FileReport, folders: list[str], own: Collection[str]) -> None:
    if source.python2:
        report.notes.append(Note(f"Python 2 ({source.python2}): runs converted, in memory; 7 / 2 is 3"))
    found: dict[Verdict, Symbol] = {}
    trees = [part.tree for part in source.parts]
    sure: set[int] | None = None
    lines = [part.text.splitlines() for part in source.parts]
    for use in uses(trees, knows):
        for judged in _verdicts(use):
            if judged.kind is Kind.NAMESPACE and not use.star:
                continue
            if judged.kind in _FAILING and sure is None:  # which takes a while
                sure = surely_run(ast.Module([statement for tree in trees for statement in tree.body], []), True)
            place = _place(use, judged, source.parts[use.tree].cell, lines[use.tree], id(use.node) in (sure or ()))
            symbol = found.setdefault(judged, Symbol(judged))
            if place not in symbol.places:
                symbol.places.append(place)
    for symbol in found.values():
        symbol.places.sort(key=lambda place: (place.cell or 0, place.line, place.column))
    report.symbols = sorted(found.values(), key=lambda symbol: (_ORDER.index(symbol.verdict.kind), _first(symbol)))
    for part in source.parts:
        if part.names:
            report.notes.append(Note(f"a name of Python 2 is given ({part.names})", cell=part.cell))
        for needed in imports.missing(part.tree, folders, own, bool(source.python2)):
            fails = needed.missing and not needed.guarded
            said = needed.said + ("; the program asks first" if needed.missing and needed.guarded else "")
            report.notes.append(Note(said, needed.line, part.cell, fails, fails and not needed.late))


def _verdicts(use: Use) -> list[Verdict]:
    """The verdict of a name; where it is called with what is refused, that of the call."""
    judged = verdict(use.dotted)
    if use.star and judged.kind is Kind.NAMESPACE:
        return []
    if use.call is not None and judged.kind in (Kind.OURS, Kind.TENSORFLOW, Kind.DIFFERENT):
        of_call = arguments.of_call(judged, use.call)
        return [of_call] if of_call is not None else [judged]
    return [judged]


def _place(use: Use, judged: Verdict, cell: int | None, lines: list[str], sure: bool) -> Place:
    text = lines[use.line - 1] if 0 < use.line <= len(lines) else ""
    column = len(text.encode("utf-8", "surrogatepass")[: use.column].decode("utf-8", "ignore")) + 1
    # Importing what is refused is free; importing what is not there is an error.
    harmless = use.guarded or use.imported and not use.star and judged.kind is Kind.REFUSED
    return Place(use.line, column if use.column >= 0 else 0, cell, text.strip()[:200], harmless, sure)


def _first(symbol: Symbol) -> tuple[int, int, int]:
    place = symbol.places[0]
    return place.cell or 0, place.line, place.column


def _folders(path: str, roots: Iterable[str]) -> list[str]:
    """Where a file's own modules may lie: beside it, in the folders given, or in those from there down to it."""
    here = os.path.dirname(os.path.abspath(path))
    found = [here]
    for root in roots:
        top = os.path.abspath(root)
        place = here
        while place.startswith(top) and place not in (top, os.path.dirname(place)):
            place = os.path.dirname(place)
            found.append(place)
        found.append(top)
    return list(dict.fromkeys([*found, os.getcwd()]))


def _own_modules(files: Iterable[str]) -> frozenset[str]:
    """Names by which the files may be imported from one another, wherever sys.path is made to lead."""
    found = set()
    for path in files:
        folder, name = os.path.split(path)
        found.add(os.path.splitext(name)[0])
        found.add(os.path.basename(os.path.abspath(folder)))
    return frozenset(found)
