"""TF1's optimizers for Keras: TensorFlow 1.15.5's numbers, and all of Keras's contract."""

import pytest
from goldens.training import everything
from goldens.training.optimizers import RULES
from goldens.training.tolerances import allowed
from keras_rules import KerasRules

# TF 1.15.5's trajectories, in tests/goldens/training: every rule with dense and sparse gradients.


def golden_cases(rule, dtypes):
    return {
        name: case
        for name, case in everything.cases_of("optimizers").items()
        if case.rule == rule and case.traits["dtype"] in dtypes and not case.alone
    }


CHECKS = [
    (mode, rule, dtypes)
    for mode, dtypes in {
        "Keras variables": ["float32"],
        "tf.function": ["float16", "bfloat16", "float64"],
        "XLA": ["float32"],
    }.items()
    for rule in RULES
    if golden_cases(rule, dtypes)
]


@pytest.mark.parametrize(("mode", "rule", "dtypes"), CHECKS)
def test_steps_are_those_of_tf1(mode, rule, dtypes):
    cases = golden_cases(rule, dtypes)
    found = everything.measure(KerasRules(), mode, "optimizers", cases)
    assert found.keys() == cases.keys()
    far = [d for name, d in found.items() if not d.units <= allowed(cases[name].line, mode)]
    assert not far, "\n".join(f"{d.where}: {d.units:.3g} units {d.error[:2000]}" for d in far)
