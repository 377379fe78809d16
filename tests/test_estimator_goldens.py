"""Estimators against what TensorFlow 1.15.5 computed, named and wrote, see goldens/estimator."""

import json

import numpy as np
import pytest
from goldens.estimator.programs import PROGRAMS
from goldens.estimator.record import PATH

import tf1compat.v1 as tf

with open(PATH) as stored:
    GOLDENS = json.load(stored)["programs"]


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


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_program(name):
    tf.logging.set_verbosity(tf.logging.ERROR)
    same(json.loads(json.dumps(PROGRAMS[name](tf))), GOLDENS[name])


def test_everything_recorded_is_compared():
    assert sorted(GOLDENS) == sorted(PROGRAMS)
