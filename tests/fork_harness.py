"""Many programs for the price of one start: each runs in a fork of a process that has imported TensorFlow and run
nothing.

`Forks` is such a process, for one program after the other; `run_all` runs a list of them under `tf1compat run`.
As a script, this is the process: a job in JSON on each line of stdin, a result on each line of stdout.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


class Forks:
    """A process to run jobs in. It ends with `close`, or when the process that made it does.

    A job is {"command": arguments of `tf1compat`} or {"program": a script and its arguments, as for plain `python`},
    and may have "stdin" (text), "environ" (more variables), "folder" (to run in) and "limit" (seconds, 600). A result
    is {"status": exit status, "stdout": text, "stderr": text}.
    """

    def __init__(self, folder: Path) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "PYTHON", "MPL"))}
        env |= {"CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
        self._log = (folder / "forks.log").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a job to its end and return its result."""
        answer = ""
        if self._process.poll() is None:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            # A job past its limit is killed by the process; this limit is for that process.
            if select.select([self._process.stdout], [], [], job.get("limit", 600) + 120)[0]:
                answer = self._process.stdout.readline()
        if not answer:
            self._process.kill()
            self._log.seek(0)
            raise AssertionError(f"the process that forks ended, or hangs:\n{self._log.read()}")
        return json.loads(answer)

    def close(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()


def run_all(jobs: list[dict[str, Any]], folder: Path, timeout: int = 600) -> list[dict[str, Any]]:
    """Run jobs under `tf1compat run`, in `folder`, one after the other, and return their results.

    Here a job's "command" is what follows `tf1compat run`; `timeout` is for all of them together.
    """
    forks, end = Forks(folder), time.monotonic() + timeout
    try:
        return [
            forks.run({**job, "command": ["run", *job["command"]], "limit": max(end - time.monotonic(), 1)})
            for job in jobs
        ]
    finally:
        forks.close()


def _run_job(job: dict[str, Any]) -> dict[str, Any]:
    files = {name: tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") for name in ("in", "out", "err")}
    files["in"].write(job.get("stdin", ""))
    files["in"].seek(0)
    child = os.fork()
    with contextlib.suppress(OSError):  # in both, whichever comes first
        os.setpgid(child, child)
    if child == 0:
        for number, file in enumerate(files.values()):
            os.dup2(file.fileno(), number)
        os._exit(_run_here(job))
    try:
        status = _wait(child, job.get("limit", 600))
    except BaseException:
        os.killpg(child, signal.SIGKILL)
        raise
    for file in files.values():
        file.seek(0)
    return {"status": status, "stdout": files["out"].read(), "stderr": files["err"].read()}


def _wait(child: int, limit: float) -> int:
    """The exit status of a child, which is killed, with what it started, after `limit` seconds (status -9)."""
    end = time.monotonic() + limit
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.005)


def _run_here(job: dict[str, Any]) -> int:
    os.environ.update(job.get("environ", {}))
    os.chdir(job.get("folder", "."))
    status: Any = 0
    try:
        if "program" in job:
            sys.argv = list(job["program"])
            sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
            runpy.run_path(sys.argv[0], run_name="__main__")
        else:
            from tf1compat.cli import main

            status = main(job["command"])
    except SystemExit as end:
        status = end.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    import atexit

    atexit._run_exitfuncs()  # type: ignore[attr-defined]
    sys.stdout.flush()
    sys.stderr.flush()
    return status or 0


def _serve() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # What importing these does is nothing but take time: tf1compat.v1, which enters a graph, is left to the programs.
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

    import tf1compat.graph
    import tf1compat.keras
    import tf1compat.train  # noqa: F401

    jobs, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    with os.fdopen(jobs) as lines, os.fdopen(answers, "w") as out:
        for line in lines:
            print(json.dumps(_run_job(json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    _serve()
    os._exit(0)  # TensorFlow's own end takes seconds
