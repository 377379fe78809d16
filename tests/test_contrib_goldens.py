"""tf.contrib against what TensorFlow 1.15.5 built and computed, see goldens/contrib."""

import importlib
import re

import numpy as np
import pytest
from goldens.contrib import FAMILIES
from goldens.contrib.observing import observe
from goldens.contrib.record import load

import tf1compat.v1 as tf

GOLDENS = {family: load(family) for family in FAMILIES}
CASES = {
    (family, name): case
    for family in FAMILIES
    for name, case in importlib.import_module(f"goldens.contrib.{family}").CASES.items()
}


def of_cond(name):
    """The name of what a cond gave: an op `Merge` in TF1, `Identity` after TensorFlow 2's cond."""
    return re.sub(r"/Merge(?=(_\d+)?$)", "/Identity", name) if isinstance(name, str) else name


@pytest.mark.parametrize("family,name", sorted(CASES))
def test_case(family, name):
    """Names, shapes and collections are the same, the numbers the same but for rounding."""
    expected_facts, expected = GOLDENS[family][name]
    facts, values = observe(tf, CASES[family, name])
    expected_facts = {key: found for key, found in expected_facts.items() if key != "outputs"}
    assert facts == {key: [of_cond(name) for name in found] for key, found in expected_facts.items()}
    assert sorted(values) == sorted(expected)
    for output, value in values.items():
        assert value.dtype == expected[output].dtype, output
        if value.dtype.kind == "S":
            np.testing.assert_array_equal(value, expected[output], err_msg=output)
        else:
            atol = 1e-6 * max(1.0, np.abs(expected[output]).max(initial=0.0))
            np.testing.assert_allclose(value, expected[output], rtol=1e-5, atol=atol, err_msg=output)


def test_everything_recorded_is_compared():
    assert {(family, name) for family in FAMILIES for name in GOLDENS[family]} == set(CASES)
