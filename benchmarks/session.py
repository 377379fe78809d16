"""`Session.run` here against `tf.compat.v1.Session.run`, in one process, taking turns.

    python benchmarks/session.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from measure import interleaved, report

import tf1compat

v1 = tf.compat.v1


def scalar(graph: tf.Graph) -> dict:
    with graph.as_default():
        counter = v1.get_variable("counter", [], initializer=v1.zeros_initializer(), use_resource=True)
        return {"init": v1.global_variables_initializer(), "fetch": v1.assign_add(counter, 1.0).op, "feed": {}}


def softmax(graph: tf.Graph) -> dict:
    rng = np.random.default_rng(0)
    with graph.as_default():
        x = v1.placeholder(tf.float32, [None, 784])
        y = v1.placeholder(tf.float32, [None, 10])
        w = v1.get_variable("w", [784, 10], initializer=v1.zeros_initializer(), use_resource=True)
        b = v1.get_variable("b", [10], initializer=v1.zeros_initializer(), use_resource=True)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(x, w) + b))
        step = v1.train.GradientDescentOptimizer(0.5).minimize(loss)
        feed = {x: rng.random((100, 784), np.float32), y: np.eye(10, dtype=np.float32)[rng.integers(0, 10, 100)]}
        return {"init": v1.global_variables_initializer(), "fetch": [step, loss], "feed": feed}


def main() -> None:
    for name, build, calls, goal, accept in (
        ("one scalar update", scalar, 2000, 0.25, 0.40),
        ("MNIST softmax, batch 100", softmax, 500, 0.70, 0.95),
    ):
        sides = {}
        for side, graph, session in (
            ("ours", tf1compat.Graph(), tf1compat.Session),
            ("theirs", tf.Graph(), v1.Session),
        ):
            made = build(graph)
            sess = session(graph=graph)
            sess.run(made["init"])
            sides[side] = lambda sess=sess, made=made: sess.run(made["fetch"], made["feed"])
        median = interleaved(sides, rounds=15, calls=calls)
        report(name, median["ours"] * 1e6, median["theirs"] * 1e6, "us", goal, accept)


if __name__ == "__main__":
    main()
