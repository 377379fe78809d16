"""`python -m tf1compat.cli.replayed SETTINGS script.py ARG...`: `run`, beside a recording. `compare` starts it.

SETTINGS is JSON: {"folder" of the recording, "tolerance", "seed", "drift", "result" to write}.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import traceback
from collections.abc import Iterator, Sequence
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
    replayers: list[Any] = []

    def write() -> None:
        from ..comparing.results import Results

        results = replayers[0].results if replayers else Results()
        for text in died:
            results.fail(f"the program died here: {text}")
        if replayers and not died:
            left = replayers[0].left_over()
            if left:
                results.fail(f"the program ended here before {left} of its runs under TensorFlow 1")
        Path(settings["result"]).write_text(json.dumps(results.to_json()), encoding="utf-8")

    @contextlib.contextmanager
    def watch(sessions: ModuleType) -> Iterator[None]:
        yield
        from ..comparing.replaying import Replayer

        recording = Recording(settings["folder"])
        replayers.append(Replayer(recording, settings["tolerance"], settings["drift"], finish=write))
        replayers[0].install()

    def report(kind: Any, error: BaseException, trace: Any) -> None:
        died.append("".join(traceback.format_exception_only(kind, error)).strip().replace("\n", " ")[:500])
        sys.__excepthook__(kind, error, trace)

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
    write()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # threads that feed queues may be left, and wait for ever


def _seed(seed: int) -> None:
    import numpy as np

    random.seed(seed)
    np.random.seed(seed)


if __name__ == "__main__":
    main(sys.argv[1:])
