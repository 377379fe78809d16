"""Which recorded run a run here is the counterpart of: by order, by Session, by what is fetched."""

from __future__ import annotations

import re
from collections import deque

from .recording import Recording, Run
from .results import Results

__all__ = ["Counterparts", "shown"]

#: How many recorded runs to look ahead for one that the program does here.
_AHEAD = 50


class Counterparts:
    """Goes through a recording, run by run; what does not match becomes a failure in the results."""

    def __init__(self, recording: Recording, results: Results) -> None:
        self._runs, self._ahead, self._left = iter(recording), deque[Run](), len(recording)
        self._results, self._met = results, set[int]()

    def is_at_its_end(self) -> bool:
        """Whether every recorded run has been matched."""
        return not self._look_ahead(1)

    def match(self, session: int | None, names: list[str]) -> Run | None:
        """The counterpart of a run of these fetches; None where there is none.

        session: the recorded number of the Session, None for one that runs for the first time.
        """

        def fits(run: Run) -> bool:
            return session == run.session if session is not None else run.session not in self._met

        if self.is_at_its_end():
            self._results.fail("the program runs on here after its last run under TensorFlow 1")
            return None
        first = self._ahead[0]
        if fits(first) and _without_numbers(first.fetches) == _without_numbers(names):
            return self._taken(0, names)
        at = 1
        while at < _AHEAD and self._look_ahead(at + 1):
            if fits(self._ahead[at]) and self._ahead[at].fetches == names:
                return self._taken(at, names)
            at += 1
        if fits(first) and _is_alike(first.fetches, names):
            return self._taken(0, names)
        there = f"TensorFlow 1 ran {shown(first.fetches)} (run {first.number})"
        self._results.fail(f"{shown(names)} was run here where {there}")
        return None

    def left_over(self) -> int:
        """How many recorded runs have not been matched."""
        return self._left

    def _look_ahead(self, count: int) -> bool:
        """Whether the recording has this many more runs; as many are read."""
        while len(self._ahead) < count:
            run = next(self._runs, None)
            if run is None:
                return False
            self._ahead.append(run)
        return True

    def _taken(self, at: int, names: list[str]) -> Run:
        """The run that is `at` ahead, the counterpart of one of these names here."""
        for _ in range(at):
            skipped = self._ahead.popleft()
            self._results.fail(f"run {skipped.number} ({shown(skipped.fetches)}) was not done here")
        run = self._ahead.popleft()
        self._left -= at + 1
        self._met.add(run.session)
        for there, here in zip(run.fetches, names, strict=True):
            if there != here:
                self._results.note(f"{there} there is {here} here")
        return run


def shown(names: list[str]) -> str:
    """The names, or the first of many."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _is_alike(there: list[str], here: list[str]) -> bool:
    """Whether two lists of names may mean the same: as many, tensors and operations in the same places."""
    return len(there) == len(here) and all((":" in a) == (":" in b) for a, b in zip(there, here, strict=True))


def _without_numbers(names: list[str]) -> list[str]:
    """Names without what tells ops of one name apart: `grads/Mean_1:0` is `grads/Mean:0`."""
    return [re.sub(r"_\d+(?=/|:|$)", "", name) for name in names]
