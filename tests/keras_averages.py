"""What the tests of the Keras callback ExponentialMovingAverage train, and its recurrence in float64."""

import keras
import numpy as np
from sklearn.datasets import load_digits

DIGITS = load_digits()
X = (DIGITS.data[:96] / 16).astype(np.float32)
Y = DIGITS.target[:96]
BATCH, STEPS = 16, 6  # batches, and how many there are in an epoch

L = keras.layers


def dense(**options):
    return keras.Sequential([keras.Input((64,)), L.Dense(12, activation="relu", **options), L.Dense(10)])


def unbuilt():
    return keras.Sequential([L.Dense(12, activation="relu"), L.Dense(10)])


def convolutional():
    return keras.Sequential(
        [
            keras.Input((64,)),
            L.Reshape((8, 8, 1)),
            L.Conv2D(3, 3, strides=2),
            L.BatchNormalization(momentum=0.7),
            L.ReLU(),
            L.Flatten(),
            L.Dense(10, activity_regularizer=keras.regularizers.L2(1e-3)),
        ]
    )


def compiled(make=dense, optimizer=None, **options):
    """A model with weights that are the same each time."""
    keras.utils.set_random_seed(3)
    model = make()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    metrics = options.pop("metrics", ["accuracy"])
    model.compile(optimizer or keras.optimizers.SGD(0.3, momentum=0.5), loss, metrics=metrics, **options)
    return model


def fit(model, *callbacks, epochs=2, **options):
    return model.fit(
        X, Y, batch_size=BATCH, epochs=epochs, shuffle=False, verbose=0, callbacks=list(callbacks), **options
    )


def values(variables):
    return [variable.numpy() for variable in variables]


class Record(keras.callbacks.Callback):
    """The model's weights before training and after each batch, and the optimizer's count of steps then."""

    def __init__(self, key="weights"):
        super().__init__()
        self.key = key
        self.trajectory, self.iterations = [], []

    def note(self):
        self.trajectory.append(values(getattr(self.model, self.key)))
        self.iterations.append(int(np.asarray(self.model.optimizer.iterations)))

    def on_train_begin(self, logs=None):
        if self.model.built and not self.trajectory:
            self.note()

    def on_train_batch_end(self, batch, logs=None):
        self.note()

    def steps(self):
        """The weights at the start and after each step that the optimizer made."""
        made = [0, *(n for n in range(1, len(self.iterations)) if self.iterations[n] != self.iterations[n - 1])]
        return [self.trajectory[n] for n in made]


def recurrence(trajectory, decay, num_updates=None, zero_debias=False):
    """The averages after the last of the weights `trajectory[1:]`, in float64 but for the decay.

    `num_updates` is a function of the number of the step, from 1.
    """
    average = [np.float64(value) for value in trajectory[0]]
    biased = [np.zeros_like(value) for value in average]
    for step, weights in enumerate(trajectory[1:], 1):
        rate = 1 - np.float32(decay)
        if num_updates is not None:
            n = np.float32(num_updates(step))
            rate = 1 - min(np.float32(decay), (1 + n) / (10 + n))
        rate = np.float64(rate)
        if zero_debias:
            biased = [b - (b - value) * rate for b, value in zip(biased, weights, strict=True)]
            average = [b / (1 - (1 - rate) ** step) for b in biased]
        else:
            average = [a - (a - value) * rate for a, value in zip(average, weights, strict=True)]
    return average


def assert_close(ours, wanted, tolerance=3e-7):
    for mine, theirs in zip(ours, wanted, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=tolerance)


def assert_same(ours, wanted):
    for mine, theirs in zip(ours, wanted, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def averages(callback, variables):
    return values(callback.average(variable) for variable in variables)
