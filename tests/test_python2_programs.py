"""The programs in python2/programs print under `tf1compat run` what they print under Python 2.7 and TF 1.15."""

import json
import re
import shutil

import numpy as np
import pytest
from fork_harness import run_all
from python2 import record

NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("python2")
    shutil.copytree(record.PROGRAMS, folder, dirs_exist_ok=True)
    jobs = [{"command": [program], "stdin": stdin} for program, stdin in record.RUNS.items()]
    return dict(zip(record.RUNS, run_all(jobs, folder), strict=True))


def test_every_program_is_run():
    assert {path.name for path in record.PROGRAMS.glob("*.py")} == set(record.RUNS)
    assert set(json.loads(record.GOLDENS.read_text())) == set(record.RUNS)


@pytest.mark.parametrize("program", record.RUNS)
def test_prints_what_python_2_prints(program, results):
    result = results[program]
    assert result["status"] == 0, result["stderr"]
    golden = json.loads(record.GOLDENS.read_text())[program]
    printed = result["stdout"].splitlines()
    assert [NUMBER.sub("#", line) for line in printed] == [NUMBER.sub("#", line) for line in golden]
    got, expected = ([float(n) for n in NUMBER.findall("\n".join(lines))] for lines in (printed, golden))
    np.testing.assert_allclose(got, expected, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("program", record.RUNS)
def test_says_in_one_line_that_it_is_python_2(program, results):
    said = [line for line in results[program]["stderr"].splitlines() if "Python 2" in line]
    assert len(said) == 1 and said[0].startswith("tf1compat run: ")
