"""TF1's optimizers for Keras: TensorFlow 1.15.5's numbers, in `fit` and by hand, in every mode."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from goldens.training import everything
from goldens.training.optimizers import RULES
from goldens.training.tolerances import allowed
from keras_rules import FIRST, KerasRules, fitted, units_apart

pytestmark = pytest.mark.usefixtures("eager")

# TF 1.15.5's trajectories, in tests/goldens/training: every rule with dense and sparse gradients.


def golden_cases(rule, dtypes, rates=("constant", "decayed")):
    return {
        name: case
        for name, case in everything.cases_of("optimizers").items()
        if case.rule == rule and case.traits["dtype"] in dtypes and case.traits["rate"] in rates
    }


CHECKS = [
    *(("Keras variables", rule, golden_cases(rule, ["float32"])) for rule in FIRST),
    *(("Keras variables", rule, golden_cases(rule, ["float32"], ["constant"])) for rule in RULES if "," in rule),
    *(("XLA", rule, golden_cases(rule, ["float32"], ["constant"])) for rule in FIRST),
    *(("tf.function", rule, golden_cases(rule, ["float16", "bfloat16", "float64"], ["constant"])) for rule in FIRST),
]


@pytest.mark.parametrize(("mode", "rule", "cases"), CHECKS, ids=[f"{mode}/{rule}" for mode, rule, _ in CHECKS])
def test_steps_are_those_of_tf1(mode, rule, cases):
    found = everything.measure(KerasRules(), mode, "optimizers", cases)
    assert found and found.keys() == cases.keys()
    far = [d for name, d in found.items() if not d.units <= allowed(cases[name].line, mode)]
    assert not far, "\n".join(f"{d.where}: {d.units:.3g} units {d.error[:2000]}" for d in far)


WAYS = {
    "plain": {"jit_compile": False},
    "XLA": {"jit_compile": True},
    "eager": {"run_eagerly": True},
    "steps": {"jit_compile": False, "steps_per_execution": 7},
    "XLA, steps": {"jit_compile": True, "steps_per_execution": 7},
}
FITS = [(way, rule) for way in WAYS for rule in (FIRST if way == "plain" else ["Adam", "Ftrl"])]


@pytest.mark.parametrize(("way", "rule"), FITS)
def test_fit_takes_tf1s_steps(way, rule):
    model = fitted(rule, **WAYS[way])
    assert int(model.optimizer.iterations) == 50
    for output, units in units_apart(model, rule).items():
        assert units <= allowed(rule, "XLA" if "XLA" in way else "graph"), output


# Replicas.

REPLICAS = """
import json, sys
import keras, numpy as np, tensorflow as tf
device = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(device, [tf.config.LogicalDeviceConfiguration()] * 2)
from keras_rules import fitted, given_data, given_model, made, units_apart

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
found = {}

def look(name, rule, model):
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    for variable in [*model.trainable_variables, *optimizer.variables]:
        parts = strategy.experimental_local_results(variable._value)
        assert len(parts) == 2, variable
        np.testing.assert_array_equal(*(part.numpy() for part in parts))
    model.optimizer = optimizer
    found[f"{name}/{rule}"] = units_apart(model, rule)

def scaled(rule):
    with strategy.scope():
        model = given_model(keras.optimizers.LossScaleOptimizer(made(rule)), jit_compile=False)
    x, y = given_data(2)
    model.fit(x, y, batch_size=2, shuffle=False, verbose=0)
    return model

def by_hand(rule):
    with strategy.scope():
        model = given_model(made(rule))
        model.optimizer.build(model.trainable_variables)
    x, _ = given_data()

    @tf.function
    def step(dense, values, rows):
        def in_replica():
            share = tf.where(tf.distribute.get_replica_context().replica_id_in_sync_group == 0, 0.75, 0.25)
            slices = tf.IndexedSlices(values * share, rows, tf.constant([5, 17]))
            model.optimizer.apply([dense * share, slices], model.trainable_variables)
        strategy.run(in_replica)

    for dense, values, rows in zip(*x):
        step(dense, values, rows)
    return model

for rule in ("Adam", "Ftrl"):
    with strategy.scope():
        model = fitted(rule, 2, jit_compile=False)
    look("fit", rule, model)
look("by hand", "Adam", by_hand("Adam"))
look("scaled", "Adam", scaled("Adam"))
with strategy.scope():
    model = fitted("AdagradDA", 2, run_eagerly=True)
look("eager", "AdagradDA", model)
refused = {}
for way, of_rule, of_model in [
    ("accumulating", {"gradient_accumulation_steps": 2}, {"jit_compile": False}),
    ("accumulating eagerly", {"gradient_accumulation_steps": 2}, {"run_eagerly": True}),
    ("steps", {}, {"jit_compile": False, "steps_per_execution": 2}),
    ("XLA", {}, {"jit_compile": True}),
]:
    with strategy.scope():
        model = given_model(made("Adam", **of_rule), **of_model)
    x, y = given_data(2)
    try:
        model.fit([a[:8] for a in x], y[:8], batch_size=2, shuffle=False, verbose=0)
    except (NotImplementedError, RuntimeError) as error:
        refused[way] = f"{type(error).__name__}: {error}"
        assert model.optimizer.variables[0].numpy() == 0
    else:
        assert model.optimizer.variables[0].numpy() == 4
        alone = given_model(made("Adam", **of_rule), run_eagerly=True)
        x, y = given_data()
        alone.fit([a[:4] for a in x], y[:4], batch_size=1, shuffle=False, verbose=0)
        for found_value, value in zip(model.get_weights(), alone.get_weights(), strict=True):
            np.testing.assert_allclose(found_value, value, rtol=1e-6)
json.dump([found, refused], open(sys.argv[1], "w"))
"""


def test_two_replicas_take_the_steps_of_tf1(tmp_path):
    answer = tmp_path / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", REPLICAS, str(answer)], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found, refused = json.loads(answer.read_text())
    assert len(found) == 5
    for name, outputs in found.items():
        rule = name.partition("/")[2]
        for output, units in outputs.items():
            # Shares of 3/4 and 1/4, and halves of doubles, add up to float32's numbers but for a rounding.
            assert units <= max(allowed(rule, "graph"), 4 * name.startswith("by hand")), (name, output)
    assert refused.keys() == {"accumulating", "steps", "XLA"}
    assert refused["accumulating"].startswith("NotImplementedError: gradient_accumulation_steps=2")
    assert refused["steps"].startswith("NotImplementedError: steps_per_execution above 1 under MirroredStrategy")
    assert refused["XLA"].startswith("RuntimeError: XLA compiles for one device")
