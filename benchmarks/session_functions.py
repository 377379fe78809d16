"""`sess.run(step, x, y)` against `sess.run(fetches, {x_: x, y_: y})` of the same operations, taking turns.

    python benchmarks/session_functions.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Callable
from typing import Any

import numpy as np
from measure import interleaved, report

import tf1compat.v1 as tf


def scalar(x: Any) -> Any:
    with tf.variable_scope("scalar", reuse=tf.AUTO_REUSE):
        total = tf.get_variable("total", [], initializer=tf.zeros_initializer())
    return tf.assign_add(total, x)


def softmax(x: Any, y: Any) -> Any:
    with tf.variable_scope("softmax", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [784, 10], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=tf.matmul(x, w) + b))
    return tf.train.GradientDescentOptimizer(0.5).minimize(loss), loss


def compare(name: str, step: Callable[..., Any], arguments: list[np.ndarray], calls: int) -> None:
    with tf.Graph().as_default(), tf.Session() as sess:
        inputs = [tf.placeholder(a.dtype, [None, *a.shape[1:]] if a.ndim else []) for a in arguments]
        fetches = step(*inputs)
        sess.run(tf.global_variables_initializer())
        named = sess.function(
            lambda *values: step(*values),
            name="named",
            input_signature=[tf.TensorSpec(p.shape.as_list(), p.dtype) for p in inputs],
        )
        sides = {
            "fed": lambda: sess.run(fetches, dict(zip(inputs, arguments, strict=True))),
            "step": lambda: sess.run(step, *arguments),
            "named": lambda: named(*arguments),
        }
        median = interleaved(sides, rounds=15, calls=calls)
        for side, what in (("step", name), ("named", f"{name}, with a signature")):
            report(what, median[side] * 1e6, median["fed"] * 1e6, "us", 1.0, 1.1, them="fed")


def main() -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.random((100, 784), np.float32), np.eye(10, dtype=np.float32)[rng.integers(0, 10, 100)]
    compare("step: scalar update", scalar, [np.float32(1.0)], 2000)
    compare("step: MNIST softmax", softmax, [images, labels], 500)


if __name__ == "__main__":
    main()
