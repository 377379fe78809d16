"""examples/five_ways/multi_worker.py under its launcher: two processes learn what one learns, and none is left."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "examples" / "five_ways"
LAUNCHER = FOLDER / "launch_workers.py"
GENEROUS = 300  # seconds: other things may run on the machine


def start(*arguments, cwd):
    return subprocess.Popen(
        [sys.executable, str(LAUNCHER), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(FOLDER.parent.parent), "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(launcher):
    """Its output and errors; everything that it started is ended in any case."""
    try:
        return launcher.communicate(timeout=GENEROUS)
    finally:
        try:
            os.killpg(launcher.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        launcher.wait()


def test_two_workers_learn_what_one_process_learns(tmp_path, monkeypatch, eager):
    launcher = start(2, FOLDER / "multi_worker.py", "--save", tmp_path, cwd=tmp_path)
    printed, errors = finish(launcher)
    assert launcher.returncode == 0, errors[-4000:]

    monkeypatch.syspath_prepend(str(FOLDER))
    import common
    import multi_worker
    import tensorflow as tf

    alone = multi_worker.run(common.load(), tf.distribute.get_strategy(), iter)
    first, second = (dict(np.load(tmp_path / f"worker{index}.npz")) for index in range(2))
    np.testing.assert_allclose(first["losses"], alone.losses, rtol=1e-4, atol=1e-5)
    for number, average in enumerate(alone.averages):
        np.testing.assert_allclose(first[f"average{number}"], average, rtol=1e-4, atol=1e-5)
    assert first.keys() == second.keys() and len(first) == 5
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name])
    lines = printed.splitlines()
    assert lines[0].split() == ["step", "loss", "accuracy", "averaged"]
    assert [int(line.split()[0]) for line in lines[1:]] == list(range(20, 201, 20))


# Programs without TensorFlow: worker 1 ends or not, and worker 0 would go on for long.
WORKER = """
import json, os, pathlib, sys, time
index = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
pathlib.Path(f"pid{index}").write_text(str(os.getpid()))
while not pathlib.Path("pid0").exists():
    time.sleep(0.01)
if index == 1 and sys.argv[1] == "fails":
    sys.exit(3)
time.sleep(600)
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "worker.py"
    path.write_text(WORKER)
    return path


def appears(path):
    end = time.monotonic() + GENEROUS
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return int(path.read_text())


def assert_gone(pid):
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_when_a_worker_fails_the_others_are_stopped(program, tmp_path):
    launcher = start(2, program, "fails", cwd=tmp_path)
    printed, errors = finish(launcher)
    assert launcher.returncode == 3
    assert errors == "Worker 1 ended with status 3: stopping the others\n"
    assert_gone(appears(tmp_path / "pid0"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_their_launcher(how, program, tmp_path):
    launcher = start(2, program, "stays", cwd=tmp_path)
    pids = [appears(tmp_path / f"pid{index}") for index in range(2)]
    launcher.send_signal(how)
    finish(launcher)
    assert launcher.returncode != 0
    for pid in pids:
        assert_gone(pid)


@pytest.mark.parametrize("arguments", [[], ["2"], ["0", "program.py"], ["two", "program.py"]])
def test_the_launcher_says_how_it_is_used(arguments, tmp_path):
    launcher = start(*arguments, cwd=tmp_path)
    printed, errors = finish(launcher)
    assert launcher.returncode == 1 and "python launch_workers.py N PROGRAM [ARGUMENTS]" in errors
