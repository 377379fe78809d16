"""tf.layers against what TensorFlow 1.15.5 made (names, scopes, collections) and computed (numbers)."""

import importlib
import inspect
import os
import re

import numpy as np
import pytest
from goldens.layers import FAMILIES, observe, stored, training

import tf1compat.v1 as tf

PROGRAMS = [
    (family, name)
    for family in FAMILIES
    for name in observe.programs_of(importlib.import_module(f"goldens.layers.{family}"))
]
#: What TensorFlow 2 calls otherwise inside its own functions: the ends of conds and loops, dropout's last op.
#: Variables are resources here, and their updates called as TF1 called those of variables that were not.
OTHERWISE = (
    (re.compile(r"/(Exit|Merge)(_\d+)?(?=:0$|$)"), "/Identity"),
    (re.compile(r"/dropout/mul_1(?=:0$)"), "/dropout/SelectV2"),
    (re.compile(r"/AssignSubVariableOp$"), ""),
)


@pytest.fixture(scope="module")
def goldens():
    return {family: (stored.facts(family), stored.numbers(family)) for family in FAMILIES}


def plain(fact):
    """A fact with what `OTHERWISE` names renamed."""
    if isinstance(fact, str):
        for pattern, name in OTHERWISE:
            fact = pattern.sub(name, fact)
        return fact
    if isinstance(fact, (list, tuple)):
        return [plain(each) for each in fact]
    return fact


@pytest.mark.parametrize("family, name", PROGRAMS)
def test_made_and_computed_as_tf1_did(goldens, family, name):
    program = observe.programs_of(importlib.import_module(f"goldens.layers.{family}"))[name]
    wanted_facts, wanted_numbers = goldens[family][0][name], goldens[family][1].get(name, {})
    facts, numbers = observe.observe(tf, program)
    if "error" not in wanted_facts:  # what 1.15.5 could not run at all
        assert {k: plain(facts[k]) for k in facts} == {k: plain(wanted_facts[k]) for k in wanted_facts}
        assert sorted(numbers) == sorted(wanted_numbers)
    for key, wanted in wanted_numbers.items():
        rtol, atol = (1e-2, 4e-3) if numbers[key].dtype == np.float16 else (2e-4, 2e-5)
        np.testing.assert_allclose(numbers[key].astype(np.float32), wanted, rtol, atol, err_msg=key)


def test_a_checkpoint_of_tf1_loads(goldens):
    wanted = goldens["training"][1]["images"]["output 1"]
    with tf.Graph().as_default(), tf.Session() as session:
        built = training.images(tf)
        tf.train.Saver().restore(session, os.path.join(stored.HERE, "images"))
        np.testing.assert_allclose(session.run(built.outputs[1], built.feeds), wanted, 2e-4, 2e-5)


def test_every_name_takes_what_it_took_in_that_order():
    found = {}
    for name in stored.parameters():
        value = getattr(tf.layers, name)
        given = inspect.signature(value.__init__ if isinstance(value, type) else value).parameters.values()
        found[name] = [each.name for each in given if each.name != "self" and each.kind is not each.VAR_KEYWORD]
    assert found == stored.parameters()
    assert sorted(found) == sorted(name for name in dir(tf.layers) if name != "experimental")
