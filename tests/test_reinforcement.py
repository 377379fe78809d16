"""Reinforcement learning as people wrote it in TF1, on gym: what real TF 1.15.5 printed, and on gymnasium's problems.

The programs run unedited under `tf1compat run`. Given an environment of numpy_envs, whose episodes are the same
everywhere, every number they print is compared with the oracle's; several threads, whose order is chance, print what
is true of any order: every thread stepped, the losses are finite, the shared weights changed. Without arguments they
run on gymnasium's CartPole, Pendulum, MountainCar and FrozenLake.
"""

import json
import re
import shutil

import numpy as np
import pytest
from fork_harness import run_all
from reinforcement import record

pytest.importorskip("gymnasium")
pytestmark = pytest.mark.corpus

NUMBER = re.compile(r"-?\d+\.\d+")
PROGRAMS = sorted(path.name for path in record.PROGRAMS.glob("*.py") if path.name != "numpy_envs.py")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reinforcement")
    shutil.copytree(record.PROGRAMS, folder, dirs_exist_ok=True)
    runs = [*record.RUNS, *PROGRAMS]
    return dict(zip(runs, run_all([{"command": run.split()} for run in runs], folder), strict=True))


def test_every_program_is_run():
    assert {run.split()[0] for run in record.RUNS} == set(PROGRAMS)
    assert set(json.loads(record.GOLDENS.read_text())) == set(record.RUNS)


@pytest.mark.parametrize("run", record.RUNS)
def test_prints_what_tf_1_15_prints(run, results):
    result = results[run]
    assert result["status"] == 0, result["stderr"]
    golden = json.loads(record.GOLDENS.read_text())[run]
    printed = result["stdout"].splitlines()
    assert [NUMBER.sub("#", line) for line in printed] == [NUMBER.sub("#", line) for line in golden]
    got, expected = ([float(n) for n in NUMBER.findall("\n".join(lines))] for lines in (printed, golden))
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("program", PROGRAMS)
def test_runs_on_gymnasium(program, results):
    result = results[program]
    assert result["status"] == 0, result["stderr"]
    numbers = [float(number) for number in NUMBER.findall(result["stdout"])]
    assert "nan" not in result["stdout"] and "False" not in result["stdout"]
    assert np.all(np.isfinite(numbers)) and (numbers or program == "a3c_threads.py")
    assert "old interface, over gymnasium" in result["stderr"]
