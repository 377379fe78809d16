"""What `run` measures and says of a program, and how it has it computed: --fidelity, --xla, --profile, --summary."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from collections.abc import Iterator
from types import ModuleType

from .measuring import Runs
from .on_import import around_import
from .profiling import Trace

__all__ = ["CannotWatch", "Watch", "compile_runs", "watched"]


class CannotWatch(Exception):
    """An option cannot be kept; the message is for the user."""


@dataclasses.dataclass(frozen=True)
class Watch:
    """The options of `run` beyond which program.

    fidelity: whether to compute as TensorFlow 1 did where settings can have it so.
    xla: whether Sessions compile each signature with XLA.
    profile: a folder for a trace; None: no trace and no table.
    summary: whether to say a line at the end.
    """

    fidelity: bool = False
    xla: bool = False
    profile: str | None = None
    summary: bool = False


def compile_runs() -> None:
    """Sessions compile with XLA from now on, unless their config turns it off."""

    @contextlib.contextmanager
    def watch(config: ModuleType) -> Iterator[None]:
        yield
        config.compiles = True  # type: ignore[attr-defined]

    around_import("tf1compat.graph.config", watch)


@contextlib.contextmanager
def watched(watch: Watch, told: list[str]) -> Iterator[None]:
    """The program runs in the block; what was measured is said at its end, however it ends.

    told: the live list of what was said of mends and conversions, for the summary.

    Raises:
      CannotWatch: where the profile's folder cannot be written to.
    """
    if not (watch.profile or watch.summary):
        yield
        return
    trace = None
    if watch.profile:
        _make_folder(watch.profile)
        trace = Trace(watch.profile)
    runs = Runs(trace.around if trace else None)
    runs.install()
    process = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == process:  # not in a child that was forked
            if trace is not None:
                trace.end()
                _say(f"{runs.table()}\n{trace.told()}" if runs.signatures else "tf1compat run: no Session ran")
            if watch.summary:
                _say(f"tf1compat run: {runs.summary()}; {_mended(told)}")


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise CannotWatch(f"--profile {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise CannotWatch(f"--profile {folder}: it cannot be written to")


def _mended(told: list[str]) -> str:
    python_2 = ["converted from Python 2"] if "python 2" in told else []
    names = [name for name in told if name != "python 2"]
    given = [f"given back: {', '.join(names)}"] if names else []
    return "; ".join(python_2 + given) or "nothing converted or given back"


def _say(text: str) -> None:
    if sys.stdout is not None:
        sys.stdout.flush()
    if sys.stderr is not None:  # stdout is the script's
        print(text, file=sys.stderr)
