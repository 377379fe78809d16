"""The one program that examples/five_ways has in five ways: the same losses, the same averages, and a plot of them."""

import contextlib
import io
import os
import pathlib
import runpy
import subprocess
import sys
import warnings

import numpy as np
import pytest

import tf1compat

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "examples" / "five_ways"
WAYS = sorted(path.stem for path in FOLDER.glob("mnist_*.py"))


@pytest.fixture(scope="module", autouse=True)
def _path():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Each way's curves, what compare.py printed, and what it drew."""
    import compare

    plot, printed = tmp_path_factory.mktemp("compared") / "plot.png", io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(sys, "argv", ["compare.py", "--plot", str(plot)])
        return compare.main(), printed.getvalue(), plot


def test_there_are_five_ways(compared):
    assert len(WAYS) == 5 and sorted(compared[0]) == WAYS


def test_the_loss_curves_agree_within_float_noise_over_200_steps(compared):
    curves = compared[0]
    expected = np.array(curves["mnist_placeholders"].losses)
    assert expected.shape == (200,)
    assert expected[0] > 2 and expected[-50:].mean() < 0.25  # it learns
    for way in WAYS:
        np.testing.assert_allclose(curves[way].losses, expected, rtol=1e-4, atol=1e-5, err_msg=way)


def test_weights_averages_and_accuracies_agree(compared):
    curves = compared[0]
    expected = curves["mnist_placeholders"]
    assert len(expected.raw) == len(expected.averaged) == 10
    assert np.abs(np.subtract(expected.raw, expected.averaged)).max() > 0.01  # they are different things
    assert expected.averaged[-1] > 0.87
    one_digit = 1.01 / 297
    for way in WAYS:
        np.testing.assert_allclose(curves[way].raw, expected.raw, atol=one_digit, err_msg=way)
        np.testing.assert_allclose(curves[way].averaged, expected.averaged, atol=one_digit, err_msg=way)
        for mine, wanted in zip(curves[way].averages, expected.averages, strict=True):
            np.testing.assert_allclose(mine, wanted, rtol=1e-4, atol=1e-5, err_msg=way)


@pytest.mark.parametrize(
    "name, value", [("MOMENTUM", 0.8), ("CLIP_NORM", 1e9), ("DECAY_RATE", 1.0), ("AVERAGE_DECAY", 0.9)]
)
def test_every_rule_matters_to_what_is_compared(name, value, compared, monkeypatch, eager):
    import common
    import mnist_tf_function

    monkeypatch.setattr(common, name, value)
    monkeypatch.setattr(common, "STEPS", 100)
    other, known = mnist_tf_function.run(common.load()), compared[0]["mnist_tf_function"]
    if name == "AVERAGE_DECAY":
        np.testing.assert_allclose(other.losses[:50], known.losses[:50], rtol=1e-4)
        assert other.averaged != known.averaged[:5]
    else:
        assert np.abs(np.subtract(other.losses, known.losses[:100])).max() > 0.01


def test_the_comparison_prints_a_line_for_each_and_draws(compared):
    _, printed, plot = compared
    *lines, last = printed.splitlines()
    assert len(lines) == 5 and all("last loss 0." in line for line in lines)
    assert last == f"Wrote {plot}"
    assert plot.read_bytes().startswith(b"\x89PNG") and plot.stat().st_size > 20_000


@pytest.mark.parametrize("way", WAYS)
def test_programs_are_short_and_print_their_curves(way, capsys, monkeypatch):
    import common

    assert len((FOLDER / f"{way}.py").read_text().splitlines()) < 75
    monkeypatch.setattr(common, "STEPS", 40)
    monkeypatch.setattr(sys, "argv", [f"{way}.py"])
    runpy.run_path(str(FOLDER / f"{way}.py"), run_name="__main__")
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["step", "loss", "accuracy", "averaged"]
    assert [int(line.split()[0]) for line in lines] == [20, 40]


def test_in_a_process_of_its_own_from_another_folder_with_files_of_mnist(tmp_path):
    with warnings.catch_warnings(), tf1compat.eager():
        digits_as_mnist = runpy.run_path(str(ROOT / "examples" / "digits_as_mnist.py"))
        digits_as_mnist["write"](str(tmp_path))
    done = subprocess.run(
        [sys.executable, str(FOLDER / "mnist_keras_fit.py"), str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    head, *lines = done.stdout.splitlines()[-11:]
    assert head.split() == ["step", "loss", "accuracy", "averaged"]
    assert float(lines[-1].split()[3].rstrip("%")) > 80
