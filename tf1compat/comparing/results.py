"""What a comparison found: a row for each thing that was compared, and what was not compared and why."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["Results", "Row"]


@dataclasses.dataclass
class Row:
    """One fetch, or one variable after the runs that change it.

    points: [run, difference where restarted, difference where free or None, and for a number its value there and
      here] for each run that was compared.
    random: how many runs were not compared, for they drew numbers that could not be replayed.
    raced: how many runs agree only with what was read after the run: TensorFlow 1 read a variable while the same run
      wrote it.
    """

    name: str
    kind: str  # "fetch" or "variable"
    points: list[list[Any]] = dataclasses.field(default_factory=list)
    random: int = 0
    raced: int = 0

    def worst(self, column: int = 1) -> tuple[float, int] | None:
        """The largest difference and its run; column 2 is the free run's. None where nothing was compared."""
        points = [(point[column], point[0]) for point in self.points if point[column] is not None]
        return max(points, key=lambda point: point[0], default=None)

    def first(self, tolerance: float) -> tuple[float, int] | None:
        """The first difference beyond the tolerance, and its run."""
        return next(((point[1], point[0]) for point in self.points if point[1] > tolerance), None)


@dataclasses.dataclass
class Results:
    """All of it. What hinders a comparison is in `failures`; what the reader should know in `notes`."""

    rows: dict[str, Row] = dataclasses.field(default_factory=dict)
    runs: int = 0
    steps: int = 0
    replayed: list[str] = dataclasses.field(default_factory=list)
    lost: list[str] = dataclasses.field(default_factory=list)
    unordered: list[str] = dataclasses.field(default_factory=list)
    feeds: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    failures: list[str] = dataclasses.field(default_factory=list)

    def row(self, kind: str, name: str) -> Row:
        """The row of this kind and name."""
        return self.rows.setdefault(f"{kind} {name}", Row(name, kind))

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    def fail(self, text: str) -> None:
        """Say once what makes a part of the program not comparable."""
        if text not in self.failures:
            self.failures.append(text)

    def once(self, names: list[str], new: list[str]) -> None:
        """Add what a list has not."""
        names.extend(name for name in dict.fromkeys(new) if name not in names)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Results:
        """What `to_json` made."""
        rows = {key: Row(**row) for key, row in content["rows"].items()}
        return cls(**{**content, "rows": rows})
