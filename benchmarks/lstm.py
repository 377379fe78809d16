"""A training step of an unrolled LSTM language model, against `tf.compat.v1` with legacy Keras's cells.

    python benchmarks/lstm.py            measures both sides; needs the package tf_keras beside TensorFlow
    python benchmarks/lstm.py ours       one side: a JSON line a question on standard input, see `serve`

Two layers of 200 units, 20 steps, batch 20, 2,000 words, as TensorFlow's PTB tutorial has them: embedding, dropout,
cross entropy, gradients clipped by their global norm, plain gradient descent, the state fed from run to run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

UNITS, STEPS, BATCH, WORDS = 200, 20, 20, 2000


def model(tf: Any) -> tuple[Any, Any, Any]:
    """(fetches, inputs and targets, initial state)"""
    inputs, targets = (tf.placeholder(tf.int32, [BATCH, STEPS], name=name) for name in ("inputs", "targets"))
    with tf.variable_scope("Model", initializer=tf.random_uniform_initializer(-0.1, 0.1, seed=1)):
        cell = tf.nn.rnn_cell.MultiRNNCell(
            [
                tf.nn.rnn_cell.DropoutWrapper(
                    tf.nn.rnn_cell.BasicLSTMCell(UNITS, forget_bias=0.0), output_keep_prob=0.8, seed=layer
                )
                for layer in range(2)
            ]
        )
        state = initial = cell.zero_state(BATCH, tf.float32)
        words = tf.nn.embedding_lookup(tf.get_variable("embedding", [WORDS, UNITS]), inputs)
        outputs = []
        with tf.variable_scope("RNN"):
            for step in range(STEPS):
                if step:
                    tf.get_variable_scope().reuse_variables()
                output, state = cell(words[:, step, :], state)
                outputs.append(output)
        joined = tf.reshape(tf.concat(outputs, 1), [-1, UNITS])
        logits = tf.matmul(joined, tf.get_variable("softmax_w", [UNITS, WORDS])) + tf.get_variable("softmax_b", [WORDS])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(targets, [-1]), logits=logits)
        cost = tf.reduce_sum(losses) / BATCH
    trained = tf.trainable_variables()
    gradients, _ = tf.clip_by_global_norm(tf.gradients(cost, trained), 5.0)
    train = tf.train.GradientDescentOptimizer(1.0).apply_gradients(zip(gradients, trained, strict=True))
    return {"cost": cost, "state": state, "train": train}, (inputs, targets), initial


def serve(side: str) -> None:
    """Builds and runs once; then, for every number read, answers how long that many runs took, one after another."""
    import numpy as np

    if side == "ours":
        import tf1compat.v1 as tf
    else:
        import tensorflow.compat.v1 as tf

        tf.disable_v2_behavior()
        tf.nn.rnn_cell  # noqa: B018 - TensorFlow imports legacy Keras at the first use
    tf.logging.set_verbosity(tf.logging.ERROR)
    draw = np.random.RandomState(0).randint
    words = [draw(0, WORDS, (BATCH, STEPS)) for _ in range(2)]

    start = time.perf_counter()
    fetches, placeholders, initial = model(tf)
    built = time.perf_counter()
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    feed = dict(zip(placeholders, words, strict=True))
    state = session.run(fetches, feed)["state"]
    ran = time.perf_counter()
    ops = len(tf.get_default_graph().get_operations())
    print(json.dumps({"ops": ops, "build": built - start, "first": ran - built}), flush=True)
    leaves = tf.nest.flatten(initial)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            feed.update(zip(leaves, tf.nest.flatten(state), strict=True))
            state = session.run(fetches, feed)["state"]
        print(json.dumps((time.perf_counter() - start) / int(line)), flush=True)


def start(side: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"} if side == "theirs" else None
    return subprocess.Popen(
        [sys.executable, __file__, side],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )


def ask(process: subprocess.Popen[str], question: str = "") -> Any:
    assert process.stdin is not None and process.stdout is not None
    if question:
        process.stdin.write(f"{question}\n")
        process.stdin.flush()
    return json.loads(process.stdout.readline())


def main(rounds: int = 30, calls: int = 5, builds: int = 3) -> None:
    if importlib.util.find_spec("tf_keras") is None:
        print("lstm.py: not measured, for what it is compared with needs legacy Keras: pip install tf_keras")
        return
    from measure import report

    servers: dict[str, subprocess.Popen[str]] = {}
    seen: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    for last in (n == builds - 1 for n in range(builds)):
        for side in seen:
            server = servers[side] = start(side)
            seen[side].append(ask(server))
            if not last:
                server.communicate()
    taken: dict[str, list[float]] = {side: [] for side in seen}
    for _ in range(rounds):
        for side, server in servers.items():
            taken[side].append(ask(server, str(calls)))
    for server in servers.values():
        server.communicate()
    step = {side: statistics.median(times) for side, times in taken.items()}
    first = {side: {k: statistics.median(row[k] for row in rows) for k in rows[0]} for side, rows in seen.items()}
    print(f"{first['ours']['ops']:.0f} ops, {first['theirs']['ops']:.0f} with legacy Keras")
    report("LSTM language model, a step", step["ours"] * 1e3, step["theirs"] * 1e3, "ms", 1.0, 1.05)
    report("  building its graph", first["ours"]["build"], first["theirs"]["build"], "s", 1.0, 1.3)
    report("  initialise, first step", first["ours"]["first"], first["theirs"]["first"], "s", 1.0, 1.3)


if __name__ == "__main__":
    serve(sys.argv[1]) if len(sys.argv) > 1 else main()
