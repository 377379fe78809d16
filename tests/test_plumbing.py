"""The plumbing around training, as programs of TF1 used it: what they print is what TF 1.15.5 printed."""

import json
from pathlib import Path

import pytest
from goldens.plumbing import programs
from run_harness import run, write

import tf1compat.v1 as tf

GOLDENS = json.loads((Path(__file__).parent / "goldens" / "plumbing" / "programs.json").read_text())["programs"]


def test_every_program_was_recorded():
    assert set(GOLDENS) == set(programs.PROGRAMS)


@pytest.mark.parametrize("name", sorted(programs.PROGRAMS))
def test_program_prints_what_it_printed(name, tmp_path):
    verbosity = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.ERROR)
    try:
        with tf.Graph().as_default():
            assert programs.lines(programs.PROGRAMS[name], tf, str(tmp_path)) == GOLDENS[name]
    finally:
        tf.logging.set_verbosity(verbosity)


SCRIPT = """
import sys
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_string("name", "nobody", "Who.")
flags.DEFINE_integer("steps", 1, "How many.")
flags.DEFINE_boolean("loud", False, "Whether.")
tf.flags.DEFINE_float("rate", 0.5, "How fast.")
flags.DEFINE_enum("mode", "train", ["train", "eval"], "Which.")
FLAGS = flags.FLAGS


def main(argv):
    print(argv[1:], FLAGS.name, FLAGS.steps, FLAGS.loud, FLAGS.rate, FLAGS.mode)
    tf.logging.set_verbosity(tf.logging.INFO)
    tf.logging.info("steps: %d", FLAGS.steps)
    tf.logging.debug("not this")
    x = tf.Print(tf.constant([1.0, 2.5]), [tf.constant(7)], message="printed: ", first_n=2)
    with tf.Session() as sess:
        for _ in range(3):
            print(sess.run(x).tolist())
    sys.exit(3)


if __name__ == "__main__":
    tf.app.run()
"""


def test_flags_app_run_logging_and_print(tmp_path):
    write(tmp_path, {"script.py": SCRIPT})
    done = run(tmp_path, "script.py", "--name=me", "--steps", "2", "--loud", "rest", "--rate=0.25", status=3)
    assert done.stdout.splitlines() == ["['rest'] me 2 True 0.25 train", *["[1.0, 2.5]"] * 3]
    assert "INFO:tensorflow:steps: 2" in done.stderr and "not this" not in done.stderr
    assert done.stderr.count("printed: [7]") == 2
    wrong = run(tmp_path, "script.py", "--mode=neither", status=1)
    assert "flag --mode=neither: value should be one of <train|eval>" in wrong.stderr and not wrong.stdout


def test_tensorboard_reads_what_file_writer_wrote(tmp_path):
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    programs.PROGRAMS["file_writer"](tf, str(tmp_path), print)
    # The program says SessionLog.START in the end, which would make TensorBoard forget what came before.
    events = accumulators.EventAccumulator(str(tmp_path), size_guidance={"histograms": 0}, purge_orphaned_data=False)
    events.Reload()
    tags = events.Tags()
    assert tags["graph"] and tags["meta_graph"] and tags["run_metadata"] == ["run 1"]
    assert {"mean_1", "inner/max_1", "by hand"} <= set(tags["scalars"] + tags["tensors"])
    assert [(e.step, e.value) for e in events.Scalars("inner/max_1")] == [(0, 0.0), (1, 3.0), (2, 6.0)]
    assert [e.step for e in events.Histograms("values")] == [0, 1, 2] and len(events.Images("picture/image/0")) == 3
