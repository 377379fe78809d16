"""Running small programs in processes of their own, for the tests of `tf1compat run`."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
RUN = (str(PROJECT / "tf1compat" / "__main__.py"), "run")

# `run` with stand-ins for TensorFlow and for tf1compat.v1, which load at once.
FAST_RUN = (
    "-c",
    f"import sys; sys.path[0] = {str(PROJECT)!r}; from tf1compat.cli import imports, main; "
    "imports._TARGET = 'stand_in_v1'; sys.exit(main(['run', *sys.argv[1:]]))",
)


def write(folder: Path, files: dict[str, str]) -> None:
    """Lay out files; a name that ends in "/" is an empty folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


def python(
    folder: Path,
    *command: str,
    stdin: str = "",
    status: int | None = 0,
    environ: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run this Python in `folder`; the exit status must be `status` (None: any)."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "PYTHON"))}
    env |= {"CUDA_VISIBLE_DEVICES": ""} | (environ or {})
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert status is None or done.returncode == status, (
        f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    )
    return done


def run(folder: Path, *command: str, **options: object) -> subprocess.CompletedProcess[str]:
    """`tf1compat run COMMAND` in `folder`."""
    return python(folder, *RUN, *command, **options)  # type: ignore[arg-type]


def fast_run(
    folder: Path, *command: str, environment: Path | None = None, **options: object
) -> subprocess.CompletedProcess[str]:
    """The same with stand-ins: packages are installed in `env/site-packages` of `environment`."""
    environ = {
        "PYTHONPATH": str((environment or folder) / "env" / "site-packages"),
        "TF_CPP_MIN_LOG_LEVEL": "0",
    }
    return python(folder, *FAST_RUN, *command, environ=environ, **options)  # type: ignore[arg-type]


def lines(done: subprocess.CompletedProcess[str]) -> Sequence[str]:
    return done.stdout.splitlines()
