"""A recording: what `recorder.py` wrote under TensorFlow 1, read one run after another.

The folder has `runs.jsonl`, a line of JSON for each `Session.run`, the last one how it ended:

    session   a number, in the order in which Sessions first ran
    ops       [name, type] of the ops that the graph got since the line before
    fetches   names, in the order of `recorder.leaves`; values: theirs, null for an operation
    lost      for each fetch the ops it needs whose values could be neither computed again nor recorded
    unordered variables that it reads and writes, or writes twice, in no order
    feeds     [name, value]; drawn: [name, value] of what random ops and inputs gave
    seeds     for each name in drawn the op's two seeds, [0, 0] where it has none
    before    [variable, value] that changed since the line before; after: that this run changed
    step      whether it changed a variable that had a value before
    raised    the name of the error that ended the run, if one did

where a value is the number of an array in `N.npz`, N being the number of the line, or strings with their shape.
"""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Ending", "Recording", "Run"]


@dataclasses.dataclass
class Run:
    """One recorded `Session.run`. `before` and `after` are the values of all variables by name."""

    number: int
    session: int
    fetches: list[str]
    values: list[Any]
    lost: list[list[str]]
    unordered: list[str]
    feeds: dict[str, Any]
    drawn: dict[str, Any]
    seeds: dict[str, list[int]]
    before: dict[str, Any]
    after: dict[str, Any]
    step: bool
    raised: str | None


@dataclasses.dataclass
class Ending:
    """How a recording ended: reason is "exit", "steps", "runs", "bytes", "error", or "time" where it was cut off.

    others: how many runs of other threads went by unrecorded.
    """

    reason: str = "time"
    error: str | None = None
    steps: int = 0
    others: int = 0


class Recording:
    """The runs of a folder, in order; `ending` is how it ended, `about` what it says of its origin.

    Raises:
      FileNotFoundError: where the folder has no recording.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        if not (self._folder / "runs.jsonl").exists():
            raise FileNotFoundError(f"{folder} has no recording: there is no runs.jsonl in it")
        self.about: dict[str, Any] = json.loads((self._folder / "about.json").read_text(encoding="utf-8"))
        self.ending, self._length = Ending(), 0
        for line in self._lines():
            if "end" in line:
                self.ending = Ending(line["end"], line["error"], line["steps"], line["others"])
            else:
                self._length += 1
                self.ending.steps += bool(line.get("step"))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Run]:
        states: dict[int, dict[str, Any]] = {}
        for number, line in enumerate(self._lines()):
            if "end" not in line:
                yield self._run(number, line, states.setdefault(line["session"], {}))

    def _lines(self) -> Iterator[dict[str, Any]]:
        with open(self._folder / "runs.jsonl", encoding="utf-8") as lines:
            for text in lines:
                if text.endswith("\n"):  # else it was cut off while it was written
                    yield json.loads(text)

    def _run(self, number: int, line: dict[str, Any], state: dict[str, Any]) -> Run:
        arrays = self._arrays(number)

        def pairs(kind: str) -> dict[str, Any]:
            return {name: _value(place, arrays) for name, place in line[kind]}

        state.update(pairs("before"))
        before = dict(state)
        state.update(pairs("after"))
        return Run(
            number, line["session"], line["fetches"], [_value(place, arrays) for place in line["values"]], line["lost"],
            line.get("unordered", []), pairs("feeds"), pairs("drawn"), line["seeds"], before, dict(state),
            bool(line.get("step")), line.get("raised"),
        )  # fmt: skip

    def _arrays(self, number: int) -> list[Any]:
        path = self._folder / f"{number:06d}.npz"
        if not path.exists():
            return []
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return [file[f"arr_{at}"] for at in range(len(file.files))]


def _value(place: Any, arrays: list[Any]) -> Any:
    """What the run gave, as `Session.run` returns it: strings are bytes, scalars NumPy's."""
    if place is None:
        return None
    if isinstance(place, int):
        return arrays[place][()]
    texts = np.array([text.encode("latin-1") for text in place["strings"]] or [b""], dtype=object)
    return texts[: len(place["strings"])].reshape(place["shape"])[()]
