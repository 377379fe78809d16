"""Runs the two sides of a comparison, each in a process of its own, one after the other."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .recorder import Store
from .recording import Ending, Recording
from .results import Results

__all__ = ["CannotCompare", "Comparison", "Settings", "locate", "record", "replay", "write_wanted"]

#: Seconds for a side to end when its time is up.
_GRACE = 20.0
_RECORDER = Path(__file__).with_name("recorder.py")


class CannotCompare(Exception):
    """A side could not be run; the message is for the user."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a comparison is made with.

    steps: training steps to record; a step is a run that changes a variable which had a value.
    runs, bytes: how many runs of any kind, and how much data, to record at most.
    tolerance: which relative difference still counts as equal.
    seed: for Python's and NumPy's generators, on both sides.
    drift: whether a second Session runs free beside the restarted one.
    seconds: how long each side may take.
    output: whether the program's own output shows.
    """

    steps: int = 100
    runs: int = 1000
    bytes: int = 4 << 30
    tolerance: float = 1e-4
    seed: int = 0
    drift: bool = True
    seconds: float = 600.0
    output: bool = False


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What was compared: the results, how the recording ended, and what it says of its origin."""

    results: Results
    ending: Ending
    about: dict[str, Any]
    tolerance: float


def record(python: str, script: str, arguments: Sequence[str], folder: Path, settings: Settings) -> Recording:
    """Run a program under a Python that has TensorFlow 1, and record it into a folder.

    Raises:
      CannotCompare: where that Python does not start, has no TensorFlow, or recorded nothing.
    """
    told = {"folder": str(folder), "compress": False}
    told |= {name: getattr(settings, name) for name in ("steps", "runs", "bytes", "seed")}
    command = [python, "-W", "ignore", str(_RECORDER), json.dumps(told), script, *arguments]
    try:
        tail = _run(command, settings, bare=True)
    except OSError as error:
        raise CannotCompare(f"cannot start {python}: {error.strerror}") from None
    if not (folder / "runs.jsonl").exists():
        raise CannotCompare(f"{python} cannot import TensorFlow and NumPy:\n{tail}")
    recording = Recording(folder)
    if recording.ending.reason == "error":
        raise CannotCompare(f"the program fails under {python}, {recording.ending.error}:\n{tail}")
    return recording


def replay(folder: Path, script: str, arguments: Sequence[str], settings: Settings) -> Comparison:
    """Run a program here beside its recording.

    Raises:
      CannotCompare: where it ran no Session.
    """
    recording = Recording(folder)
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch, "result.json")
        told = {"folder": str(folder), "result": str(result), "tolerance": settings.tolerance, "seed": settings.seed,
                "drift": settings.drift}  # fmt: skip
        command = [sys.executable, "-m", "tf1compat.cli.replayed", json.dumps(told), script, *arguments]
        tail = _run(command, settings, bare=False)
        if not result.exists():
            raise CannotCompare(f"the program did not come to its end here within {settings.seconds:g} s:\n{tail}")
        results = Results.from_json(json.loads(result.read_text(encoding="utf-8")))
    return Comparison(results, recording.ending, recording.about, settings.tolerance)


def locate(
    python: str, script: str, arguments: Sequence[str], folder: Path, comparison: Comparison, settings: Settings
) -> tuple[int, list[dict[str, Any]]] | None:
    """Find the ops in which the largest difference begins: the number of its run, and they, as plain values.

    None where nothing differs. The program runs once more on both sides, up to such a run.

    Raises:
      CannotCompare: where one of them does not come to it.
    """
    rows, tolerance = comparison.results.rows.values(), comparison.tolerance
    beyond = [(point[1], -point[0]) for row in rows for point in row.points if point[1] > tolerance]
    if not beyond:
        return None
    number = -max(beyond)[1]
    with tempfile.TemporaryDirectory(prefix="tf1compat_") as scratch:
        wanted, inner, result = (Path(scratch, name) for name in ("wanted", "inner", "result.json"))
        wanted.mkdir()
        inner.mkdir()
        write_wanted(folder, number, wanted)
        told = {"wanted": str(wanted), "folder": str(inner), "seed": settings.seed, "result": str(result)}
        command = [python, "-W", "ignore", str(_RECORDER.with_name("inner_recorder.py")), json.dumps(told)]
        tail = _run([*command, script, *arguments], settings, bare=True)
        if not (inner / "runs.jsonl").exists():
            raise CannotCompare(f"--locate: {python} did not come to run {number} once more:\n{tail}")
        command = [sys.executable, "-m", "tf1compat.cli.replayed", json.dumps(told)]
        tail = _run([*command, script, *arguments], settings, bare=False)
        if not result.exists():
            raise CannotCompare(f"--locate: the program did not come to run {number} once more here:\n{tail}")
        return number, json.loads(result.read_text(encoding="utf-8"))


def write_wanted(recording: Path, number: int, folder: Path) -> None:
    """Write which run `inner_recorder.py` is to look into."""
    run = next(run for run in Recording(recording) if run.number == number)
    store = Store(str(folder), False)
    feeds = {name: value for name, value in {**run.feeds, **run.drawn}.items() if _is_numeric(value)}
    line = {"session": run.session, "fetches": run.fetches}
    for kind, values in (("variables", run.before), ("feeds", feeds)):
        line[kind] = [[name, store.put(value)] for name, value in values.items()]
    store.line(line)


def _is_numeric(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "fiub"


def _run(command: list[str], settings: Settings, bare: bool) -> str:
    """Run a side to its end or its time's; returns the last lines that it printed, unless they showed."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    environment.setdefault("MPLBACKEND", "Agg")
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3" if bare else "2")
    if not bare:
        home = str(Path(__file__).parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryFile() as log:
        sink = None if settings.output else log
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        try:
            process.wait(settings.seconds)
        except subprocess.TimeoutExpired:
            process.terminate()  # the side here writes what it has found so far
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        log.seek(0)
        lines = log.read().decode("utf-8", "replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-15:])
