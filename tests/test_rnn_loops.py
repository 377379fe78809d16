"""The loops that run recurrent cells hold TensorFlow 1.15.5's names, numbers and gradients, see goldens/rnn."""

import numpy as np
import pytest
from goldens.contrib.observing import observe
from goldens.rnn import loops
from goldens.rnn.record import load

import tf1compat.v1 as tf

GOLDENS = load("loops")


def test_everything_recorded_is_compared():
    assert set(GOLDENS) == set(loops.CASES)


@pytest.mark.parametrize("name", sorted(loops.CASES))
def test_loop(name):
    golden_facts, golden = GOLDENS[name]
    facts, values = observe(tf, loops.CASES[name])
    assert facts == golden_facts
    assert set(values) == set(golden)
    for output, value in golden.items():
        np.testing.assert_allclose(values[output], value, rtol=1e-5, atol=2e-6, err_msg=output)
