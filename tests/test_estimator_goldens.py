"""Estimators and tf.contrib.learn against what TensorFlow 1.15.5 computed, named and wrote, see goldens/estimator."""

import json

import numpy as np
import pytest
from goldens.estimator.record import MODULES, path_of, programs_of

import tf1compat.v1 as tf

GOLDENS = {}
for module in MODULES:
    with open(path_of(module)) as stored:
        GOLDENS[module] = json.load(stored)["programs"]
PROGRAMS = {(module, name): program for module in MODULES for name, program in programs_of(module).items()}


def same(found, expected, path=""):
    """Names and kinds are the same, numbers the same but for rounding."""
    if isinstance(expected, dict):
        assert sorted(found) == sorted(expected), path
        for key, value in expected.items():
            same(found[key], value, f"{path}/{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), (path, found, expected)
        for number, value in enumerate(expected):
            same(found[number], value, f"{path}[{number}]")
    elif isinstance(expected, float):
        np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6, err_msg=path)
    else:
        assert (type(found), found) == (type(expected), expected), path


@pytest.mark.parametrize("module,name", sorted(PROGRAMS))
def test_program(module, name):
    tf.logging.set_verbosity(tf.logging.ERROR)
    same(json.loads(json.dumps(PROGRAMS[module, name](tf))), GOLDENS[module][name])


def test_everything_recorded_is_compared():
    assert {(module, name) for module in MODULES for name in GOLDENS[module]} == set(PROGRAMS)
