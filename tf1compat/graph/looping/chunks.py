"""How many steps one call of a loop does, and what happens between two calls: the bar moves, Ctrl-C acts."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Bar", "Interrupts", "Pace"]

#: How long a call should take, in seconds.
CALL = 0.25
#: How much longer than the last call's the next number of steps may be.
GROWTH = 8
#: What a 32-bit loop counter holds, with room to spare.
MOST = 1 << 30
#: From when on a run counts as long, in seconds.
LONG = 2.0


class Pace:
    """Chooses the steps of the next call by what the calls before took.

    seconds: how long a step takes, None where that is not known; most: the most steps a call may do.
    """

    def __init__(self, seconds: float | None, most: int | None) -> None:
        self.seconds, self._most = seconds, min(most or MOST, MOST)
        self._last: int | None = None

    def next(self, left: int | None) -> int:
        """The number of steps of the next call; at most `left` of them."""
        if self.seconds is None:
            count = 1 if self._last is None else self._last * GROWTH
        else:
            count = int(CALL / max(self.seconds, 1e-12))
            if self._last is not None:
                count = min(count, self._last * GROWTH)
        return max(1, min(count, self._most, left if left is not None else MOST))

    def took(self, count: int, seconds: float, compiled: bool) -> None:
        """Learn from a call; `compiled`: it was the loop's first, of which the time says nothing."""
        self._last = max(count, 1)
        if count and not compiled:
            self.seconds = seconds / count


class Interrupts:
    """Holds Ctrl-C back for the block, in the main thread, until `act` is called.

    A program's own handler, where it has one, is called then.
    """

    def __init__(self) -> None:
        self._handler: Any = None
        self._caught: tuple[int, FrameType | None] | None = None

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            if callable(handler):
                self._handler = handler
                signal.signal(signal.SIGINT, self._catch)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
            if error is None:
                self.act()

    def _catch(self, number: int, frame: FrameType | None) -> None:
        self._caught = number, frame

    def act(self) -> None:
        """Do what the interrupt that came meanwhile would have done: as a rule, raise KeyboardInterrupt."""
        caught, self._caught = self._caught, None
        if caught is not None:
            self._handler(*caught)


class Bar:
    """A progress bar on the screen: `shown` always, never, or (None) once a run is long and a person looks."""

    def __init__(self, shown: bool | None, total: int | None) -> None:
        self._shown, self._total, self._done = shown, total, 0
        self._bar: Any = None
        self._began = time.monotonic()
        if shown is None and not (sys.stderr is not None and sys.stderr.isatty()) and "ipykernel" not in sys.modules:
            self._shown = False

    def advance(self, count: int) -> None:
        """Count steps that are done."""
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
        elif self._shown or (self._shown is None and time.monotonic() - self._began > LONG):
            from tqdm.auto import tqdm

            self._bar = tqdm(total=self._total, initial=self._done, unit="step")

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()
