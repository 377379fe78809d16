"""GradientClipping on training runs, against float64 numpy: in every way that Keras trains, and what it logs."""

import importlib
import json
import math

import digits_by_hand as by_hand
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.optimizers import SGD, LossScaleOptimizer

from tf1compat.keras import GradientClipping

pytestmark = pytest.mark.usefixtures("eager")

X, Y = by_hand.X[:200], by_hand.Y[:200]  # 6 batches and a rest

#: What the callback is made with, and the same by hand.
METHODS = {
    "value": ({"clip_value_min": -0.02, "clip_value_max": 0.03}, lambda a: by_hand.value(a, -0.02, 0.03)),
    "norm": ({"clip_norm": 0.3}, lambda a: by_hand.norm(a, 0.3)),
    "average_norm": ({"clip_norm": 0.004}, lambda a: by_hand.average_norm(a, 0.004)),
    "global_norm": ({"clip_norm": 0.5}, lambda a: by_hand.global_norm(a, 0.5)),
}
FIGURES = ["gradient_norm", "gradient_norm_max", "clipped_fraction"]


def clipping(method):
    return GradientClipping(method, **METHODS[method][0])


def sgd(**options):
    return SGD(0.2, momentum=0.5, **options)


def scaling(**options):
    return LossScaleOptimizer(sgd(**options), initial_scale=8.0, dynamic_growth_steps=3)


def fit(model, *callbacks, x=X, y=Y, **options):
    options = {"batch_size": by_hand.BATCH, "shuffle": False, "verbose": 0, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options).history


def check(model, weights, history=None, logs=None):
    for mine, expected in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-5, atol=2e-6)
    if history is not None:
        for name in FIGURES:
            np.testing.assert_allclose(history[name], [each[name] for each in logs], rtol=2e-6, err_msg=name)


def trained(before, *args, **options):
    with np.errstate(all="ignore"):
        return by_hand.train(before, *args, momentum=0.5, rate=0.2, **options)


#: How the model is compiled, and what that means by hand.
MODES = {
    "plain": ({}, {}),
    "eager": ({"run_eagerly": True}, {}),
    "jit": ({"jit_compile": True}, {}),
    "steps": ({"steps_per_execution": 3}, {}),
    "jit, steps": ({"jit_compile": True, "steps_per_execution": 4}, {}),
    "accumulation": ({"optimizer": lambda: sgd(gradient_accumulation_steps=3)}, {"accumulate": 3}),
    "accumulation, jit, steps": (
        {"optimizer": lambda: sgd(gradient_accumulation_steps=2), "jit_compile": True, "steps_per_execution": 3},
        {"accumulate": 2},
    ),
    "scaling": ({"optimizer": scaling}, {"scaled": True}),
    "scaling, eager": ({"optimizer": scaling, "run_eagerly": True}, {"scaled": True}),
    "scaling, accumulation, steps": (
        {"optimizer": lambda: scaling(gradient_accumulation_steps=2), "steps_per_execution": 2},
        {"scaled": True, "accumulate": 2},
    ),
    "scaling, accumulation, jit": (
        {"optimizer": lambda: scaling(gradient_accumulation_steps=2), "jit_compile": True},
        {"scaled": True, "accumulate": 2},
    ),
    "fixed scale": ({"optimizer": lambda: sgd(loss_scale_factor=64.0)}, {}),
}
CASES = [(mode, "global_norm") for mode in MODES if mode not in ("jit, steps", "scaling, accumulation, jit")]
CASES += [("plain", method) for method in METHODS if method != "global_norm"]
CASES += [("eager", "norm"), ("jit, steps", "average_norm"), ("scaling, accumulation, jit", "norm")]


@pytest.mark.parametrize(("mode", "method"), CASES)
def test_a_run_is_the_one_by_hand(mode, method):
    options, meaning = MODES[mode]
    x = X.copy()
    if "scaled" in meaning:
        x[70], x[150] = np.inf, np.nan  # two batches whose gradients are not finite
    model = by_hand.model(**{**options, "optimizer": options.get("optimizer", sgd)()})
    before = model.get_weights()
    history = fit(model, clipping(method), x=x, epochs=2)
    weights, logs, path = trained(before, x, Y, 2, clip=METHODS[method][1], **meaning)
    check(model, weights, history, logs)
    assert int(model.optimizer.iterations) == len(path)
    assert any(log["clipped_fraction"] > 0 for log in logs)


# What comes before and after.


@pytest.mark.parametrize(
    ("own", "then"),
    [
        ({"clipnorm": 0.1}, lambda a: by_hand.norm(a, 0.1)),
        ({"clipvalue": 0.01}, lambda a: by_hand.value(a, -0.01, 0.01)),
        ({"global_clipnorm": 0.3}, lambda a: by_hand.global_norm(a, 0.3)),
    ],
)
def test_the_optimizers_own_clipping_comes_after(own, then):
    model = by_hand.model(optimizer=sgd(**own))
    before = model.get_weights()
    history = fit(model, clipping("norm"))

    def both(arrays):
        clipped, engaged = by_hand.norm(arrays, 0.3)
        return then(clipped)[0], engaged

    weights, logs, _ = trained(before, X, Y, clip=both)
    check(model, weights, history, logs)


def test_an_optimizer_that_averages():
    model = by_hand.model(optimizer=sgd(use_ema=True, ema_momentum=0.8))
    before = model.get_weights()
    history = fit(model, clipping("global_norm"))
    _, logs, path = trained(before, X, Y, clip=METHODS["global_norm"][1])
    average = path[0]
    for step in path[1:]:
        average = [0.8 * a + 0.2 * w for a, w in zip(average, step, strict=True)]
    check(model, average, history, logs)


def test_a_model_trained_before_and_after():
    model = by_hand.model(optimizer=SGD(0.2))
    clip = METHODS["global_norm"][1]
    callback = clipping("global_norm")
    runs = [(None, []), (clip, [callback]), (None, []), (clip, [callback]), (clip, [clipping("global_norm")])]
    for kind, callbacks in runs:
        before = model.get_weights()
        history = fit(model, *callbacks)
        weights, logs, _ = by_hand.train(before, X, Y, clip=kind, rate=0.2)
        check(model, weights)
        assert ("gradient_norm" in history) is bool(callbacks)
        if callbacks:
            check(model, weights, history, logs)


class Stopping(keras.callbacks.Callback):
    """Raises after some batches."""

    def __init__(self, error, batches=3):
        super().__init__()
        self.error, self.batches = error, batches

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 == self.batches:
            raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt, ArithmeticError])
def test_nothing_is_left_of_a_fit_that_was_interrupted(error):
    model = by_hand.model(optimizer=SGD(0.2))
    before, callback = model.get_weights(), clipping("global_norm")
    with pytest.raises(error):
        fit(model, callback, Stopping(error))
    clip = METHODS["global_norm"][1]
    weights, _, _ = by_hand.train(before, X[:96], Y[:96], clip=clip, rate=0.2)
    check(model, weights)
    weights, _, _ = by_hand.train(weights, X, Y, rate=0.2)
    assert "gradient_norm" not in fit(model)
    check(model, weights)
    with pytest.raises(error):
        fit(model, callback, Stopping(error, 1))
    weights, _, _ = by_hand.train(weights, X[:32], Y[:32], clip=clip, rate=0.2)
    weights, logs, _ = by_hand.train(weights, X, Y, clip=clip, rate=0.2)
    check(model, weights, fit(model, callback), logs)
    assert not {"apply", "_clip_gradients"} & vars(model.optimizer).keys()


# What is logged.


def test_who_sees_the_figures(tmp_path, capsys, monkeypatch):
    shown = set()  # by TensorBoard, which need not be installed for its callback to write
    written = importlib.import_module("tensorflow.summary")
    monkeypatch.setattr(written, "scalar", lambda name, *args, **options: shown.add(name))
    model = by_hand.model(optimizer=sgd())
    later = keras.callbacks.CSVLogger(tmp_path / "log.csv"), keras.callbacks.TensorBoard(tmp_path, write_graph=False)
    history = fit(model, clipping("norm"), *later, epochs=2, verbose=2, validation_data=(X[:32], Y[:32]))
    assert all(len(history[name]) == 2 for name in FIGURES)
    assert set(FIGURES) < set((tmp_path / "log.csv").read_text().splitlines()[0].split(","))
    assert {f"epoch_{name}" for name in FIGURES} < shown
    printed = capsys.readouterr().out
    assert all(f"{name}: " in printed for name in FIGURES)
    assert model.evaluate(X, Y, verbose=0, return_dict=True).keys() == {"loss"}


def test_an_epoch_without_steps_has_no_figures():
    x = X[:128].copy()
    x[:64] = np.inf
    data = tf.data.Dataset.from_tensor_slices((x, Y[:128])).batch(32)
    model = by_hand.model(optimizer=scaling())
    before = model.get_weights()
    options = {"epochs": 2, "steps_per_epoch": 2, "shuffle": False, "verbose": 0}
    history = model.fit(data, callbacks=[clipping("norm")], **options).history
    assert [math.isnan(history[name][0]) for name in FIGURES] == [True] * 3
    weights, logs, _ = trained(before, x[64:], Y[64:128], clip=METHODS["norm"][1])
    check(model, weights, {name: history[name][1:] for name in FIGURES}, logs)


@pytest.mark.parametrize(("method", "jit"), [*((method, False) for method in METHODS), ("global_norm", True)])
def test_a_step_that_is_not_a_number_shows(method, jit):
    x = X[:64].copy()
    x[3] = np.inf
    model = by_hand.model(optimizer=sgd(), jit_compile=jit)
    history = fit(model, clipping(method), x=x, y=Y[:64])
    assert math.isnan(history["gradient_norm"][0]) and math.isnan(history["gradient_norm_max"][0])
    assert history["clipped_fraction"] == [1.0]


# Other gradients than dense float32 ones.

WORDS = np.array([[1, 2, 1], [1, 4, 7], [7, 7, 7], [0, 1, 2]])
SLOPES = np.random.default_rng(3).normal(0, 20, (4, 3, 5))


def embedding(dtype="float32", jit_compile=False):
    """A model whose loss is linear in its rows, of which batches have some several times."""
    inputs = keras.Input((3,), dtype="int32")
    model = keras.Model(inputs, keras.layers.Embedding(9, 5, dtype=dtype)(inputs))

    def loss(y, rows):
        return tf.reduce_sum(tf.cast(y, rows.dtype) * rows, axis=(1, 2))

    model.compile(SGD(0.5), loss=loss, jit_compile=jit_compile)
    return model


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_repeated_rows_are_added_up_first(method, jit):
    limits = {"value": (-2.0, 2.5), "norm": (3.0,), "average_norm": (0.3,), "global_norm": (3.0,)}[method]
    names = ["clip_value_min", "clip_value_max"] if method == "value" else ["clip_norm"]
    model = embedding(jit_compile=jit)
    (before,) = model.get_weights()
    callback = GradientClipping(method, **dict(zip(names, limits, strict=True)))
    history = fit(model, callback, x=WORDS, y=SLOPES, batch_size=4)
    gradient = np.zeros((9, 5))
    np.add.at(gradient, WORDS, SLOPES / 4)
    (clipped,), engaged = getattr(by_hand, method)([gradient], *limits)
    np.testing.assert_allclose(model.get_weights()[0], before - 0.5 * clipped, rtol=1e-5, atol=1e-6)
    assert history["gradient_norm"] == [pytest.approx(np.linalg.norm(gradient), rel=1e-6)]
    assert engaged and history["clipped_fraction"] == [1.0]


def test_narrow_gradients_are_clipped_in_float32():
    model = embedding(dtype="float16")
    (before,) = model.get_weights()
    history = fit(model, GradientClipping("global_norm", 2.0), x=WORDS, y=SLOPES * 20, batch_size=4)
    gradient = np.zeros((9, 5))
    np.add.at(gradient, WORDS, SLOPES * 5)
    norm = np.linalg.norm(gradient)
    assert norm > 256  # whose square is infinite in float16
    assert history["gradient_norm"] == [pytest.approx(norm, rel=1e-3)]
    np.testing.assert_allclose(model.get_weights()[0], before - gradient / norm, atol=1e-2)
    assert model.get_weights()[0].dtype == np.float16


def test_float64():
    model = embedding(dtype="float64")
    (before,) = model.get_weights()
    fit(model, GradientClipping("norm", 2.0), x=WORDS, y=SLOPES, batch_size=4)
    gradient = np.zeros((9, 5))
    np.add.at(gradient, WORDS, SLOPES / 4)
    np.testing.assert_allclose(model.get_weights()[0], before - gradient / np.linalg.norm(gradient), atol=1e-7)
    with pytest.raises(ValueError, match="float64"):
        fit(model, GradientClipping("average_norm", 2.0), x=WORDS, y=SLOPES)
    assert int(model.optimizer.iterations) == 1


# Which model, which optimizer.


class Rivals(keras.Model):
    """Two halves with an optimizer each, both trained in each step."""

    def __init__(self):
        super().__init__()
        self.left, self.right = (keras.layers.Dense(1, kernel_initializer="ones", use_bias=False) for _ in range(2))
        self.left_optimizer, self.right_optimizer = SGD(1.0), SGD(1.0)

    def call(self, x):
        return self.left(x) + self.right(x)

    def train_step(self, data):
        x, _ = data
        halves = (self.left, self.left_optimizer, 3.0), (self.right, self.right_optimizer, 5.0)
        for layer, optimizer, factor in halves:
            with tf.GradientTape() as tape:
                loss = factor * tf.reduce_mean(layer(x))
            optimizer.apply(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables)
        return {"loss": loss}


def test_one_of_two_optimizers():
    model, x = Rivals(), np.ones((4, 1), "float32")
    model.compile()
    left = GradientClipping("norm", 4.0, optimizer="left_optimizer")
    right = GradientClipping("norm", 2.0, optimizer="right_optimizer")
    with pytest.raises(ValueError, match="left_optimizer"):
        fit(model, GradientClipping("norm", 4.0), x=x, y=x)
    history = fit(model, left, right, x=x, y=x)
    assert history["gradient_norm_left_optimizer"] == [3.0] and history["gradient_norm_right_optimizer"] == [5.0]
    assert history["clipped_fraction_left_optimizer"] == [0.0] and history["clipped_fraction_right_optimizer"] == [1.0]
    assert [float(layer.kernel[0, 0]) for layer in (model.left, model.right)] == [-2.0, -1.0]


def test_twice():
    model, callback = by_hand.model(optimizer=SGD(0.2)), clipping("norm")
    before = model.get_weights()
    with pytest.raises(ValueError, match="two callbacks GradientClipping"):
        fit(model, callback, clipping("value"))
    assert int(model.optimizer.iterations) == 0
    history = fit(model, callback, callback)  # the same one twice is there once
    weights, logs, _ = by_hand.train(before, X, Y, clip=METHODS["norm"][1], rate=0.2)
    check(model, weights, history, logs)


@pytest.mark.skipif(not hasattr(keras.optimizers, "MultiOptimizer"), reason="This Keras has no MultiOptimizer.")
def test_several_optimizers_in_one_have_no_norm_of_all():
    one = SGD(0.1)
    model = by_hand.model(optimizer=keras.optimizers.MultiOptimizer(lambda variable: one))
    with pytest.raises(NotImplementedError, match="MultiOptimizer.*clipnorm"):
        fit(model, clipping("norm"))


def test_layers_frozen_between_fits():
    model = by_hand.model(optimizer=SGD(0.2))
    fit(model, clipping("global_norm"))
    before = model.get_weights()
    model.layers[1].trainable = False
    model.compile(SGD(0.2), loss=model.loss, jit_compile=False)
    history = fit(model, clipping("global_norm"), x=X[:32], y=Y[:32])
    gradients = by_hand.gradients(before, X[:32], Y[:32])
    clipped, _ = by_hand.global_norm(gradients[2:], 0.5)
    for mine, old, step in zip(model.get_weights(), before, [0.0, 0.0, *clipped], strict=True):
        np.testing.assert_allclose(mine, old - 0.2 * step, rtol=1e-5, atol=2e-6)
    assert history["gradient_norm"] == [pytest.approx(by_hand.norm_of(gradients[2:]), rel=1e-6)]


def test_uncompiled_and_unbuilt():
    model = keras.Sequential([keras.layers.Dense(10)])
    with pytest.raises(ValueError, match="compile"):
        fit(model, clipping("norm"))
    model.compile(SGD(0.1), loss="mse")
    history = fit(model, clipping("norm"), y=np.eye(10)[Y])
    assert len(history["gradient_norm"]) == 1


# Arguments.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gradient", 1.0), "method should be one of 'average_norm', 'global_norm', 'norm', 'value'; it is 'gradient'"),
        (("norm",), "needs clip_norm"),
        (("value", 1.0), "takes no clip_norm"),
        (("value", None, -1.0), "needs clip_value_max"),
        (("norm", 1.0, None, 1.0), "takes no clip_value_max"),
        (("norm", 0.0), "clip_norm should be a finite number, positive; it is 0.0"),
        (("norm", -1.0), "positive"),
        (("norm", math.inf), "finite"),
        (("norm", math.nan), "finite"),
        (("norm", "1"), "it is '1'"),
        (("norm", True), "it is True"),
        (("value", None, 0.5, 1.0), "clip_value_min should be a finite number, 0 or less; it is 0.5"),
        (("value", None, -0.5, -0.1), "clip_value_max should be a finite number, 0 or more; it is -0.1"),
    ],
)
def test_arguments_that_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        GradientClipping(*arguments)


@pytest.mark.parametrize("method", METHODS)
def test_config(method):
    callback = GradientClipping(method, **METHODS[method][0], optimizer="left_optimizer")
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(callback)))
    for again in (GradientClipping.from_config(callback.get_config()), keras.saving.deserialize_keras_object(saved)):
        assert type(again) is GradientClipping and again.get_config() == callback.get_config()
