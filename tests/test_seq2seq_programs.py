"""Programs with TF1's sequence models train and decode as under TensorFlow 1.15.5, see goldens/seq2seq."""

import importlib
import json

import numpy as np
import pytest
from goldens.seq2seq import PROGRAMS
from goldens.seq2seq.record import PATH

import tf1compat.v1 as tf

with open(PATH) as file:
    RECORDED = json.load(file)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name):
    with tf.Graph().as_default():
        found = importlib.import_module(f"goldens.seq2seq.{name}").main(tf)
    expected = RECORDED[name]
    np.testing.assert_allclose(found.pop("losses"), expected["losses"], rtol=1e-4)
    assert found == {key: value for key, value in expected.items() if key != "losses"}


def test_the_older_names_lead_to_todays():
    with pytest.raises(AttributeError, match=r"tf\.contrib\.legacy_seq2seq"):
        _ = tf.nn.seq2seq
