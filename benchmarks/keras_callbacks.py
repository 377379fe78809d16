"""Epochs with the Keras callbacks, each against what Keras itself has: averages, and clipping by the global norm.

A net of a million parameters and a small convolutional one. The sides take turns in one process, some epochs
at a time; the first of these, in which the step is traced, is left out.

    python benchmarks/keras_callbacks.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import statistics
import time
from collections.abc import Callable

import keras
import numpy as np
from measure import report

from tf1compat.keras import ExponentialMovingAverage, GradientClipping

ROUNDS, EPOCHS = 7, 4
BATCH, STEPS = 32, 60

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


def fit_of(make: Callable[[], keras.Model], callbacks: list, validate: bool, **options) -> Callable[[], list[float]]:
    """A function that trains some epochs more and returns the seconds of each but the first."""
    keras.utils.set_random_seed(0)
    generator = np.random.default_rng(0)
    x = generator.random((BATCH * STEPS, 784), np.float32)
    y = generator.integers(0, 10, BATCH * STEPS)
    model = make()
    model.compile(
        keras.optimizers.SGD(0.01, **options), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    validation = {"validation_data": (x[: BATCH * 5], y[: BATCH * 5])} if validate else {}

    class Clock(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.seconds = []

        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            self.seconds.append(time.perf_counter() - self.start)

    clock = Clock()

    def fit() -> list[float]:
        model.fit(x, y, BATCH, EPOCHS, 0, [*callbacks, clock], shuffle=False, **validation)
        return clock.seconds[1:]

    return fit


def compare(what: str, ours: Callable[[], list[float]], theirs: Callable[[], list[float]]) -> None:
    sides = {"ours": ours, "theirs": theirs}
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side, fit in sides.items():
            seconds[side] += fit()
    medians = {side: statistics.median(taken) * 1e3 / STEPS for side, taken in seconds.items()}
    report(what, medians["ours"], medians["theirs"], "ms", 1.0, 1.05, "Keras")


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
