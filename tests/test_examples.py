"""The pairs in examples/: the TF1 programs, run as they stand, print what they print under TF 1.15.5, and the ported
ones do the same task.
"""

import contextlib
import functools
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
from fork_harness import Forks

from tf1compat.v1.examples.tutorials.mnist import idx, input_data, source

pytest.importorskip("gymnasium")
ROOT = pathlib.Path(__file__).resolve().parent.parent
LEGACY, PORTED = ROOT / "examples" / "legacy", ROOT / "examples" / "ported"


def _module(path):
    spec = importlib.util.spec_from_file_location(f"_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


digits_as_mnist = _module(ROOT / "examples" / "digits_as_mnist.py")
recorder = _module(ROOT / "tests" / "goldens" / "examples.py")
GOLDENS = json.loads(pathlib.Path(recorder.GOLDENS).read_text())

NUMBER = re.compile(r"-?\d+\.\d+")
# Everything random in the programs has an op seed, so the numbers are TF 1.15.5's but for rounding. Training multiplies
# that: after 40 steps of the convnet two versions of TensorFlow can be a hundredth apart.
CHAOTIC = {"convnet.py DATA 40"}
# What these print depends on gym's random numbers, or on which thread comes first.
BY_CHANCE = {"ddpg.py 6", "a3c.py 40", "tfrecords.py DATA 50"}

# The same tasks, shorter where that is enough, and between what the last number they print lies.
LEARNED = {
    "softmax.py DATA 100": (0.75, 1),
    "convnet.py DATA 40": (0.5, 1),
    "language_model.py TEXT 60": (5, 30),  # of 75 characters
    "vae.py DATA 60": (150, 300),  # from 547
    "tfrecords.py DATA 50": (0.5, 1),
    "ddpg.py 6": (-1900, -10),
    "a3c.py 40": (9, 200),
}
# These print every number that the old programs print.
EXACT = {"target_network.py", "l2.py", "moving_average.py"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    digits_as_mnist.write(str(folder))
    return str(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the programs run; their plots come to legacy/ and ported/."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "legacy").mkdir()
    (folder / "ported").mkdir()
    return folder


@pytest.fixture(scope="module")
def printed(data, folder):
    """The lines that a run of a program printed: printed("legacy" or "ported", run)."""
    with contextlib.closing(Forks(folder)) as forks:

        @functools.cache
        def printed(side, run):
            words = recorder.words(run, data, str(ROOT / "examples" / side))
            job = {"command": ["run", *words]} if side == "legacy" else {"program": words}
            result = forks.run({**job, "folder": str(folder / side)})
            assert result["status"] == 0, result["stderr"][-4000:]
            return recorder.lines(result["stdout"])

        yield printed


def _numbers(lines):
    return [float(number) for number in NUMBER.findall("\n".join(lines))]


def _check_words(lines, golden):
    assert [NUMBER.sub("#", line) for line in lines] == [NUMBER.sub("#", line) for line in golden]


def _check_numbers(lines, golden, tolerance=2e-5):
    got, expected = _numbers(lines), _numbers(golden)
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance, err_msg="\n".join(lines))


def test_every_program_has_a_golden_and_a_partner():
    programs = {path.name for path in LEGACY.glob("*.py")}
    assert programs == {run.split()[0] for run in recorder.RUNS}
    assert set(recorder.RUNS) == set(GOLDENS)
    assert {path.name for path in PORTED.glob("*.py")} == programs | {"mnist.py"}
    assert {run.split()[0] for run in LEARNED} | EXACT == programs


@pytest.mark.parametrize("run", recorder.RUNS)
def test_prints_what_tf_1_15_prints(run, printed):
    lines, golden = printed("legacy", run), GOLDENS[run]
    _check_words(lines, golden)
    if run not in BY_CHANCE:
        _check_numbers(lines[:1], golden[:1])
        _check_numbers(lines, golden, 0.05 if run in CHAOTIC else 2e-5)


@pytest.mark.parametrize("run", LEARNED)
def test_the_ported_program_learns_the_same_task(run, printed):
    lines = printed("ported", run)
    (golden,) = (lines for key, lines in GOLDENS.items() if key.split()[0] == run.split()[0])
    _check_words(lines[-1:], golden[-1:])
    low, high = LEARNED[run]
    assert low < _numbers(lines[-1:])[0] < high
    if not NUMBER.search(golden[0]):  # counts, of characters, records or workers
        assert golden[0] in lines


@pytest.mark.parametrize("run", sorted(EXACT))
def test_the_ported_program_prints_the_same_numbers(run, printed):
    lines = printed("ported", run)
    _check_words(lines, GOLDENS[run])
    _check_numbers(lines, GOLDENS[run])


@pytest.mark.parametrize("run", LEARNED)
def test_both_draw_a_plot(run, printed, folder):
    name = run.split(".")[0] + ".png"
    (golden,) = (key for key in GOLDENS if key.split()[0] == run.split()[0])
    printed("legacy", golden), printed("ported", run)
    for side in ("legacy", "ported"):
        assert (folder / side / name).read_bytes().startswith(b"\x89PNG")


def test_the_page_has_the_table_that_the_tool_writes():
    tool, page = _module(ROOT / "tools" / "examples_table.py"), (ROOT / "examples" / "README.md").read_text()
    known = tool.read(page)
    assert list(known) == list(tool.PROGRAMS)
    assert {f"{name}.py" for name in known} == {run.split()[0] for run in LEARNED}
    assert tool.table(known) in page
    for metric, *cells in known.values():
        assert metric and all(re.fullmatch(r"-?[\d.]+, \d+ s", cell) for cell in cells)
    for link in re.findall(r"\]\(([^)]+)\)", page):
        assert (ROOT / "examples" / link).exists(), link


def test_a_ported_program_without_data_says_how_to_get_some(tmp_path):
    command = [sys.executable, "-c", "import mnist, sys; mnist.load(sys.argv[1])", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=PORTED, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"python -m tf1compat run examples/digits_as_mnist.py {tmp_path / 'none'}" in done.stderr


def _demo(folder, **environment):
    return subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py"), str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def test_the_demo_trains_on_digits_and_says_so_when_there_is_no_network(tmp_path):
    nowhere = "http://127.0.0.1:9"
    printed = _demo(tmp_path, KERAS_HOME=str(tmp_path), HTTPS_PROXY=nowhere, https_proxy=nowhere)
    assert "the real handwritten digits that scikit-learn ships" in printed
    assert f" -m tf1compat run examples/legacy/softmax.py {tmp_path / 'digits'}\n" in printed
    assert printed.endswith(GOLDENS["softmax.py DATA"][-1] + "\n")


def test_the_demo_takes_the_files_that_are_there(tmp_path, data):
    (tmp_path / "mnist").symlink_to(data)
    printed = _demo(tmp_path)
    assert printed.startswith(f"==> Data: MNIST, from {tmp_path / 'mnist'}\n")
    assert printed.endswith(GOLDENS["softmax.py DATA"][-1] + "\n")


def test_programs_are_short():
    for path in (*LEGACY.glob("*.py"), *PORTED.glob("*.py")):
        assert len(path.read_text().splitlines()) < 200, path


def test_digits_read_as_mnist(data):
    sets = input_data.read_data_sets(data, validation_size=0)
    assert (sets.train.images.shape, sets.test.images.shape) == ((1500, 784), (297, 784))
    assert (sets.train.images.min(), sets.train.images.max()) == (0, 1)
    assert np.bincount(sets.train.labels).min() > 140


def test_digits_are_the_same_bytes_each_time(data):
    images, labels = digits_as_mnist.digits()
    assert images.shape == (1797, 28, 28) and labels.shape == (1797,)
    path = pathlib.Path(data) / source.FILES[2]
    assert path.read_bytes() == idx.encode(images[digits_as_mnist.TRAINING :])
