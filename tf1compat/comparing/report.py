"""A comparison for a terminal, and as plain values for a program."""

from __future__ import annotations

import math
from typing import Any

from .comparing import Comparison
from .results import Row

__all__ = ["as_json", "as_text", "origins_as_text", "verdict"]

_ENDINGS = {
    "exit": "to the program's end",
    "runs": "to the limit of runs",
    "bytes": "to the limit of recorded data",
    "time": "to the time limit",
}


def verdict(comparison: Comparison) -> int:
    """0: all that was compared agrees. 1: something differs. 2: it could not be compared."""
    rows = comparison.results.rows.values()
    if any(row.first(comparison.tolerance) for row in rows):
        return 1
    return 0 if any(row.points for row in rows) and not comparison.results.failures else 2


def as_text(comparison: Comparison) -> str:
    """The table, what to know about it, and the verdict."""
    results, tolerance = comparison.results, comparison.tolerance
    fetches = [row for row in results.rows.values() if row.kind == "fetch"]
    variables = [row for row in results.rows.values() if row.kind == "variable"]
    differing = [row for row in variables if row.first(tolerance)]
    lines = [_line(row.name, row, tolerance) for row in fetches if row.points]
    lines += [_line(f"{row.name} (variable)", row, tolerance) for row in differing]
    agreeing = [row for row in variables if row.points and row not in differing]
    if agreeing:
        lines.append(_line(f"{_counted(len(agreeing), 'variable')} after each run", _together(agreeing), tolerance))
    header = ("fetched", "runs", f"first beyond {tolerance:g}", "worst", "worst, running free")
    reached = _ENDINGS.get(comparison.ending.reason)
    text = [
        f"TensorFlow {comparison.about['tensorflow']} and here: {_counted(results.steps, 'training step')}, "
        f"{_counted(results.runs, 'run')}" + (f", {reached}" if reached else ""),
        "Differences are relative to the largest number of the fetch, each with the run it was seen in. Every run",
        "began with TensorFlow 1's variables, and was fed what TensorFlow 1 was fed; running free only the feeds were.",
        "",
        *_aligned([header, *lines]),
        "",
        *_notes(comparison, fetches + variables),
    ]
    return "\n".join([*text, _sentence(comparison)])


def origins_as_text(number: int, origins: list[dict[str, Any]]) -> str:
    """What `locate` found."""
    lines: list[tuple[str, ...]] = [("op", "differs by", "each number by", "in the run by")]
    for origin in origins[:8]:
        figures = (f"{origin[key]:.1e}" for key in ("own", "own_each", "whole"))
        lines.append((f"{origin['name']} ({origin['type']})", *figures))
    header = f"Where it begins: the ops of run {number}, each given the inputs that it had under TensorFlow 1"
    if not origins:
        return f"{header}: none of them differs."
    return "\n".join([header, "", *_aligned(lines)])


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything, with each run's differences."""
    rows = []
    for row in comparison.results.rows.values():
        worst, free, first = row.worst(), row.worst(2), row.first(comparison.tolerance)
        rows.append(
            {
                "name": row.name, "kind": row.kind, "runs": len(row.points), "worst": _number(worst),
                "worst_free": _number(free), "first_beyond": _number(first), "random": row.random, "raced": row.raced,
                "points": [[_plain(value) for value in point] for point in row.points],
            }
        )  # fmt: skip
    results = comparison.results
    names = ("runs", "steps", "replayed", "lost", "unordered", "feeds", "notes", "failures")
    return {
        "verdict": ("agrees", "differs", "not compared")[verdict(comparison)],
        "tolerance": comparison.tolerance,
        "there": comparison.about,
        "ended": comparison.ending.reason,
        **{name: getattr(results, name) for name in names},
        "rows": rows,
    }


def _number(found: tuple[float, int] | None) -> dict[str, Any] | None:
    return None if found is None else {"difference": _plain(found[0]), "run": found[1]}


def _plain(value: Any) -> Any:
    """A number that JSON has."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _line(name: str, row: Row, tolerance: float) -> tuple[str, ...]:
    return (name, str(len(row.points)), *(_shown(found) for found in (row.first(tolerance), row.worst(), row.worst(2))))


def _shown(found: tuple[float, int] | None) -> str:
    if found is None:
        return "-"
    if found[0] == 0:
        return "0"
    return f"{'other shape' if math.isinf(found[0]) else format(found[0], '.1e')} ({found[1]})"


def _together(rows: list[Row]) -> Row:
    """One row of several: the worst of each run."""
    runs: dict[int, list[list[Any]]] = {}
    for row in rows:
        for point in row.points:
            runs.setdefault(point[0], []).append(point)
    points: list[list[Any]] = []
    for number, same in sorted(runs.items()):
        free = [point[2] for point in same if point[2] is not None]
        points.append([number, max(point[1] for point in same), max(free, default=None)])
    return Row("", "variable", points)


def _notes(comparison: Comparison, rows: list[Row]) -> list[str]:
    results = comparison.results
    lines = []
    if results.replayed:
        lines.append(f"replayed here, as random numbers or input: {_named(results.replayed)}")
    if results.feeds:
        lines.append(f"the program fed other values here, TensorFlow 1's were used: {_named(results.feeds)}")
    random = [row.name for row in rows if row.random]
    if random:
        lines.append(f"random, not compared: {_named(random)}; drawn in loops or functions by {_named(results.lost)}")
    raced = [row.name for row in rows if row.raced]
    if raced:
        lines.append(
            f"fetched by the run that writes what is read: {_named(raced)}; TensorFlow 1 read what the run left "
            "behind, here it is what was there before; read so late, it agrees"
        )
    if results.unordered:
        lines.append(
            f"read and written, or written twice, by one run in no order: {_named(results.unordered)}; TensorFlow 1 "
            "left to chance what came first, here it is what the program made first"
        )
    if comparison.ending.others:
        lines.append(f"not compared: {_counted(comparison.ending.others, 'run')} of other threads, under TensorFlow 1")
    lines += _first(results.notes)
    lines += _first([f"not comparable: {text}" for text in results.failures])
    return [*lines, ""] if lines else []


def _first(lines: list[str], most: int = 5) -> list[str]:
    more = len(lines) - most
    return lines[:most] + ([f"and {more} more like these, see --json"] if more > 0 else [])


def _sentence(comparison: Comparison) -> str:
    status, rows = verdict(comparison), comparison.results.rows.values()
    if status == 0:
        worst = max(found[0] for row in rows if (found := row.worst()) is not None)
        return f"It agrees: the worst difference is {worst:.1e}."
    if status == 1:
        beyond = sum(row.first(comparison.tolerance) is not None for row in rows)
        return f"It differs: {beyond} of {len(rows)} compared values are beyond {comparison.tolerance:g}."
    return "It could not be compared as a whole." if any(row.points for row in rows) else "Nothing could be compared."


def _named(names: list[str], most: int = 4) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:most]) + (f" and {len(unique) - most} more" if len(unique) > most else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _aligned(lines: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return ["  ".join(_cell(text, at, widths[at]) for at, text in enumerate(line)).rstrip() for line in lines]


def _cell(text: str, at: int, width: int) -> str:
    return text.rjust(width) if at == 1 else text.ljust(width)
