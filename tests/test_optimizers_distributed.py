"""Optimizers inside `strategy.run` on two virtual devices: the sum of the replicas' gradients, on each."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys
import keras, numpy as np, tensorflow as tf
device = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(device, [tf.config.LogicalDeviceConfiguration()] * 2)
from optimizer_rules import DENSE, INDICES, ROWS, RULES, START, STEPS
from tf1compat import train

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

def shares(kind, step):
    # What each replica's gradient is; their sum is the whole step's.
    def values(context):
        half = context.replica_id_in_sync_group
        if kind == "dense":
            return tf.constant(DENSE[step] * (0.25 if half else 0.75))
        return tf.constant(ROWS[step][half * 2 : half * 2 + 2])
    def indices(context):
        half = context.replica_id_in_sync_group
        return tf.constant(INDICES[step][half * 2 : half * 2 + 2])
    return tuple(map(strategy.experimental_distribute_values_from_function, (values, indices)))

def trained(rule, kind, mode):
    with strategy.scope():
        weights = (keras.Variable if mode == "keras" else tf.Variable)(START, name="w")
        first = tf.VariableAggregation.ONLY_FIRST_REPLICA
        step = tf.Variable(0, dtype=tf.int64, name="global_step", aggregation=first)
    optimizer = RULES[rule](train, step)
    def update(values, indices):
        gradient = values if kind == "dense" else tf.IndexedSlices(values, indices)
        optimizer.apply_gradients([(None, weights), (gradient, weights)], step)
    run = lambda *args: strategy.run(update, args)
    run = run if mode == "eager" else tf.function(run, autograph=False)
    for number in range(STEPS):
        run(*shares(kind, number))
    assert step.numpy() == STEPS
    kept = [getattr(weights, "_value", weights), *optimizer.variables()]
    for variable in kept:
        parts = strategy.experimental_local_results(variable)
        assert len(parts) == 2, variable
        np.testing.assert_array_equal(*(part.numpy() for part in parts))
    for name in optimizer.get_slot_names():
        assert any(optimizer.get_slot(weights, name) is v for v in kept)
    return [v.numpy().tolist() for v in kept]

def alone(rule, kind):
    weights, step = tf.Variable(START, name="w"), tf.Variable(0, dtype=tf.int64)
    optimizer = RULES[rule](train, step)
    for number in range(STEPS):
        gradient = DENSE[number] if kind == "dense" else tf.IndexedSlices(ROWS[number], INDICES[number])
        optimizer.apply_gradients([(gradient, weights)], step)
    return [v.numpy().tolist() for v in (weights, *optimizer.variables())]

found = {}
for rule in RULES:
    for kind in ("dense", "sparse"):
        modes = ("eager", "function") + (("keras",) if rule == "adam" else ())
        found[f"{rule}, {kind}"] = {"alone": alone(rule, kind), **{m: trained(rule, kind, m) for m in modes}}

with strategy.scope():
    weights = tf.Variable(2.0)
losses = train.GradientDescentOptimizer(0.25)

@tf.function
def tensors():
    strategy.run(lambda: (losses.minimize(weights * weights), None)[1])
    strategy.run(lambda: (losses.minimize(lambda: weights * 2.0), None)[1])

tensors()
found["losses"] = float(weights.numpy())
try:
    with strategy.scope():
        losses.apply_gradients([(tf.constant(1.0), weights)])
except RuntimeError as error:
    found["outside"] = str(error)
json.dump(found, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    answer = tmp_path_factory.mktemp("distributed") / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(answer)], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(answer.read_text())


def test_replicas_take_the_step_of_their_gradients_sum(found):
    compared = 0
    for case, values in found.items():
        if case in ("losses", "outside"):
            continue
        for mode in values.keys() - {"alone"}:
            for mine, expected in zip(values[mode], values["alone"], strict=True):
                assert _flat(mine) == pytest.approx(_flat(expected), rel=1e-6, abs=1e-7), (case, mode)
                compared += 1
    assert compared > 100


def _flat(values):
    return sum(map(_flat, values), []) if isinstance(values, list) else [values]


def test_losses_that_are_tensors_and_callables(found):
    # 2 replicas: 2 - 0.25 * 2 * 4, then - 0.25 * 2 * 2
    assert found["losses"] == -1.0


def test_outside_of_a_replica(found):
    assert "inside of a `step` that `strategy.run(step)` calls" in found["outside"]
