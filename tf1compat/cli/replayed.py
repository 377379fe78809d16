"""`python -m tf1compat.cli.replayed SETTINGS script.py ARG...`: `run`, beside a recording. `compare` starts it.

SETTINGS is JSON: {"folder" of the recording, "tolerance", "seed", "drift", "result" to write}; or, to look into one
run, {"wanted", "folder", "seed", "result"}, see `comparing.locating`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

from ..comparing.recording import Recording
from .on_import import around_import
from .run import run

__all__ = ["main"]


def main(argv: Sequence[str]) -> int:
    """Run a program beside its recording, and write what the comparison found."""
    settings: dict[str, Any] = json.loads(argv[0])
    died: list[str] = []
    watch, write = (_inside if "wanted" in settings else _beside)(settings, died)

    def report(kind: Any, error: BaseException, trace: Any) -> None:
        died.append("".join(traceback.format_exception_only(kind, error)).strip().replace("\n", " ")[:500])
        sys.__excepthook__(kind, error, trace)

    def time_is_up(signum: int, frame: Any) -> None:
        write(True)
        os._exit(1)

    signal.signal(signal.SIGTERM, time_is_up)
    around_import("tf1compat.v1", watch)
    sys.excepthook = report
    _seed(settings["seed"])
    status = 0
    try:
        status = run("script", argv[1], argv[2:])
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        if status:
            died.append(f"exit status {status}")
    write(False)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # threads that feed queues may be left, and wait for ever


_Watch = tuple[Callable[[ModuleType], AbstractContextManager[None]], Callable[[bool], None]]


def _beside(settings: dict[str, Any], died: list[str]) -> _Watch:
    """What replays a recording, and what writes the results."""
    replayers: list[Any] = []

    def write(time_is_up: bool = False) -> None:
        from ..comparing.results import Results

        results = replayers[0].results if replayers else Results()
        for text in died:
            results.fail(f"the program died here: {text}")
        if replayers and not died:
            left = replayers[0].left_over()
            if left and time_is_up:
                results.note(f"stopped here at the time limit, before {left} of the runs under TensorFlow 1")
            elif left:
                results.fail(f"the program ended here before {left} of its runs under TensorFlow 1")
        Path(settings["result"]).write_text(json.dumps(results.to_json()), encoding="utf-8")

    @contextlib.contextmanager
    def watch(v1: ModuleType) -> Iterator[None]:
        yield
        from ..comparing.replaying import Replayer

        recording = Recording(settings["folder"])
        replayers.append(Replayer(recording, settings["tolerance"], settings["drift"], finish=write))
        replayers[0].install()

    return watch, write


def _inside(settings: dict[str, Any], died: list[str]) -> _Watch:
    """What looks into one run; it writes what it finds itself."""

    def write(origins: list[Any]) -> None:
        text = json.dumps([dataclasses.asdict(origin) for origin in origins])
        Path(settings["result"]).write_text(text, encoding="utf-8")

    @contextlib.contextmanager
    def watch(v1: ModuleType) -> Iterator[None]:
        yield
        from ..comparing.locating import Inside

        Inside(Path(settings["wanted"]), Path(settings["folder"]), write).install()

    return watch, lambda time_is_up: None


def _seed(seed: int) -> None:
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)


if __name__ == "__main__":
    main(sys.argv[1:])
