"""Long runs: memory that must not grow, threads that share a Session, Sessions that come and go.

Marked `soak`: `make soak` runs them, `make test` does not.
"""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import tf1compat.v1 as tf

pytestmark = pytest.mark.soak


def resident_mb() -> float:
    """What this process holds in memory now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def small_net() -> tuple:
    x = tf.placeholder(tf.float32, [None, 20], name="x")
    w = tf.get_variable("w", [20, 10])
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
    return x, w, loss, tf.train.GradientDescentOptimizer(0.01).minimize(loss)


def test_a_hundred_thousand_runs_hold_no_more_memory() -> None:
    x, w, loss, step = small_net()
    noise = tf.random_normal([8], seed=1)
    rng = np.random.default_rng(0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())

        def runs(count: int) -> None:
            for number in range(count):
                batch = rng.random((16, 20), np.float32)
                if number % 3 == 0:
                    sess.run([step, loss], {x: batch})
                elif number % 3 == 1:
                    sess.run({"noise": noise, "w": w})
                else:
                    sess.run(loss, {x: batch[:7], w: np.ones((20, 10), np.float32)})

        runs(5_000)
        before = resident_mb()
        runs(100_000)
        grown = resident_mb() - before
    assert grown < 8, f"100,000 runs grew the process by {grown:.1f} MB"


def test_sixteen_threads_share_a_session_for_a_minute() -> None:
    x, _, loss, step = small_net()
    counter = tf.get_variable("counter", [], tf.int64, initializer=tf.zeros_initializer())
    count = tf.assign_add(counter, 1)
    queue = tf.FIFOQueue(50, [tf.float32], [[4]])
    element = tf.placeholder(tf.float32, [4])
    put, take = queue.enqueue(element), queue.dequeue()
    failures: list[BaseException] = []
    counted = [0] * 16
    end = time.monotonic() + 60
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())

        def work(number: int) -> None:
            rng = np.random.default_rng(number)
            try:
                while time.monotonic() < end:
                    value = sess.run(loss, {x: rng.random((number + 1, 20), np.float32)})
                    assert np.isfinite(value)
                    sess.run([step, count], {x: rng.random((5, 20), np.float32)})
                    counted[number] += 1
                    mine = np.full(4, number, np.float32)
                    sess.run(put, {element: mine})
                    got = sess.run(take)
                    assert (got == got[0]).all() and got[0] in range(16)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert not any(thread.is_alive() for thread in threads)
        assert not failures, failures[0]
        assert sess.run(counter) == sum(counted)
        assert sess.run(queue.size()) == 0


def test_two_hundred_sessions_come_and_go() -> None:
    x, _, loss, step = small_net()
    big = tf.get_variable("big", [500_000])  # 2 MB a Session
    init = tf.global_variables_initializer()
    queue = tf.FIFOQueue(5, [tf.float32])
    put = queue.enqueue(tf.constant(1.0))
    noise = tf.random_uniform([3], seed=2)

    def one() -> None:
        with tf.Session() as sess:
            sess.run(init)
            sess.run([step, loss], {x: np.ones((4, 20), np.float32)})
            sess.run([put, noise, tf.get_default_graph().get_tensor_by_name("w:0")])
            assert sess.run(big).shape == (500_000,)

    for _ in range(20):
        one()
    before = resident_mb()
    for _ in range(200):
        one()
    grown = resident_mb() - before
    assert grown < 40, f"200 Sessions left {grown:.1f} MB behind (each held 2 MB of variables)"


@pytest.mark.parametrize("blocked", ["dequeue", "enqueue"])
def test_close_wakes_a_run_blocked_on_a_queue(blocked: str) -> None:
    queue = tf.FIFOQueue(1, [tf.float32])
    put, take = queue.enqueue(tf.constant(1.0)), queue.dequeue()
    for _ in range(50):
        sess = tf.Session()
        if blocked == "enqueue":
            sess.run(put)
        outcome: list[BaseException | None] = []

        def wait(sess: tf.Session = sess, outcome: list = outcome) -> None:
            try:
                sess.run(take if blocked == "dequeue" else put)
                outcome.append(None)
            except tf.errors.OpError as error:
                outcome.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.02)
        sess.close()
        thread.join(30)
        assert not thread.is_alive()
        assert isinstance(outcome[0], tf.errors.CancelledError)
