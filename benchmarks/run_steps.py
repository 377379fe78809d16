"""`Session.run_steps` against a loop of `tf.compat.v1.Session.run`, and against a loop written as a `tf.function`.

    python benchmarks/run_steps.py
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from measure import interleaved
from session import scalar

import tf1compat

v1 = tf.compat.v1
BATCHES, BATCH, PASSES = 550, 100, 5  # as many as MNIST has
ROUNDS = 15


def softmax(graph: tf.Graph) -> dict:
    with graph.as_default():
        x = v1.placeholder(tf.float32, [None, 784])
        y = v1.placeholder(tf.float32, [None, 10])
        w = v1.get_variable("w", [784, 10], initializer=v1.zeros_initializer(), use_resource=True)
        b = v1.get_variable("b", [10], initializer=v1.zeros_initializer(), use_resource=True)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(x, w) + b))
        step = v1.train.GradientDescentOptimizer(0.5).minimize(loss)
        return {"init": v1.global_variables_initializer(), "fetch": [step, loss], "x": x, "y": y}


def hand_written() -> tuple[Callable, Callable]:
    """The same training as tf.function loops: over stacked arrays, over a dataset."""
    w, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))

    def step(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(x, w) + b))
        for variable, gradient in zip((w, b), tape.gradient(loss, (w, b)), strict=True):
            variable.assign_sub(0.5 * gradient)
        return loss

    @tf.function
    def over_arrays(xs: tf.Tensor, ys: tf.Tensor) -> tf.Tensor:
        loss = tf.constant(0.0)
        for i in tf.range(tf.shape(xs)[0]):
            loss = step(xs[i], ys[i])
        return loss

    @tf.function
    def over_dataset(dataset: tf.data.Dataset) -> tf.Tensor:
        loss = tf.constant(0.0)
        for x, y in dataset:
            loss = step(x, y)
        return loss

    return over_arrays, over_dataset


def scalars() -> dict[str, tuple[Callable, int]]:
    """side -> (what does many steps, how many)."""
    ours, theirs = tf1compat.Graph(), tf.Graph()
    made, session = scalar(ours), tf1compat.Session(graph=ours)
    session.run(made["init"])
    other, v1_session = scalar(theirs), v1.Session(graph=theirs)
    v1_session.run(other["init"])
    fetch = made["fetch"]

    def loop() -> None:
        for _ in range(2000):
            v1_session.run(other["fetch"])

    return {
        "run_steps": (lambda: session.run_steps(fetch, steps=100_000, xla=False), 100_000),
        "with XLA": (lambda: session.run_steps(fetch, steps=10_000_000, xla=True), 10_000_000),
        "compat.v1": (loop, 2000),
    }


def mnist() -> dict[str, tuple[Callable, int]]:
    """side -> (what does one pass over the batches, how many steps that is)."""
    rng = np.random.default_rng(0)
    xs = rng.random((BATCHES, BATCH, 784), np.float32)
    ys = np.eye(10, dtype=np.float32)[rng.integers(0, 10, (BATCHES, BATCH))]
    ours, theirs = tf1compat.Graph(), tf.Graph()
    made, session = softmax(ours), tf1compat.Session(graph=ours)
    session.run(made["init"])
    other, v1_session = softmax(theirs), v1.Session(graph=theirs)
    v1_session.run(other["init"])
    dataset = tf.data.Dataset.from_tensor_slices((xs, ys)).prefetch(tf.data.AUTOTUNE)
    over_arrays, over_dataset = hand_written()
    stacks = tf.constant(xs), tf.constant(ys)
    data, tensors = {made["x"]: xs, made["y"]: ys}, {made["x"]: stacks[0], made["y"]: stacks[1]}

    def loop() -> None:
        for x, y in zip(xs, ys, strict=True):
            v1_session.run(other["fetch"], {other["x"]: x, other["y"]: y})

    sides: dict[str, Callable] = {
        "arrays": lambda: session.run_steps(made["fetch"], data),
        "tensors": lambda: session.run_steps(made["fetch"], tensors),
        "dataset": lambda: session.run_steps(made["fetch"], dataset, feeds=(made["x"], made["y"])),
        "compat.v1": loop,
        "tf.function, tensors": lambda: over_arrays(*stacks).numpy(),
        "tf.function, dataset": lambda: over_dataset(dataset).numpy(),
    }
    passes = lambda: session.run_steps(made["fetch"], data, PASSES * BATCHES, repeat=True)  # noqa: E731
    return {name: (call, BATCHES) for name, call in sides.items()} | {"passes": (passes, PASSES * BATCHES)}


def per_step(sides: dict[str, tuple[Callable, int]]) -> dict[str, float]:
    """Median microseconds a step."""
    medians = interleaved({name: call for name, (call, _) in sides.items()}, rounds=ROUNDS, calls=1)
    return {name: seconds / sides[name][1] * 1e6 for name, seconds in medians.items()}


def faster(what: str, ours: float, theirs: float, goal: float, accept: float, them: str = "compat.v1") -> None:
    times = theirs / ours
    verdict = "goal met" if times >= goal else "accepted" if times >= accept else "MISSED"
    print(
        f"{what:34s} ours {ours:10.3f} us  {them} {theirs:10.3f} us  {times:8.2f} times faster  "
        f"(goal {goal}, accept {accept}): {verdict}",
        flush=True,
    )


def main() -> None:
    took = per_step(scalars())
    faster("scalar update, run_steps", took["run_steps"], took["compat.v1"], 20, 10)
    faster("scalar update, run_steps with XLA", took["with XLA"], took["compat.v1"], 1000, 200)
    sides = mnist()
    took = per_step({name: sides[name] for name in ("passes", "arrays", "dataset", "compat.v1")})
    faster(f"MNIST softmax, arrays, {PASSES} passes", took["passes"], took["compat.v1"], 2.7, 2)
    faster("MNIST softmax, arrays, 1 pass", took["arrays"], took["compat.v1"], 2.7, 2)
    faster("MNIST softmax, ready batches", took["dataset"], took["compat.v1"], 1.6, 1.3)
    for data in ("tensors", "dataset"):
        theirs = f"tf.function, {data}"
        took = per_step({name: sides[name] for name in (data, theirs)})
        faster(f"MNIST softmax, {data}", took[data], took[theirs], 1.0, 0.91, "tf.function")


if __name__ == "__main__":
    main()
