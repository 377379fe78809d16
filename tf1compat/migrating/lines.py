"""Where the lines of one text are in another, made from it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

__all__ = ["carry"]


def carry(before: str, after: str, lines: Sequence[int]) -> list[int]:
    """For lines of `before`, counted from 1, the lines of `after` that stand for them; 0 stays 0."""
    if before == after or not any(lines):
        return list(lines)
    old, new = before.split("\n"), after.split("\n")
    places: dict[int, int] = {}
    wanted = set(lines)
    for _, first, last, there, end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        for line in wanted.intersection(range(first + 1, last + 1)):
            places[line] = min(there + line - first, max(end, there + 1), len(new))
    return [places.get(line, line) for line in lines]
