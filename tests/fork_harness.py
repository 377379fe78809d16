"""Many programs under `tf1compat run` for the price of one start: each runs in a fork of a process that has imported
TensorFlow and run nothing.

As a script: `fork_harness.py JOBS.json RESULTS.json`; `run_all` calls that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


def run_all(jobs: list[dict[str, Any]], folder: Path, timeout: int = 600) -> list[dict[str, Any]]:
    """Run jobs, one after the other, and return their results.

    A job is {"command": what follows `tf1compat run`, "stdin": text, "environ": more variables}, a result
    {"status": exit status, "stdout": text, "stderr": text}. The programs run in `folder`.
    """
    given, answers = folder / "jobs.json", folder / "results.json"
    given.write_text(json.dumps(jobs))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "PYTHON", "MPL"))}
    env |= {"CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
    command = [sys.executable, str(Path(__file__).resolve()), str(given), str(answers)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return json.loads(answers.read_text())


def _run_job(job: dict[str, Any]) -> dict[str, Any]:
    files = {name: tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") for name in ("in", "out", "err")}
    files["in"].write(job.get("stdin", ""))
    files["in"].seek(0)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        for number, file in enumerate(files.values()):
            os.dup2(file.fileno(), number)
        os.environ.update(job.get("environ", {}))
        status: Any = 1
        try:
            from tf1compat.cli import main

            status = main(["run", *job["command"]])
        except SystemExit as end:
            status = end.code
            if isinstance(status, str):
                print(status, file=sys.stderr)
                status = 1
        except BaseException:
            traceback.print_exc()
        import atexit

        atexit._run_exitfuncs()  # type: ignore[attr-defined]
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status or 0)
    _, status = os.waitpid(child, 0)
    for file in files.values():
        file.seek(0)
    code = os.waitstatus_to_exitcode(status)
    return {"status": code, "stdout": files["out"].read(), "stderr": files["err"].read()}


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tf1compat.v1  # noqa: F401

    jobs = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps([_run_job(job) for job in jobs]))
