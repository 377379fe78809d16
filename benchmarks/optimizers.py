"""A training step of each optimizer against Keras 3's of that name, and of the moving average's cost.

A net of a million parameters inside `tf.function`; the two sides take turns in one process.

    python benchmarks/optimizers.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from measure import interleaved, report

from tf1compat import train

#: Name -> (ours, Keras's) with the same hyperparameters.
PAIRS = {
    "GradientDescent": (lambda: train.GradientDescentOptimizer(0.01), lambda: keras.optimizers.SGD(0.01)),
    "Momentum": (lambda: train.MomentumOptimizer(0.01, 0.9), lambda: keras.optimizers.SGD(0.01, momentum=0.9)),
    "Nesterov": (
        lambda: train.MomentumOptimizer(0.01, 0.9, use_nesterov=True),
        lambda: keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True),
    ),
    "Adam": (lambda: train.AdamOptimizer(0.001), lambda: keras.optimizers.Adam(0.001)),
    "RMSProp": (lambda: train.RMSPropOptimizer(0.001), lambda: keras.optimizers.RMSprop(0.001)),
    "Adagrad": (lambda: train.AdagradOptimizer(0.01), lambda: keras.optimizers.Adagrad(0.01)),
    "Adadelta": (lambda: train.AdadeltaOptimizer(0.01), lambda: keras.optimizers.Adadelta(0.01)),
    "Ftrl": (lambda: train.FtrlOptimizer(0.01), lambda: keras.optimizers.Ftrl(0.01)),
}
SIZES = [(784, 900), (900, 300), (300, 100), (100, 10)]  # 1.0 million weights


def weights() -> list[tf.Variable]:
    rng = np.random.default_rng(0)
    return [tf.Variable(rng.normal(0, 0.05, size).astype(np.float32)) for size in SIZES] + [
        tf.Variable(np.zeros(size[1], np.float32)) for size in SIZES
    ]


def loss_of(variables: list[tf.Variable], x: tf.Tensor) -> tf.Tensor:
    hidden = x
    for kernel, bias in zip(variables[:4], variables[4:], strict=True):
        hidden = tf.nn.tanh(tf.matmul(hidden, kernel) + bias)
    return tf.reduce_mean(tf.square(hidden - 0.5))


def step_of(apply, variables: list[tf.Variable]):
    @tf.function
    def step(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = loss_of(variables, x)
        apply(list(zip(tape.gradient(loss, variables), variables, strict=True)))
        return loss

    return step


def ours(optimizer, average: float | None = None):
    variables = weights()
    ema = None if average is None else train.ExponentialMovingAverage(average)
    if ema is not None:
        ema.build(variables)

    def apply(pairs) -> None:
        optimizer.apply_gradients(pairs)
        if ema is not None:
            ema.apply(variables)

    return step_of(apply, variables)


def theirs(optimizer):
    variables = weights()
    optimizer.build(variables)
    return step_of(optimizer.apply_gradients, variables)


def main() -> None:
    x = tf.constant(np.random.default_rng(1).random((32, 784), np.float32))
    for name, (make_ours, make_theirs) in PAIRS.items():
        sides = {"ours": ours(make_ours()), "theirs": theirs(make_theirs())}
        median = interleaved({side: lambda step=step: step(x) for side, step in sides.items()}, rounds=15, calls=40)
        report(f"{name}, a step", median["ours"] * 1e3, median["theirs"] * 1e3, "ms", 1.0, 1.1, "Keras")
    sides = {
        "plain ours": ours(train.GradientDescentOptimizer(0.01)),
        "ours": ours(train.GradientDescentOptimizer(0.01), average=0.99),
        "plain theirs": theirs(keras.optimizers.SGD(0.01)),
        "theirs": theirs(keras.optimizers.SGD(0.01, use_ema=True, ema_momentum=0.99)),
    }
    median = interleaved({side: lambda step=step: step(x) for side, step in sides.items()}, rounds=25, calls=40)
    added = [(median[side] - median[f"plain {side}"]) * 1e3 for side in ("ours", "theirs")]
    report("average: added to a step", added[0], added[1], "ms", 1.0, 1.0, "Keras")


if __name__ == "__main__":
    main()
