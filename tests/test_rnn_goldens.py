"""Recurrent cells and loops hold TensorFlow 1.15.5's names, numbers and gradients, for weights that names give."""

import importlib

import numpy as np
import pytest
from goldens.contrib.observing import observe
from goldens.rnn import FAMILIES
from goldens.rnn.record import load

import tf1compat.v1 as tf

GOLDENS = {family: load(family) for family in FAMILIES}
CASES = {family: importlib.import_module(f"goldens.rnn.{family}").CASES for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_is_recorded(family):
    assert set(GOLDENS[family]) == set(CASES[family])


@pytest.mark.parametrize("family, name", [(family, name) for family in FAMILIES for name in sorted(CASES[family])])
def test_as_tensorflow_1_15(family, name):
    golden_facts, golden = GOLDENS[family][name]
    facts, values = observe(tf, CASES[family][name])
    assert facts == golden_facts
    assert set(values) == set(golden)
    for output, value in golden.items():
        np.testing.assert_allclose(values[output], value, rtol=1e-5, atol=2e-6, err_msg=output)
