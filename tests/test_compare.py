"""`tf1compat compare`: recordings of TensorFlow 1.15.5 replayed here, and what is said of them.

The recordings and the programs they are of lie in tests/goldens/compared.
"""

import dataclasses
import json
import pathlib
import random
import shutil
import sys

import numpy as np
import pytest
import run_harness
import tensorflow

import tf1compat.v1 as tf
from tf1compat.comparing import report
from tf1compat.comparing.comparing import Comparison, write_wanted
from tf1compat.comparing.differences import difference
from tf1compat.comparing.elements import unordered_in
from tf1compat.comparing.locating import Inside
from tf1compat.comparing.recorder import Finished
from tf1compat.comparing.recording import Recording
from tf1compat.comparing.replaying import Replayer
from tf1compat.comparing.summaries import summary_difference

GOLDENS = pathlib.Path(__file__).parent / "goldens" / "compared"


def replayed(name, change=lambda source: source, recorded=Recording, **options):
    """The comparison of a recorded program, or of what `change` makes of its source."""
    source = change((GOLDENS / "programs" / f"{name}.py").read_text())
    source = source.replace("import tensorflow as tf", "import tf1compat.v1 as tf")
    recording = recorded(GOLDENS / name)
    replayer = Replayer(recording, 1e-4, **options)
    random.seed(0)
    np.random.seed(0)
    tf.reset_default_graph()
    replayer.install()
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
        if replayer.left_over():
            replayer.results.fail("left over")
    except Finished:
        pass
    finally:
        replayer.uninstall()
    return Comparison(replayer.results, recording.ending, recording.about, 1e-4)


@pytest.fixture(scope="module")
def classifier():
    return replayed("classifier")


def test_a_program_agrees_where_each_run_is_restarted_and_free(classifier, capsys):
    results = classifier.results
    capsys.readouterr()
    assert report.verdict(classifier) == 0, report.as_text(classifier)
    assert (results.runs, results.steps) == (19, 13)
    loss = results.rows["fetch loss:0"]
    assert len(loss.points) == 15 and loss.worst()[0] < 1e-5 and loss.worst(2)[0] < 1e-3
    assert len(results.rows["variable w1/Adam_1"].points) == 14
    assert results.rows["fetch guess:0"].worst()[0] == 0


def test_random_numbers_are_replayed_reproduced_or_reported(classifier):
    results = classifier.results
    assert "dropout/random_uniform/RandomUniform:0" in " ".join(results.replayed)
    assert results.rows["fetch seeded:0"].worst()[0] == 0 and not any("seeded" in name for name in results.replayed)
    assert results.lost == ["while/random_uniform/RandomUniform"]  # tf.layers.dropout draws alike in its branch
    drawn_in_the_loop = results.rows["fetch while/Exit_1:0"]
    assert (drawn_in_the_loop.random, drawn_in_the_loop.points) == (1, [])
    assert "random, not compared: while/Exit_1:0" in report.as_text(classifier)


def test_batches_of_a_seeded_numpy_are_the_same_here(classifier):
    assert classifier.results.feeds == []


def test_a_variable_fetched_by_the_run_that_writes_it_is_told_from_a_difference(classifier):
    fetched = classifier.results.rows["fetch b1:0"]
    assert (fetched.raced, fetched.points) == (1, [])
    assert "fetched by the run that writes what is read: b1:0" in report.as_text(classifier)


@pytest.mark.parametrize("off", [0.0, 0.1])
def test_what_is_computed_from_a_variable_that_the_run_writes_may_be_of_its_new_value(off):
    class OfTheNewValue(Recording):
        """As if TensorFlow 1 had computed 2 * b1 after the step, where the last run fetched b1."""

        def __iter__(self):
            for run in super().__iter__():
                if "b1:0" in run.fetches:
                    values = [None if value is None else 2 * run.after["b1"] + off for value in run.values]
                    fetches = [*run.fetches[:-1], "twice:0"]
                    run = dataclasses.replace(run, fetches=fetches, values=values, unordered=["b1"])
                yield run

    def change(source):
        made = 'seeded = tf.random_normal([4], seed=5, name="seeded")\n'
        source = source.replace(made, made + 'twice = tf.multiply(b1, 2.0, name="twice")\n')
        return source.replace("sess.run([train, b1], feed)", "sess.run([train, twice], feed)")

    found = replayed("classifier", change, OfTheNewValue)
    fetched = found.results.rows["fetch twice:0"]
    assert (fetched.raced, len(fetched.points)) == ((0, 1) if off else (1, 0))
    assert report.verdict(found) == bool(off)


def test_a_fault_shows_in_the_first_step_though_each_is_restarted():
    found = replayed("classifier", lambda source: source.replace("AdamOptimizer(0.05)", "AdamOptimizer(0.051)"))
    assert report.verdict(found) == 1
    assert found.results.rows["fetch loss:0"].worst()[0] < 1e-5  # computed before the step
    moved = found.results.rows["variable w2"]
    assert moved.first(1e-4)[1] == 1 and moved.worst()[0] > 1e-4
    assert moved.worst(2)[0] > 2 * moved.worst()[0]  # running free, the fault adds up
    text = report.as_text(found)
    assert "It differs: " in text and "w2 (variable)" in text


def test_other_batches_are_replaced_and_reported():
    found = replayed("classifier", lambda source: source.replace("0.5 * np.random.randn", "0.4 * np.random.randn"))
    assert report.verdict(found) == 0
    assert found.results.feeds == ["x:0"]
    assert "TensorFlow 1's were used: x:0" in report.as_text(found)


def test_another_name_and_another_structure_are_reported():
    found = replayed("classifier", lambda source: source.replace('name="loss"', 'name="cost"'))
    assert report.verdict(found) == 0
    assert "loss:0 there is cost:0 here" in found.results.notes
    plain, other = "_, cost = sess.run([train,", "_, cost, _ = sess.run([train, step,"
    found = replayed("classifier", lambda source: source.replace(plain, other))
    assert report.verdict(found) == 2
    assert any("was run here where TensorFlow 1 ran" in text for text in found.results.failures)


def test_a_variable_that_is_missing_here_is_reported():
    found = replayed("classifier", lambda source: source.replace('name="b1"', 'name="bias"'))
    assert report.verdict(found) == 1  # the loss, which cannot be restarted
    assert any("the variable b1 " in text for text in found.results.failures)


def test_what_a_queue_gave_is_replayed():
    found = replayed("queue")
    assert report.verdict(found) == 0, report.as_text(found)
    assert found.results.steps == 6
    assert "batch:0" in found.results.replayed
    assert found.results.rows["fetch loss:0"].worst(2)[0] < 1e-5


def test_a_comparison_without_the_free_run():
    found = replayed("queue", with_free=False)
    assert report.verdict(found) == 0
    assert found.results.rows["fetch loss:0"].worst(2) is None


@pytest.mark.parametrize(
    "there, here, expected",
    [
        (2.0, 2.0, 0),
        (np.float32(2), np.float32(1), 0.5),
        ([0.0, 4.0], [1.0, 4.0], 0.25),
        ([0.0, 0.0], [0.5, 0.0], 0.5),
        ([np.nan, np.inf, 1.0], [np.nan, np.inf, 1.0], 0),
        ([np.nan, 1.0], [1.0, 1.0], np.inf),
        ([1.0, 2.0], [1.0], np.inf),
        ([1, 2, 3, 4], [1, 2, 3, 5], 0.25),
        ([True, False], [True, True], 0.5),
        (np.array([b"a", b"b"], object), np.array([b"a", b"c"], object), 0.5),
        (np.complex64(3 + 4j), np.complex64(3 - 4j), 1.6),
        (np.zeros([0, 2]), np.ones([0, 2]), 0),
    ],
)
def test_a_difference_is_relative_to_the_largest(there, here, expected):
    assert difference(there, here) == pytest.approx(expected)


def test_summaries_are_compared_as_numbers():
    def summary(loss, weights, tag="loss"):
        histogram = tf.HistogramProto(min=-1, max=weights, num=2, sum=weights, sum_squares=4, bucket=[weights])
        values = [tf.Summary.Value(tag=tag, simple_value=loss), tf.Summary.Value(tag="w", histo=histogram)]
        return tf.Summary(value=values).SerializeToString()

    assert summary_difference(summary(2, 1), summary(2, 1)) == 0
    assert summary_difference(summary(2, 1), summary(2.5, 1)) == 0.25
    assert summary_difference(summary(2, 1), summary(2, 3)) == 0.5
    assert summary_difference(summary(2, 1), summary(2, 1, tag="cost")) == np.inf
    assert summary_difference(summary(2, 1), summary(3, 1), summary(2, 5)) == 0  # each part in one of the two
    assert summary_difference(summary(2, 1), summary(3, 1), summary(4, 1)) == 0.5
    assert summary_difference(b"no summary", b"another") == 1


PROGRAM = """
    import sys
    import numpy as np
    import tensorflow.compat.v1 as tf
    tf.disable_v2_behavior()
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.get_variable("w", [2, 1])
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1), name="loss")
    train = tf.train.MomentumOptimizer(float(sys.argv[1]), 0.9).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        while True:
            _, cost, name = sess.run([train, loss, tf.constant("né")], {x: np.random.rand(8, 2)})
            print("cost", cost)
    """


def test_the_command_line_beside_a_python_that_has_tensorflow(tmp_path):
    """The oracle of this test is this very Python, with TensorFlow's own tf.compat.v1."""
    run_harness.write(tmp_path, {"train.py": PROGRAM})
    main = str(run_harness.PROJECT / "tf1compat" / "__main__.py")
    done = run_harness.python(
        tmp_path, main, "compare", "train.py", "--oracle", sys.executable, "--steps", "4", "--keep", "kept",
        "--json", "found.json", "--plot", "found.png", "--", "0.1",
    )  # fmt: skip
    assert "It agrees" in done.stdout and "cost" not in done.stdout
    found = json.loads((tmp_path / "found.json").read_text())
    assert (found["verdict"], found["steps"], found["ended"]) == ("agrees", 4, "steps")
    assert found["there"]["program"] == ["train.py", "0.1"]
    names = {row["name"] for row in found["rows"]}
    assert names >= {"loss:0", "w", "w/Momentum"}
    assert len([name for name in names if name.startswith("Const")]) == 4  # each step fetches another constant
    assert (tmp_path / "found.png").stat().st_size > 1000
    again = run_harness.python(
        tmp_path, main, "compare", "train.py", "--recording", "kept", "--no-free-run", "--", "0.2", status=1
    )
    assert "w (variable)" in again.stdout and "It differs" in again.stdout


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["train.py"], "one of the arguments --oracle --recording is required"),
        (["train.py", "--oracle", "/nowhere/python"], "cannot start /nowhere/python"),
        (["nothing.py", "--oracle", "/nowhere/python"], "there is no file nothing.py"),
        (["train.py", "--recording", "."], "has no recording"),
        (["train.py", "--oracle", "x", "--steps", "0"], "0 is less than 1"),
        (["train.py", "--oracle", "x", "--tolerance", "-1"], "-1 is not more than 0"),
    ],
)
def test_bad_arguments_name_the_culprit(tmp_path, monkeypatch, capsys, arguments, message):
    from tf1compat.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("import tensorflow as tf\n")
    try:
        status = main(["compare", *arguments])
    except SystemExit as error:
        status = error.code
    assert status == 2
    assert message in capsys.readouterr().err


def test_a_python_without_tensorflow_and_a_program_that_fails_there(tmp_path, monkeypatch, capsys):
    from tf1compat.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("raise ValueError('no data')\n")
    (tmp_path / "tensorflow.py").write_text("raise ImportError('none here')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert main(["compare", "train.py", "--oracle", sys.executable]) == 2
    assert "cannot import TensorFlow and NumPy" in capsys.readouterr().err
    stand_in = "class Session:\n    def run(self): pass\nclass errors:\n    class OpError(Exception): pass\n"
    (tmp_path / "tensorflow.py").write_text("__version__ = '1.0'\n" + stand_in)
    assert main(["compare", "train.py", "--oracle", sys.executable]) == 2
    assert "the program fails" in (told := capsys.readouterr().err) and "ValueError: no data" in told


def test_the_ops_in_which_a_difference_begins_are_named(tmp_path):
    """classifier_inside is the inside of the first training step under TensorFlow 1.15.5."""

    def look(change):
        source = change((GOLDENS / "programs" / "classifier.py").read_text())
        found = []
        tf.reset_default_graph()
        Inside(tmp_path, GOLDENS / "classifier_inside", found.extend).install()
        with pytest.raises(Finished):
            exec(compile(source.replace("import tensorflow as tf", "import tf1compat.v1 as tf"), "p", "exec"), {})
        return {origin.name: origin for origin in found}

    write_wanted(GOLDENS / "classifier", 1, tmp_path)
    alike = look(lambda source: source)
    assert max((origin.own for origin in alike.values()), default=0) < 1e-6
    other = look(lambda source: source.replace("AdamOptimizer(0.05)", "AdamOptimizer(0.06)"))
    assert {name for name, origin in other.items() if origin.own > 1e-6} == {"Adam/learning_rate:0"}
    assert other["Adam/learning_rate:0"].own == pytest.approx(0.2)


def test_what_tensorflow_1_left_to_chance_is_told_from_what_it_ordered():
    v1 = tensorflow.compat.v1
    with tensorflow.Graph().as_default() as graph:
        x = v1.placeholder(tensorflow.float32, [1, 1], name="x")
        w1, w2 = (v1.get_variable(name, [1, 1], use_resource=False) for name in ("w1", "w2"))
        hidden = tensorflow.matmul(x, w1)
        out = tensorflow.matmul(hidden, w2)
        v1.train.AdamOptimizer(0.1).minimize(tensorflow.reduce_sum(out * out), name="train")
        gradient = tensorflow.matmul(x, tensorflow.matmul(out, w2, transpose_b=True))  # may see the new w2
        v1.assign(w1, w1 - gradient, name="by_hand_1"), v1.assign(w2, w2 - hidden * out, name="by_hand_2")
        v1.assign(w1, tensorflow.clip_by_value(w1, -1, 1), name="clip")
        assert unordered_in(graph, ["train", out.name], ()) == []
        assert unordered_in(graph, ["by_hand_1", "by_hand_2"], ()) == ["w2"]
        assert unordered_in(graph, ["train", "clip"], ()) == ["w1"]
        assert unordered_in(graph, [w1.name, "clip"], ()) == []  # no op reads it


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    for file in (GOLDENS / "queue").iterdir():
        shutil.copy(file, tmp_path)
    lines = (tmp_path / "runs.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "runs.jsonl").write_text("".join(lines[:3]) + lines[3][:40])
    recording = Recording(tmp_path)
    assert (recording.ending.reason, recording.ending.steps, len(recording)) == ("time", 2, 3)
    runs = list(recording)
    assert [run.fetches for run in runs[1:]] == [["GradientDescent", "loss:0"]] * 2
    assert runs[1].after["w"] == runs[2].before["w"] != runs[1].before["w"]
    with pytest.raises(FileNotFoundError, match="has no recording"):
        Recording(tmp_path / "nowhere")


def test_runs_that_one_side_alone_does_are_named():
    found = replayed("classifier", lambda source: source.replace("if i % 4 == 0:", "if i == 0:"))
    assert report.verdict(found) == 2
    assert any(text.endswith("was not done here") for text in found.results.failures), found.results.failures
    found = replayed("classifier", lambda source: source.replace("    _, b = ", "    sess.run(w1)\n    _, b = "))
    assert found.results.failures == ["w1:0 was run here where TensorFlow 1 ran Adam, b1:0 (run 18)"]
