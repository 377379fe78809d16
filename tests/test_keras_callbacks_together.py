"""The three callbacks at once: the run by hand, and the same to the bit in whatever order they are given."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import digits_by_hand as by_hand
import keras
import numpy as np
import pytest
from keras.optimizers import SGD, LossScaleOptimizer
from test_keras_clipping import FIGURES, METHODS, SLOPES, WORDS

from tf1compat import train
from tf1compat.keras import ExponentialMovingAverage, GradientClipping, LearningRateDecay
from tf1compat.keras import optimizers as tf1_optimizers

pytestmark = pytest.mark.usefixtures("eager")

X, Y = by_hand.X[:200], by_hand.Y[:200]  # 6 batches and a rest


def callbacks():
    return [
        ExponentialMovingAverage(0.8, num_updates=True),
        GradientClipping("global_norm", 0.5),
        LearningRateDecay(train.ExponentialDecay(0.4, decay_steps=5, decay_rate=0.5)),
    ]


ORDERS = list(itertools.permutations(range(3)))
SOME, ONE = [ORDERS[0], ORDERS[-1]], ORDERS[1:2]


def sgd(**options):
    return SGD(0.05, momentum=0.5, **options)


def scaling(**options):
    return LossScaleOptimizer(sgd(**options), initial_scale=2.0**6, dynamic_growth_steps=3)


#: How the model is compiled; what that means by hand; the orders to try: where each part of it is by itself, one.
MODES = {
    "plain": ({}, {}, ORDERS),
    "eager": ({"run_eagerly": True}, {}, SOME),
    "jit": ({"jit_compile": True}, {}, ONE),
    "steps": ({"steps_per_execution": 3}, {}, ONE),
    "accumulation": ({"optimizer": lambda: sgd(gradient_accumulation_steps=2)}, {"accumulate": 2}, ONE),
    "scaling": ({"optimizer": scaling}, {"scaled": True}, ONE),
    "mixed precision": ({"optimizer": scaling, "auto_scale_loss": False}, {"scaled": True}, ONE),
    "all": (
        {
            "optimizer": lambda: scaling(gradient_accumulation_steps=2),
            "jit_compile": True,
            "steps_per_execution": 3,
        },
        {"accumulate": 2, "scaled": True},
        SOME,
    ),
}


def run(order, x=X, **options):
    """What a run with the callbacks in an order comes to: weights, averages and history."""
    model = by_hand.model(**{**options, "optimizer": options.get("optimizer", sgd)()})
    made = callbacks()
    history = model.fit(
        x, Y, batch_size=by_hand.BATCH, epochs=2, shuffle=False, verbose=0, callbacks=[made[i] for i in order],
        validation_data=(X[:64], Y[:64]),
    ).history  # fmt: skip
    averages = [np.asarray(made[0].average(variable)) for variable in model.trainable_variables]
    return model.get_weights(), averages, history


def averaged(path, before):
    """TF1's average of the weights after each step, its decay warmed up by the number of steps."""
    averages = [np.asarray(weight, np.float64) for weight in before]
    for number, weights in enumerate(path):
        decay = min(0.8, (2 + number) / (11 + number))
        averages = [a - (a - w) * (1 - decay) for a, w in zip(averages, weights, strict=True)]
    return averages


def check(found, x=X, tolerance=1e-5, **meaning):
    before = by_hand.model().get_weights()
    with np.errstate(all="ignore"):
        weights, logs, path = by_hand.train(
            before, x, Y, 2, clip=lambda a: by_hand.global_norm(a, 0.5), momentum=0.5,
            rate=lambda step: 0.4 * 0.5 ** (step / 5), **meaning,
        )  # fmt: skip
    for mine, expected in zip(found[0] + found[1], weights + averaged(path, before), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=tolerance, atol=tolerance / 5)
    for name, expected in logs[0].items():
        wanted = [expected, logs[1][name]]
        np.testing.assert_allclose(found[2][name], wanted, rtol=tolerance, err_msg=name)
    validated = by_hand.loss(averaged(path, before), X[:64], Y[:64])
    assert found[2]["val_loss"][-1] == pytest.approx(validated, rel=max(tolerance, 1e-5))


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("mode", MODES)
def test_one_result_in_every_order(mode, policy):
    options, meaning, orders = MODES[mode]
    x = X.copy()
    if "scaled" in meaning:
        x[70], x[150] = np.inf, np.nan  # two batches whose gradients are not finite
    if mode == "mixed precision":
        policy("mixed_float16")
    first, *others = (run(order, x, **options) for order in orders)
    for other in others:
        for mine, expected in zip(other[0] + other[1], first[0] + first[1], strict=True):
            np.testing.assert_array_equal(mine, expected)
        assert other[2].keys() == first[2].keys()
        for name in first[2]:
            np.testing.assert_array_equal(other[2][name], first[2][name], err_msg=name)
    check(first, x, tolerance=1e-5 if mode != "mixed precision" else 2e-2, **meaning)


# Two devices.

PROGRAM = """
import json, sys
import numpy as np, tensorflow as tf
device = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(device, [tf.config.LogicalDeviceConfiguration()] * 2)
import test_keras_callbacks_together as test
import test_keras_clipping as clipping

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
orders = []
for order in test.SOME:
    with strategy.scope():
        weights, averages, history = test.run(order)
    orders.append([[each.tolist() for each in weights], [each.tolist() for each in averages], history])
clipped = {}
for case, (method, own) in test.CLIPPED.items():
    with strategy.scope():
        model = test.by_hand.model(optimizer=test.sgd(**own))
    history = clipping.fit(model, clipping.clipping(method))
    clipped[case] = history, [weight.tolist() for weight in model.get_weights()]
with strategy.scope():
    model = clipping.embedding()
model.set_weights([np.zeros((9, 5))])
rows = clipping.GradientClipping("global_norm", 3.0)
history = clipping.fit(model, rows, x=clipping.WORDS, y=clipping.SLOPES, batch_size=4)
rows = history, model.get_weights()[0].tolist()
json.dump({"orders": orders, "clipped": clipped, "rows": rows}, open(sys.argv[1], "w"))
"""

CLIPPED = {
    "value": ("value", {}),
    "average norm": ("average_norm", {}),
    "global norm, then the optimizer's own": ("global_norm", {"clipnorm": 0.1}),
}


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory):
    answer = tmp_path_factory.mktemp("mirrored") / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(answer)], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(answer.read_text())


def test_two_devices_are_one_with_the_whole_batch_in_every_order(mirrored):
    first, *others = mirrored["orders"]
    assert others and all(other == first for other in others)
    check(first)


@pytest.mark.parametrize("case", CLIPPED)
def test_gradients_are_reduced_before_they_are_clipped(mirrored, case):
    history, weights = mirrored["clipped"][case]
    method, own = CLIPPED[case]

    def clip(arrays):
        arrays, engaged = METHODS[method][1](arrays)
        return (by_hand.norm(arrays, own["clipnorm"])[0] if own else arrays), engaged

    expected, logs, _ = by_hand.train(by_hand.model().get_weights(), X, Y, clip=clip, momentum=0.5, rate=0.05)
    for mine, other in zip(weights, expected, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=2e-6)
    for name in FIGURES:
        np.testing.assert_allclose(history[name], [log[name] for log in logs], rtol=2e-6, err_msg=name)


def test_rows_of_two_devices_are_added_up_first(mirrored):
    history, weights = mirrored["rows"]
    gradient = np.zeros((9, 5))
    np.add.at(gradient, WORDS, SLOPES / 4)
    norm = np.linalg.norm(gradient)
    np.testing.assert_allclose(weights, -0.5 * gradient * 3 / norm, rtol=1e-5, atol=1e-6)
    assert history["gradient_norm"] == [pytest.approx(norm, rel=1e-6)]


# One after the other.


def test_a_second_fit_without_some_of_them():
    model, made = by_hand.model(optimizer=SGD(0.2)), callbacks()
    before = model.get_weights()
    options = {"batch_size": by_hand.BATCH, "shuffle": False, "verbose": 0}
    model.fit(X, Y, callbacks=made[1:], **options)
    clip, rate = lambda a: by_hand.global_norm(a, 0.5), lambda step: 0.4 * 0.5 ** (step / 5)  # noqa: E731
    weights, _, _ = by_hand.train(before, X, Y, clip=clip, rate=rate)
    history = model.fit(X, Y, callbacks=[made[0]], **options).history
    assert history.keys() == {"loss"}
    weights, _, _ = by_hand.train(weights, X, Y, rate=rate(6))
    for mine, expected in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-5, atol=2e-6)


def test_with_an_optimizer_of_tf1():
    model, made = by_hand.model(optimizer=tf1_optimizers.Momentum(0.05, momentum=0.5)), callbacks()
    weights = [weight.astype(np.float64) for weight in model.get_weights()]
    running, path = [np.zeros_like(weight) for weight in weights], []
    options = {"batch_size": by_hand.BATCH, "shuffle": False, "verbose": 0}
    model.fit(X, Y, callbacks=made, **options)
    for step, start in enumerate(range(0, len(X), by_hand.BATCH)):
        batch = slice(start, start + by_hand.BATCH)
        gradients, _ = by_hand.global_norm(by_hand.gradients(weights, X[batch].astype(np.float64), Y[batch]), 0.5)
        running = [0.5 * r + g for r, g in zip(running, gradients, strict=True)]
        weights = [w - 0.4 * 0.5 ** (step / 5) * r for w, r in zip(weights, running, strict=True)]
        path.append(weights)
    averages = [np.asarray(made[0].average(variable)) for variable in model.trainable_variables]
    wanted = weights + averaged(path, by_hand.model().get_weights())
    for mine, expected in zip(model.get_weights() + averages, wanted, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-5, atol=2e-6)
