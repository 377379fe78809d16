"""kill -9 in the middle of saves: what was saved last is never lost.

Marked `crash`: `make crash` runs it, `make test` does not (`test_checkpoints` goes through every step of a save).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tf1compat.train import latest_checkpoint, verify_checkpoint

pytestmark = pytest.mark.crash

KILLS = int(os.environ.get("TF1COMPAT_KILLS", "200"))
PROGRAM = Path(__file__).with_name("checkpoint_crashes.py")


class Saving:
    """The process that saves, one life after the other."""

    def __init__(self, folder: Path, names: str, whose: str = "ours") -> None:
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(PROGRAM), str(folder), names, whose],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet,
        )  # fmt: skip

    def __enter__(self) -> Saving:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.stdin.close()
        self.process.wait(60)

    def _next(self) -> list[str]:
        line = self.process.stdout.readline()
        assert line, "The saving process ended."
        return line.split()

    def live(self, saves: int, delay: float) -> tuple[int, int]:
        """A life that is killed `delay` seconds after its first `saves` saves: the steps it restored and saved last."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        pid = restored = saved = None
        try:
            while pid is None or restored is None or saved < restored + saves:
                word, *number = self._next()
                assert word != "dead", "It ended before it was killed."
                if word == "pid":
                    pid = int(number[0])
                elif word == "ready":
                    restored = saved = int(number[0])
                else:
                    saved = int(number[0])
            time.sleep(delay)
        finally:
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):  # it ended, which the line above says
                    os.kill(pid, signal.SIGKILL)
        while (found := self._next())[0] != "dead":
            saved = int(found[1])
        return restored, saved


def step_in(prefix: str) -> int:
    """The step that all variables of a checkpoint say."""
    verify_checkpoint(prefix)
    reader = tf.train.load_checkpoint(prefix)
    step = int(reader.get_tensor("global_step"))
    for number in range(3):
        np.testing.assert_array_equal(reader.get_tensor(f"v{number}"), np.float32(step))
    return step


@pytest.mark.parametrize("names", ["one", "numbered"])
def test_no_kill_loses_what_was_saved(tmp_path: Path, names: str) -> None:
    rng = random.Random(names)
    last = interrupted = 0
    with Saving(tmp_path, names) as saving:
        began = time.monotonic()
        saving.live(10, 0.0)
        length = (time.monotonic() - began) / 12  # of a save, about
        last = step_in(latest_checkpoint(str(tmp_path)))
        for _ in range(KILLS):
            restored, saved = saving.live(rng.randrange(3), rng.uniform(0, 1.5 * length))
            assert restored == last
            interrupted += any(path.name.startswith(".saving-by-") for path in tmp_path.iterdir())
            last = step_in(latest_checkpoint(str(tmp_path)))
            assert saved <= last <= saved + 1
            assert step_in(tf.train.latest_checkpoint(str(tmp_path))) == last  # what every reader finds
    print(f"{KILLS} kills, {interrupted} in the middle of a save; {last} steps saved")
    assert interrupted > KILLS / 4, "Too few of the kills came while it saved to say anything."


def test_such_kills_spoil_what_tensorflow_alone_saves(tmp_path: Path) -> None:
    """That the test above can fail: the same kills of TensorFlow's `Saver.save`, about a quarter of which spoil it."""
    rng, spoiled = random.Random(1), 0
    with Saving(tmp_path, "one", "tensorflow") as saving:
        began = time.monotonic()
        saving.live(10, 0.0)
        length = (time.monotonic() - began) / 12
        for _ in range(40):
            saving.live(rng.randrange(3), rng.uniform(0, 1.5 * length))
            try:
                step_in(str(tmp_path / "model"))
            except (AssertionError, tf.errors.DataLossError):
                spoiled += 1
                for path in tmp_path.iterdir():
                    path.unlink()
    print(f"TensorFlow's own: 40 kills spoiled {spoiled}")
    assert spoiled
