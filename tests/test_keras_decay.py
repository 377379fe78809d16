"""LearningRateDecay on training runs, against float64 numpy: the rate of each step of the optimizer."""

import inspect
import json

import digits_by_hand as by_hand
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.optimizers import SGD, LossScaleOptimizer

from tf1compat import train
from tf1compat.keras import LearningRateDecay

pytestmark = pytest.mark.usefixtures("eager")

X, Y = by_hand.X[:200], by_hand.Y[:200]  # 6 batches and a rest


def schedule():
    return train.ExponentialDecay(0.4, decay_steps=3, decay_rate=0.7, staircase=True)


def rate(step):
    return 0.4 * 0.7 ** (step // 3)


def fit(model, *callbacks, x=X, y=Y, **options):
    options = {"batch_size": by_hand.BATCH, "shuffle": False, "verbose": 0, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options).history


def check(model, weights, history=None, logs=None):
    for mine, expected in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-5, atol=2e-6)
    if history is not None:
        np.testing.assert_allclose(history["learning_rate"], [each["learning_rate"] for each in logs], rtol=1e-6)


def sgd(**options):
    return SGD(0.05, momentum=0.5, **options)


#: How the model is compiled, and what that means by hand.
MODES = {
    "plain": ({}, {}),
    "eager": ({"run_eagerly": True}, {}),
    "jit, steps": ({"jit_compile": True, "steps_per_execution": 3}, {}),
    "steps": ({"steps_per_execution": 4}, {}),
    "accumulation, steps": (
        {"optimizer": lambda: sgd(gradient_accumulation_steps=2), "steps_per_execution": 3},
        {"accumulate": 2},
    ),
    "scaling, accumulation, jit": (
        {
            "optimizer": lambda: LossScaleOptimizer(sgd(gradient_accumulation_steps=2), initial_scale=8.0),
            "jit_compile": True,
        },
        {"scaled": True, "accumulate": 2},
    ),
    "scaling": ({"optimizer": lambda: LossScaleOptimizer(sgd(), initial_scale=8.0)}, {"scaled": True}),
}


@pytest.mark.parametrize("mode", MODES)
def test_a_run_is_the_one_by_hand(mode):
    options, meaning = MODES[mode]
    x = X.copy()
    if "scaled" in meaning:
        x[70], x[150] = np.inf, np.nan  # two batches whose gradients are not finite
    model = by_hand.model(**{**options, "optimizer": options.get("optimizer", sgd)()})
    before = model.get_weights()
    history = fit(model, LearningRateDecay(schedule()), x=x, epochs=2)
    with np.errstate(all="ignore"):
        weights, logs, path = by_hand.train(before, x, Y, 2, momentum=0.5, rate=rate, **meaning)
    check(model, weights, history, logs)
    assert int(model.optimizer.iterations) == len(path) >= 4


def test_weight_decay_takes_the_steps_rate():
    model = by_hand.model(optimizer=SGD(0.05, weight_decay=0.1))
    weights = [weight.astype(np.float64) for weight in model.get_weights()]
    fit(model, LearningRateDecay(schedule()))
    for step, start in enumerate(range(0, 200, 32)):
        gradients = by_hand.gradients(weights, X[start : start + 32].astype(np.float64), Y[start : start + 32])
        now = rate(step)
        weights = [w - w * 0.1 * now - now * g for w, g in zip(weights, gradients, strict=True)]
    check(model, weights)


# Schedules.


def tiny(optimizer=None, **options):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer or SGD(0.5), loss="mse", jit_compile=False, **options)
    return model


def rates_of(schedule, steps, **options):
    x = np.ones((1, 1), "float32")
    return fit(tiny(**options), LearningRateDecay(schedule), x=x, y=x, epochs=steps)["learning_rate"]


@pytest.mark.parametrize(
    "schedule",
    [
        train.ExponentialDecay(0.4, 2, 0.5),
        train.NaturalExpDecay(0.4, 2, 0.5),
        train.InverseTimeDecay(0.4, 2, 0.5),
        train.PolynomialDecay(0.4, 3, 0.1, power=2.0),
        train.PolynomialDecay(0.4, 2, cycle=True),
        train.PiecewiseConstantDecay([1, 3], [0.4, 0.2, 0.1]),
        train.CosineDecay(0.4, 3),
        train.CosineDecayRestarts(0.4, 2),
        train.LinearCosineDecay(0.4, 3),
        keras.optimizers.schedules.CosineDecay(0.4, 3),
        lambda step: 0.5 / tf.cast(1 + step, tf.float64),
        lambda step: keras.ops.where(step < 2, 0.25, 0.125),
        lambda step: 0.75,
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_every_schedule(schedule):
    expected = [float(tf.convert_to_tensor(schedule(tf.constant(step, tf.int64)))) for step in range(5)]
    np.testing.assert_allclose(rates_of(schedule, 5), expected, rtol=1e-6)


def test_noise_is_what_the_step_took():
    first = train.NoisyLinearCosineDecay(0.4, 10)
    rates = rates_of(first, 4)
    assert len(set(rates)) == 4 and all(np.isfinite(rates))
    model, x = tiny(SGD(0.5)), np.ones((1, 1), "float32")
    (kernel, bias) = model.get_weights()
    history = fit(model, LearningRateDecay(first), x=x, y=x)
    error = float((kernel + bias)[0, 0]) - 1
    assert float(model.get_weights()[1][0]) == pytest.approx(-history["learning_rate"][0] * 2 * error, rel=1e-5)


# Where steps go on.


def test_fits_that_follow():
    model, callback = by_hand.model(optimizer=SGD(0.05)), LearningRateDecay(schedule())
    before = model.get_weights()
    history = fit(model, callback, epochs=2)
    weights, logs, _ = by_hand.train(before, X, Y, 2, rate=rate)
    check(model, weights, history, logs)
    assert "learning_rate" not in fit(model)  # which keeps the last rate
    weights, _, _ = by_hand.train(weights, X, Y, rate=rate(13))
    check(model, weights)
    history = fit(model, LearningRateDecay(schedule()))  # 21 steps were made
    weights, logs, _ = by_hand.train(weights, X, Y, rate=lambda step: rate(21 + step))
    check(model, weights, history, logs)
    model.optimizer.learning_rate = 0.125
    fit(model)
    check(model, by_hand.train(weights, X, Y, rate=0.125)[0])


class Stopping(keras.callbacks.Callback):
    """Raises in the middle of an epoch."""

    def __init__(self, epoch, error=KeyboardInterrupt):
        super().__init__()
        self.epoch, self.error = epoch, error

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.epoch and batch == 2:
            raise self.error


@pytest.mark.parametrize("first", [False, True])
def test_backup_and_restore(tmp_path, first):
    def callbacks():
        both = [LearningRateDecay(schedule()), keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)]
        return both if first else both[::-1]

    model = by_hand.model(optimizer=sgd())
    before = model.get_weights()
    with pytest.raises(RuntimeError):
        fit(model, *callbacks(), Stopping(1, RuntimeError), epochs=3)
    again = by_hand.model(optimizer=sgd())
    history = fit(again, *callbacks(), epochs=3)
    weights, logs, _ = by_hand.train(before, X, Y, 3, momentum=0.5, rate=rate)
    check(again, weights, history, logs[1:])


def test_a_loaded_model(tmp_path):
    model = by_hand.model(optimizer=sgd())
    before = model.get_weights()
    fit(model, LearningRateDecay(schedule()))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert float(loaded.optimizer.learning_rate) == np.float32(rate(6))
    history = fit(loaded, LearningRateDecay(schedule()))
    weights, logs, _ = by_hand.train(before, X, Y, 2, momentum=0.5, rate=rate)
    check(loaded, weights, history, logs[1:])


@pytest.mark.parametrize("error", [KeyboardInterrupt, ArithmeticError])
def test_nothing_is_left_of_a_fit_that_was_interrupted(error):
    model, callback = by_hand.model(optimizer=SGD(0.05)), LearningRateDecay(schedule())
    before = model.get_weights()
    with pytest.raises(error):
        fit(model, callback, Stopping(0, error))
    weights, _, _ = by_hand.train(before, X[:96], Y[:96], rate=rate)
    model.optimizer.learning_rate = 0.125
    fit(model)
    weights, _, _ = by_hand.train(weights, X, Y, rate=0.125)
    check(model, weights)
    assert "apply" not in vars(model.optimizer)


def test_other_callbacks_that_set_the_rate_are_overruled():
    model = by_hand.model(optimizer=SGD(0.05))
    before = model.get_weights()
    fit(model, keras.callbacks.LearningRateScheduler(lambda epoch: 0.9), LearningRateDecay(schedule()))
    check(model, by_hand.train(before, X, Y, rate=rate)[0])


# Which optimizer.


def refused(model, callbacks, message, error=ValueError):
    before = model.get_weights()
    with pytest.raises(error, match=message):
        fit(model, *callbacks)
    for mine, expected in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, expected)
    assert int(model.optimizer.iterations) == 0


def test_optimizers_whose_rate_is_no_number():
    for given in (schedule(), lambda: 0.1, lambda: keras.Variable(0.1)):
        model = by_hand.model(optimizer=SGD(given))
        refused(model, [LearningRateDecay(schedule())], "was made with a schedule")
    if hasattr(keras.optimizers, "MultiOptimizer"):
        one = SGD(0.1)
        several = keras.optimizers.MultiOptimizer(lambda variable: one)
        refused(by_hand.model(optimizer=several), [LearningRateDecay(schedule())], "MultiOptimizer")


def test_twice():
    model, callback = by_hand.model(optimizer=SGD(0.05)), LearningRateDecay(schedule())
    before = model.get_weights()
    refused(model, [callback, LearningRateDecay(schedule())], "two callbacks LearningRateDecay")
    fit(model, callback, callback)  # the same one twice is there once
    check(model, by_hand.train(before, X, Y, rate=rate)[0])


def test_uncompiled_and_unbuilt():
    model = keras.Sequential([keras.layers.Dense(10)])
    with pytest.raises(ValueError, match="compile"):
        fit(model, LearningRateDecay(schedule()))
    model.compile(SGD(0.1), loss="mse")
    history = fit(model, LearningRateDecay(schedule()), y=np.eye(10)[Y])
    assert history["learning_rate"] == [pytest.approx(rate(6))]


class Halves(keras.Model):
    """Two layers with an optimizer each."""

    def __init__(self):
        super().__init__()
        self.left, self.right = (keras.layers.Dense(1, kernel_initializer="ones", use_bias=False) for _ in range(2))
        self.left_optimizer, self.right_optimizer = SGD(1.0), SGD(1.0)

    def call(self, x):
        return self.left(x) + self.right(x)

    def train_step(self, data):
        for layer, optimizer in ((self.left, self.left_optimizer), (self.right, self.right_optimizer)):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(layer(data[0]))
            optimizer.apply(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables)
        return {"loss": loss}


def test_two_optimizers():
    model, x = Halves(), np.ones((2, 1), "float32")
    model.compile()
    with pytest.raises(ValueError, match="left_optimizer"):
        fit(model, LearningRateDecay(schedule()), x=x, y=x)
    left = LearningRateDecay(lambda step: 0.25, optimizer="left_optimizer")
    right = LearningRateDecay(lambda step: 0.5, optimizer="right_optimizer")
    history = fit(model, left, right, x=x, y=x)
    assert history["learning_rate_left_optimizer"] == [0.25] and history["learning_rate_right_optimizer"] == [0.5]
    assert [float(layer.kernel[0, 0]) for layer in (model.left, model.right)] == [0.75, 0.5]


# Arguments.


def test_schedules_that_cannot_be():
    step = tf.Variable(0)
    for given in (0.1, None, train.ExponentialDecay, tf.constant(0.1)):
        with pytest.raises(TypeError, match="LearningRateDecay takes a schedule of tf1compat.train"):
            LearningRateDecay(given)
    for given in (lambda: 0.1, train.exponential_decay(0.1, step, 10, 0.5), lambda a, b: a):
        with pytest.raises(TypeError, match="cannot be called with a step"):
            LearningRateDecay(given)
    refused(by_hand.model(optimizer="sgd"), [LearningRateDecay(lambda step: [0.1, 0.2])], r"scalar.*shape \(2,\)")


@keras.saving.register_keras_serializable(package="tests")
def registered(step):
    return 0.5 * 0.9 ** tf.cast(step, tf.float32)


@pytest.mark.parametrize("given", [schedule(), train.PiecewiseConstantDecay([1, 3], [0.4, 0.2, 0.1]), registered])
def test_config(given):
    callback = LearningRateDecay(given, optimizer="left_optimizer")
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(callback)))
    for again in (LearningRateDecay.from_config(callback.get_config()), keras.saving.deserialize_keras_object(saved)):
        assert type(again) is LearningRateDecay and again.optimizer == "left_optimizer"
        assert type(again.schedule) is type(given)
        if inspect.isfunction(given):
            assert again.schedule is given
        else:
            assert again.schedule.get_config() == given.get_config()
