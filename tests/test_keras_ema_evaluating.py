"""Evaluating, predicting and saving with the averages of ExponentialMovingAverage, and going on from a file."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras_averages import (
    BATCH,
    L,
    Record,
    X,
    Y,
    assert_close,
    assert_same,
    averages,
    compiled,
    convolutional,
    fit,
    recurrence,
    values,
)

from tf1compat.keras import ExponentialMovingAverage

pytestmark = pytest.mark.usefixtures("eager")


class Noisy(L.Layer):
    """State that evaluation changes: a generator of random numbers, and a count of its calls."""

    def build(self, shape):
        self.generator = keras.random.SeedGenerator(5)
        self.calls = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False)

    def call(self, x):
        self.calls.assign_add(1)
        self.add_loss(0.01 * keras.ops.mean(keras.ops.abs(x)))
        return x + 0.01 * keras.random.normal(keras.ops.shape(x), seed=self.generator)


def noisy():
    return keras.Sequential([keras.Input((64,)), L.Dense(12), Noisy(), L.BatchNormalization(), L.Dense(10)])


@pytest.mark.parametrize(
    "make, options",
    [
        (convolutional, {"jit_compile": False}),
        (convolutional, {"jit_compile": True, "steps_per_execution": 4}),
        (noisy, {"jit_compile": False, "steps_per_execution": 4}),
        (noisy, {"run_eagerly": True}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_evaluating_with_averages_gives_what_swapping_gives_and_touches_nothing(make, options):
    model = compiled(make, **options)
    average = ExponentialMovingAverage(0.8, variables="all")
    fit(model, average, validation_data=(X, Y), validation_batch_size=BATCH)
    state = model.variables

    def repeatable(call):
        before = values(state)
        result = call()
        after = values(state)
        for variable, value in zip(state, before, strict=True):
            variable.assign(value)
        return result, after

    own = values(model.weights)
    with_average, state_after = repeatable(lambda: model.evaluate(X, Y, BATCH, verbose=0, callbacks=[average]))
    predicted, _ = repeatable(lambda: model.predict(X, BATCH, verbose=0, callbacks=[average]))
    plain, _ = repeatable(lambda: model.evaluate(X, Y, BATCH, verbose=0))
    assert_same(values(model.weights), own)
    with average.swapped():
        assert model.evaluate(X, Y, BATCH, verbose=0) == with_average
        for variable, value in zip(state, state_after, strict=True):
            if not tf.as_dtype(variable.dtype).is_floating:  # seeds and counts went on all the same
                np.testing.assert_array_equal(variable, value)
    assert with_average != plain
    with average.swapped():
        swapped, _ = repeatable(lambda: model.predict(X, BATCH, verbose=0))
    if make is convolutional:
        assert_same(swapped, predicted)
    assert model.predict(X, BATCH, verbose=0).shape == predicted.shape


def test_validation_uses_the_averages_and_evaluate_only_when_told():
    model, average = compiled(metrics=[]), ExponentialMovingAverage(0.9)
    history = fit(model, average, validation_data=(X, Y))
    own = model.evaluate(X, Y, BATCH, verbose=0)
    assert history.history["val_loss"][-1] == model.evaluate(X, Y, BATCH, verbose=0, callbacks=[average]) != own
    assert model.evaluate(X, Y, BATCH, verbose=0) == own
    raw = ExponentialMovingAverage(0.9, evaluate_with_average=False, name="raw")
    assert fit(model, raw, validation_data=(X, Y)).history["val_loss"][-1] == model.evaluate(X, Y, BATCH, verbose=0)
    # Compiled again, what was compiled for the averages is not used any more.
    model.compile(model.optimizer, model.loss, metrics=["accuracy"])
    assert len(model.evaluate(X, Y, BATCH, verbose=0, callbacks=[average])) == 2


def test_evaluating_before_there_are_averages_is_an_error():
    with pytest.raises(RuntimeError, match="has no averages named 'ExponentialMovingAverage' yet"):
        compiled().evaluate(X, Y, verbose=0, callbacks=[ExponentialMovingAverage(0.9)])
    with pytest.raises(RuntimeError, match="has no model yet"):
        ExponentialMovingAverage(0.9).swapped()


def test_swapped_blocks():
    model, average = compiled(), ExponentialMovingAverage(0.9)
    fit(model, average)
    model.layers[0].bias.assign(np.full(12, np.nan))  # what adding and subtracting would spread
    own, averaged = values(model.weights), averages(average, model.weights)
    with pytest.raises(KeyboardInterrupt):
        with average.swapped():
            assert_same(values(model.weights), averaged)
            with average.swapped():
                assert_same(values(model.weights), averaged)
            assert_same(values(model.weights), averaged)
            raise KeyboardInterrupt
    assert_same(values(model.weights), own)
    assert_same(averages(average, model.weights), averaged)


def test_keep_average():
    plain, model = compiled(), compiled()
    fit(plain)
    average = ExponentialMovingAverage(0.9, keep_average=True)
    record = Record()
    fit(model, average, record)
    assert_same(values(model.weights), averages(average, model.weights))
    assert_same(record.trajectory[-1], values(plain.weights))


def test_model_checkpoint_saves_averages(tmp_path):
    model, average, record = compiled(), ExponentialMovingAverage(0.9), Record()
    path = tmp_path / "averaged-{epoch}.weights.h5"
    every = keras.callbacks.ModelCheckpoint(tmp_path / "{batch}.weights.h5", save_weights_only=True, save_freq=5)
    fit(
        model,
        average,
        average.saving(keras.callbacks.ModelCheckpoint(path, save_weights_only=True)),
        average.saving(every),
        record,
    )
    plain = compiled()
    fit(plain)
    assert_same(values(model.weights), values(plain.weights))
    for file, steps in [("averaged-1", 6), ("averaged-2", 12), ("5", 5)]:
        saved = compiled()
        saved.load_weights(tmp_path / f"{file}.weights.h5")  # a model without averages takes it as it is
        assert_close(values(saved.weights), recurrence(record.trajectory[: steps + 1], 0.9))
    best = keras.callbacks.ModelCheckpoint(tmp_path / "best.keras", monitor="val_loss", save_best_only=True)
    fit(model, average, average.saving(best), epochs=1, validation_data=(X, Y), validation_batch_size=BATCH)
    loaded = keras.saving.load_model(tmp_path / "best.keras")
    assert loaded.evaluate(X, Y, BATCH, verbose=0)[0] == pytest.approx(best.best, rel=1e-6)
    with pytest.raises(ValueError, match="BackupAndRestore"):
        average.saving(keras.callbacks.BackupAndRestore(tmp_path))


class Stops(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            raise KeyboardInterrupt


@pytest.mark.parametrize(("average_first", "zero_debias"), [(False, True), (True, False)])
def test_backup_and_restore_resumes_exactly(tmp_path, average_first, zero_debias):
    def callbacks(*more):
        average = ExponentialMovingAverage(0.9, num_updates=True, zero_debias=zero_debias)
        pair = [average, keras.callbacks.BackupAndRestore(tmp_path / "backup")]
        return average, [*(pair if average_first else pair[::-1]), *more]

    whole, average = compiled(), ExponentialMovingAverage(0.9, num_updates=True, zero_debias=zero_debias)
    fit(whole, average)
    _, first = callbacks(Stops())
    with pytest.raises(KeyboardInterrupt):
        fit(compiled(), *first)
    resumed, second = callbacks()
    model = compiled()
    history = fit(model, *second)
    assert len(history.epoch) == 1
    assert_same(values(model.weights), values(whole.weights))
    assert_same(averages(resumed, model.weights), averages(average, whole.weights))


def test_save_and_load_model(tmp_path):
    model, average = compiled(), ExponentialMovingAverage(0.9, num_updates=True, zero_debias=True)
    fit(model, average)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    again = ExponentialMovingAverage(0.9, num_updates=True, zero_debias=True)
    again.load(loaded, tmp_path / "model.keras")
    assert_same(averages(again, loaded.weights), averages(average, model.weights))
    for one, callback in ((model, average), (loaded, again)):
        fit(one, callback, epochs=1)
    assert_same(averages(again, loaded.weights), averages(average, model.weights))
    assert_same(values(loaded.optimizer.variables), values(model.optimizer.variables))


def test_plain_and_averaged_files_interchange(tmp_path):
    model, average = compiled(), ExponentialMovingAverage(0.9)
    fit(model, average)
    model.save_weights(tmp_path / "averaged.weights.h5")
    plain = compiled()
    plain.load_weights(tmp_path / "averaged.weights.h5")
    assert_same(values(plain.weights), values(model.weights))
    fit(plain, epochs=1)
    plain.save_weights(tmp_path / "plain.weights.h5")
    with pytest.raises(ValueError, match="plain.weights.h5' holds no averages named 'ExponentialMovingAverage'"):
        average.load(model, tmp_path / "plain.weights.h5")
    record = Record()
    fit(model, average, record, epochs=1)  # begins anew, at the weights of the file
    assert_same(record.trajectory[0], values(plain.weights))
    assert_close(averages(average, model.weights), recurrence(record.trajectory, 0.9))
    other = ExponentialMovingAverage(0.9, variables=lambda model: model.layers[-1].weights)
    with pytest.raises(ValueError, match="averages 'ExponentialMovingAverage' of other variables"):
        other.load(compiled(), tmp_path / "averaged.weights.h5")
    debiased = ExponentialMovingAverage(0.9, zero_debias=True)
    with pytest.raises(ValueError, match="another zero_debias"):
        debiased.load(compiled(), tmp_path / "averaged.weights.h5")


def test_plain_weights_loaded_in_the_middle_of_training(tmp_path):
    compiled().save_weights(tmp_path / "start.weights.h5")

    class Reloads(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 0:
                self.model.load_weights(tmp_path / "start.weights.h5")

    model, average, record = compiled(), ExponentialMovingAverage(0.9), Record()
    fit(model, average, Reloads(), record, epochs=2)
    start = values(compiled().weights)
    assert_close(averages(average, model.weights), recurrence([start, *record.trajectory[7:]], 0.9))
