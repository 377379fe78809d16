"""The plumbing around training, as programs of TF1 used it: what they print is what TF 1.15.5 printed."""

import json
from pathlib import Path

import pytest
from goldens.plumbing import programs

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
