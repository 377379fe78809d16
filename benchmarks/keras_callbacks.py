"""Epochs with the Keras callbacks, each against what Keras itself has: averages, and clipping by the global norm.

A net of a million parameters and a small convolutional one. The sides take turns in one process, epoch by
epoch; the first ones, in which the step is traced, are left out.

    python benchmarks/keras_callbacks.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import statistics
import threading
import time
from collections.abc import Callable

import keras
import numpy as np
from measure import report

from tf1compat.keras import ExponentialMovingAverage, GradientClipping

EPOCHS, WARM_UP = 22, 2
BATCH, STEPS = 32, 40

layers = keras.layers


def dense() -> keras.Model:
    return keras.Sequential(
        [keras.Input((784,)), *(layers.Dense(units, activation="tanh") for units in (900, 300, 100)), layers.Dense(10)]
    )


def convolutional() -> keras.Model:
    blocks = [
        layer
        for filters in (8, 16, 32)
        for layer in (layers.Conv2D(filters, 3, padding="same"), layers.BatchNormalization(), layers.ReLU())
    ]
    return keras.Sequential(
        [keras.Input((784,)), layers.Reshape((28, 28, 1)), *blocks, layers.GlobalAveragePooling2D(), layers.Dense(10)]
    )


class Turns(keras.callbacks.Callback):
    """Lets the fits of several threads take turns, epoch by epoch, and notes the seconds of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.mine = threading.Semaphore(0)
        self.next: threading.Semaphore = self.mine
        self.seconds: list[float] = []

    def on_epoch_begin(self, epoch, logs=None):
        self.mine.acquire()
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)
        self.next.release()


def fit_of(make: Callable[[], keras.Model], callbacks: list, validate: bool, **options) -> Callable[[Turns], None]:
    keras.utils.set_random_seed(0)
    generator = np.random.default_rng(0)
    x = generator.random((BATCH * STEPS, 784), np.float32)
    y = generator.integers(0, 10, BATCH * STEPS)
    model = make()
    model.compile(
        keras.optimizers.SGD(0.01, **options), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    validation = {"validation_data": (x[: BATCH * 5], y[: BATCH * 5])} if validate else {}
    return lambda turns: model.fit(x, y, BATCH, EPOCHS, 0, [*callbacks, turns], shuffle=False, **validation)


def compare(what: str, ours: Callable[[Turns], None], theirs: Callable[[Turns], None]) -> None:
    first, second = Turns(), Turns()
    first.next, second.next = second.mine, first.mine
    threads = [threading.Thread(target=ours, args=[first]), threading.Thread(target=theirs, args=[second])]
    for thread in threads:
        thread.start()
    first.mine.release()
    for thread in threads:
        thread.join()
    medians = [statistics.median(turns.seconds[WARM_UP:]) * 1e3 / STEPS for turns in (first, second)]
    report(what, *medians, "ms", 1.0, 1.05, "Keras")


def main() -> None:
    for make in (dense, convolutional):
        for validate in (False, True):
            compare(
                f"average, {make.__name__}{', validated' * validate}",
                fit_of(make, [ExponentialMovingAverage(0.99)], validate),
                fit_of(make, [keras.callbacks.SwapEMAWeights()], validate, use_ema=True, ema_momentum=0.99),
            )
        compare(
            f"clipping, {make.__name__}",
            fit_of(make, [GradientClipping("global_norm", 1.0)], False),
            fit_of(make, [], False, global_clipnorm=1.0),
        )


if __name__ == "__main__":
    main()
