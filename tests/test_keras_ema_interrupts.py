"""Ctrl-C in the middle of a fit with ExponentialMovingAverage: the model has its own weights, the next fit is right."""

import _thread
import random
import sys
import threading
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from keras_averages import Record, X, Y, assert_close, assert_same, averages, recurrence, values

import tf1compat.keras
from tf1compat.keras import ExponentialMovingAverage

pytestmark = pytest.mark.usefixtures("eager")

ROWS, BATCH, EPOCHS = 48, 16, 2
#: Where interrupts are put: what attaches, evaluates and saves, Keras's loop around it, and its saving of weights.
PLACES = (
    str(Path(tf1compat.keras.__file__).parent),
    sys.modules[keras.Model.fit.__module__].__file__,
    sys.modules["keras.src.saving.saving_lib"].__file__,
)


class Interrupts:
    """Raises KeyboardInterrupt at one of the moments at which Python would: where a call begins or has ended.

    With `at` None it counts the moments.
    """

    def __init__(self, at=None):
        self.at = at
        self.count = 0

    def __enter__(self):
        sys.setprofile(self.profile)
        return self

    def __exit__(self, kind, *_):
        sys.setprofile(None)
        return kind is KeyboardInterrupt

    def profile(self, frame, event, argument):
        if frame.f_code.co_filename.startswith(PLACES):
            self.count += 1
            if self.count == self.at:
                sys.setprofile(None)
                raise KeyboardInterrupt


class Runs:
    """Fits of one model, each from the same weights, and what must be true after each, interrupted or not."""

    def __init__(self, folder):
        keras.utils.set_random_seed(3)
        self.model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile(keras.optimizers.SGD(0.3), loss, jit_compile=False)
        self.folder = folder
        self.start = values(self.model.weights)
        self.average = ExponentialMovingAverage(0.9, num_updates=True)
        record = Record()
        self.fit(record)
        self.trajectory = record.trajectory
        self.losses = []
        for weights in self.trajectory:
            self.model.set_weights(weights)
            self.losses.append(self.loss())

    def begin(self):
        self.model.set_weights(self.start)
        self.model.optimizer.iterations.assign(0)

    def fit(self, *callbacks, **options):
        self.model.fit(X[:ROWS], Y[:ROWS], BATCH, EPOCHS, 0, list(callbacks), shuffle=False, **options)

    def fit_with_everything(self, number):
        checkpoint = keras.callbacks.ModelCheckpoint(
            self.folder / f"{number}-{{epoch}}.weights.h5", save_weights_only=True
        )
        validation = {"validation_data": (X[ROWS:], Y[ROWS:]), "validation_batch_size": 48}
        self.fit(self.average, self.average.saving(checkpoint), **validation)

    def loss(self):
        return self.model.evaluate(X, Y, 96, verbose=0)

    def has_average(self):
        return self.average.model is not None and self.average.average(self.model.weights[0]) is not None

    def check(self):
        steps = int(self.model.optimizer.iterations)
        assert_same(values(self.model.weights), self.trajectory[steps])
        assert self.loss() == self.losses[steps]
        before = averages(self.average, self.model.weights) if self.has_average() else None
        self.begin()
        self.fit()
        assert_same(values(self.model.weights), self.trajectory[-1])
        assert self.loss() == self.losses[-1]
        if before is not None:
            assert_same(averages(self.average, self.model.weights), before)
        assert not {"train_step", "make_train_function", "test_step", "make_test_function"} & set(vars(self.model))
        assert not {"apply", "_clip_gradients"} & set(vars(self.model.optimizer))
        return steps

    def check_the_average(self):
        self.begin()
        self.average.set_model(self.model)
        self.average.reset()
        self.fit_with_everything("whole")
        assert_same(values(self.model.weights), self.trajectory[-1])
        assert_close(averages(self.average, self.model.weights), recurrence(self.trajectory, 0.9, lambda n: n))


@pytest.mark.parametrize("moments", [16, pytest.param(300, marks=pytest.mark.soak)])
def test_interrupted_at_random_moments(tmp_path, moments):
    runs = Runs(tmp_path)
    runs.begin()
    with Interrupts() as counting:
        runs.fit_with_everything("counting")
    runs.check()
    choose = random.Random(moments)
    reached = set()
    # The first and last moments are when things are attached and detached. The others are spread over the run, one
    # at random in each part of it.
    edge = max(3, moments // 10)
    ends = [*range(1, edge), *range(counting.count - edge, counting.count)]
    rest = moments - len(ends)
    spread = [1 + int((part + choose.random()) * counting.count / rest) for part in range(rest)]
    for number, at in enumerate(ends + spread):
        runs.begin()
        with Interrupts(at):
            runs.fit_with_everything(number)
        reached.add(runs.check())
        if number % 10 == 0:
            runs.check_the_average()
    assert {0, 3, 6} <= reached, "moments before the first step, after the first epoch, and after the last step"


@pytest.mark.soak
def test_interrupted_by_a_clock(tmp_path):
    runs = Runs(tmp_path)
    start = time.perf_counter()
    runs.check_the_average()
    long = time.perf_counter() - start
    choose = random.Random(5)
    interrupted = 0
    for number in range(300):
        runs.begin()
        done = threading.Event()
        clock = threading.Timer(choose.uniform(0, long), lambda done=done: done.is_set() or _thread.interrupt_main())
        clock.start()
        try:
            runs.fit_with_everything(number)
            done.set()
            clock.join()
            time.sleep(0)
        except (KeyboardInterrupt, SystemError):  # TensorFlow's C++ makes the second of the first at times
            interrupted += 1
        runs.check()
        if number % 20 == 0:
            runs.check_the_average()
    assert interrupted > 100


def test_a_fit_that_fails(tmp_path):
    class Fails(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                raise np.linalg.LinAlgError

        def on_test_batch_end(self, batch, logs=None):
            raise ArithmeticError

    runs = Runs(tmp_path)
    runs.begin()
    with pytest.raises(np.linalg.LinAlgError):
        runs.fit(runs.average, Fails())
    assert runs.check() == 2
    fails = Fails()
    fails.on_train_batch_end = lambda batch, logs=None: None
    runs.begin()
    with pytest.raises(ArithmeticError):
        runs.fit(runs.average, fails, validation_data=(X, Y))
    assert runs.check() == 3
    runs.check_the_average()
