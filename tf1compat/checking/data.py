"""The reports as plain data, for `--json` and for the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from tf1compat._version import __version__

from . import installed
from .report import FileReport, Note, Outcome, Place, Symbol
from .sources import Unreadable
from .verdicts import Kind

__all__ = ["exit_code", "plain", "summary"]


def exit_code(reports: Sequence[FileReport]) -> int:
    """0: all is fine, differences included; 1: something will or may fail; 2: something could not be read, or there was
    nothing to read."""
    outcomes = {report.outcome for report in reports}
    if not reports or Outcome.UNREADABLE in outcomes:
        return 2
    return 1 if outcomes & {Outcome.FAILS, Outcome.MAY_FAIL} else 0


def summary(reports: Sequence[FileReport]) -> dict[str, Any]:
    """How many files have each outcome, how often names of each kind are used, and in how many files what fails is."""
    uses: Counter[Kind] = Counter()
    symbols: dict[Kind, set[str]] = defaultdict(set)
    failing: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        uses += report.counts()
        for symbol in report.symbols:
            symbols[symbol.verdict.kind].add(symbol.verdict.symbol)
            if symbol.fails:
                failing[symbol.verdict.written].add(report.path)
        for note in report.notes:
            if note.fails:
                failing[note.text].add(report.path)
    outcomes = Counter(report.outcome for report in reports)
    return {
        "files": len(reports),
        "outcomes": {outcome.value: outcomes[outcome] for outcome in Outcome},
        "uses": {kind.value: uses[kind] for kind in Kind if kind is not Kind.NAMESPACE},
        "symbols": {kind.value: len(symbols[kind]) for kind in Kind if kind is not Kind.NAMESPACE},
        "failing": {name: len(failing[name]) for name in sorted(failing, key=lambda name: (-len(failing[name]), name))},
        "exit_code": exit_code(reports),
    }


def plain(reports: Sequence[FileReport]) -> dict[str, Any]:
    """Everything, as JSON holds it."""
    return {
        "tf1compat": __version__,
        "tensorflow": installed.version(),
        "files": [_file(report) for report in reports],
        "summary": summary(reports),
    }


def _file(report: FileReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "outcome": report.outcome.value,
        "symbols": [_symbol(symbol) for symbol in report.symbols],
        "notes": [_note(note) for note in report.notes],
        "unreadable": [_unreadable(error) for error in report.unreadable],
    }


def _symbol(symbol: Symbol) -> dict[str, Any]:
    judged = symbol.verdict
    return {
        "symbol": judged.written,
        "kind": judged.kind.value,
        "where": judged.where,
        "why": judged.why,
        "instead": judged.instead,
        "fails": symbol.fails,
        "surely": symbol.fails and symbol.surely,
        "places": [_place(place) for place in symbol.places],
    }


def _place(place: Place) -> dict[str, Any]:
    about = {"line": place.line, "column": place.column or None, "text": place.text, "harmless": place.harmless}
    about["sure"] = place.sure
    return about if place.cell is None else {"cell": place.cell, **about}


def _note(note: Note) -> dict[str, Any]:
    return {"text": note.text, "line": note.line, "cell": note.cell, "fails": note.fails, "surely": note.surely}


def _unreadable(error: Unreadable) -> dict[str, Any]:
    return {"why": error.why, "line": error.line, "cell": error.cell}
