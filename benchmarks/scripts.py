"""The time of TF1 scripts, unedited, under `tf1compat run` and under a TensorFlow 1.15 of its own.

    python benchmarks/scripts.py scripts.json --corpus FOLDER --oracle PYTHON [--mnist FOLDER] [--limit 60]

The scripts lie in FOLDER and are named by their paths in it, or by a JSON list of such paths or of objects with a
"script". PYTHON is one that imports TensorFlow 1.15. Each script runs in a copy of its folder; the two sides take
turns of a second, in which the other side is stopped, so that what else the machine does hits both alike, and
each side's clock runs in its own turns only. Where both sides end, their whole times are compared. Where one outlasts
the limit, the times are those at which both had printed the same number of lines, the number being in the table. The
ratio of the processor time they had used by then stands beside it (on Linux): a busy machine changes it less.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

#: A folder that a script reads MNIST from.
_MNIST = re.compile(r"""read_data_sets\(\s*[rbu]?["']([^"']+)""")

_QUIET = {
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONIOENCODING": "utf8",
}


class Moment(NamedTuple):
    """Seconds of a side's clock, and of its processor time."""

    clock: float
    processor: float


def _processor_time(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _processor_time_of_the_ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Side:
    """One side's process, and a clock that runs in its turns only."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._command, self._folder = command, folder
        self._errors = folder / "standard_error_of_this_run"
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._before, self._since = 0.0, 0.0  # seconds of the turns before; when this turn began
        self._lock = threading.Lock()
        self.lines: list[Moment] = []  # when each line of output came
        self.ended: Moment | None = None

    def clock(self) -> float:
        with self._lock:
            return self._before + (time.perf_counter() - self._since if self._since else 0.0)

    def turn(self, seconds: float) -> None:
        """Run on for that long, or to the end."""
        with self._lock:
            self._since = time.perf_counter()
        if self._process is None:
            with open(self._errors, "wb") as errors:
                self._process = subprocess.Popen(
                    self._command,
                    cwd=self._folder,
                    env={**os.environ, **_QUIET},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    encoding="utf8",
                    errors="replace",
                    start_new_session=True,
                )
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
        else:
            os.killpg(self._process.pid, signal.SIGCONT)
        others = _processor_time_of_the_ended()
        try:
            self._process.wait(seconds)
            self.ended = Moment(self.clock(), _processor_time_of_the_ended() - others)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGSTOP)
        with self._lock:
            self._before += time.perf_counter() - self._since
            self._since = 0.0

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for _ in self._process.stdout:
            self.lines.append(Moment(self.clock(), _processor_time(self._process.pid)))

    def finish(self) -> str:
        """End the process if it still runs; what went wrong in it, if anything did."""
        assert self._process is not None and self._reader is not None
        if self.ended is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(5)
        said = self._errors.read_text(errors="replace")
        if "Traceback (most recent call last)" in said or self.ended is not None and self._process.returncode:
            return (said.strip().splitlines() or [f"exit status {self._process.returncode}"])[-1]
        return ""


class Outcome(NamedTuple):
    ours: Moment | None
    theirs: Moment | None
    compared: str  # what was, or why nothing could be

    @property
    def ratio(self) -> float:
        return self.ours.clock / self.theirs.clock if self.ours and self.theirs else math.inf

    def row(self, script: str) -> str:
        if not self.ours or not self.theirs:
            return f"| {script} | | | | | {self.compared} |"
        processor = self.ours.processor / self.theirs.processor
        times = f"{self.ours.clock:.1f} | {self.theirs.clock:.1f} | {self.ratio:.2f} | {processor:.2f}"
        return f"| {script} | {times} | {self.compared} |"


def race(ours: Side, theirs: Side, limit: float, turn: float = 1.0) -> Outcome:
    """Both to their ends, or to the limit of each."""
    sides = (ours, theirs)
    while any(side.ended is None and side.clock() < limit for side in sides):
        for side in sides:
            if side.ended is None and side.clock() < limit:
                side.turn(turn)
    wrong = [
        f"{name} failed: {said}"
        for name, side in zip(("ours", "theirs"), sides, strict=True)
        if (said := side.finish())
    ]
    if wrong:
        return Outcome(None, None, "; ".join(wrong))
    if ours.ended is not None and theirs.ended is not None:
        return Outcome(ours.ended, theirs.ended, "whole")
    lines = min(len(ours.lines), len(theirs.lines))
    if not lines:
        return Outcome(None, None, f"lines by the limit: {len(ours.lines)} and {len(theirs.lines)}")
    return Outcome(ours.lines[lines - 1], theirs.lines[lines - 1], f"{lines} lines")


def copy_of(script: str, corpus: Path, top: Path, mnist: Path | None) -> Path:
    """The script in a copy of its folder below `top`, with the files of the folders above it, and MNIST."""
    source = corpus / script
    copy = top / script
    shutil.copytree(source.parent, copy.parent)
    for above in list(Path(script).parent.parents)[:-1]:
        for file in (corpus / above).iterdir():
            if file.is_file():
                shutil.copy(file, top / above)
    if mnist is not None:
        for neighbour in copy.parent.glob("*.py"):
            for named in _MNIST.findall(neighbour.read_text(errors="replace")):
                folder = (copy.parent / named).resolve()
                if top.resolve() in folder.parents:
                    shutil.copytree(mnist, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    return copy


def measure(script: str, options: argparse.Namespace) -> Outcome:
    """`race` of one script; the middle one, by ratio, of several."""
    raced = []
    for _ in range(options.rounds):
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as ours,
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as theirs,
        ):
            ours_at, theirs_at = (copy_of(script, options.corpus, Path(top), options.mnist) for top in (ours, theirs))
            raced.append(
                race(
                    Side([sys.executable, "-m", "tf1compat", "run", ours_at.name], ours_at.parent),
                    Side([options.oracle, theirs_at.name], theirs_at.parent),
                    options.limit,
                )
            )
    return sorted(raced, key=lambda outcome: outcome.ratio)[(len(raced) - 1) // 2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scripts", nargs="+", help="paths in the corpus, or JSON lists of them")
    parser.add_argument("--corpus", type=Path, default=Path("."), help="the folder that the scripts lie in")
    parser.add_argument("--oracle", required=True, metavar="PYTHON", help="a Python that has TensorFlow 1.15")
    parser.add_argument("--mnist", type=Path, metavar="FOLDER", help="MNIST's four files, for scripts that read them")
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="for each side of a script")
    parser.add_argument("--rounds", type=int, default=1, help="how often; the middle one by ratio is shown")
    parser.add_argument("--only", default="", metavar="TEXT", help="only scripts with this in their path")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    options.corpus = options.corpus.resolve()
    scripts: list[str] = []
    for named in options.scripts:
        if named.endswith(".json"):
            listed = json.loads(Path(named).read_text())
            scripts += [entry if isinstance(entry, str) else entry["script"] for entry in listed]
        else:
            scripts.append(named)
    ratios = []
    print("| script | tf1compat, s | TF 1.15, s | ratio | of processor time | compared |\n|---|---|---|---|---|---|")
    for script in scripts:
        if options.only in script:
            outcome = measure(script, options)
            ratios.append(outcome.ratio)
            print(outcome.row(script), flush=True)
    if ratios:
        print(
            f"\n{len(ratios)} scripts, median ratio {statistics.median(ratios):.2f}, "
            f"largest {max(ratios):.2f}, over 2: {sum(ratio > 2 for ratio in ratios)}"
        )


if __name__ == "__main__":
    main()
