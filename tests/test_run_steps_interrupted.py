"""`Session.run_steps` that fails or is interrupted, and what a person sees of it meanwhile."""

from __future__ import annotations

import _thread
import random
import signal
import threading
import time

import numpy as np
import pytest
from steps_harness import adder, dataset, session

import tf1compat.v1 as tf
from tf1compat import StepsInterrupted
from tf1compat.graph.looping import chunks

# Errors and interrupts.


@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_an_error_in_a_step(kind):
    x, total, add = adder([])
    with tf.control_dependencies([tf.Assert(x < 9.0, ["too large", x], name="bound")]):
        checked = tf.assign_add(total, x)
    sess = session()
    stack = np.float32([1, 2, 3, 4, 9, 6])
    data, keys = ({x: stack}, None) if kind == "arrays" else (dataset(stack), x)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[too large\] \[9\]") as caught:
        sess.run_steps([checked, x], data, feeds=keys)
    with pytest.raises(tf.errors.InvalidArgumentError) as plain:
        sess.run([checked, x], {x: 9})
    assert caught.value.op is plain.value.op and caught.value.node_def == plain.value.node_def
    assert str(plain.value.message) in caught.value.message
    assert caught.value.steps_done == 4 and "after 4 steps" in caught.value.message
    assert sess.run(total) == 10  # of the steps that were done
    assert sess.run_steps(add, {x: stack}).done == 6


def test_an_error_names_its_op_and_a_missing_value():
    x, total, add = adder([], tf.int32)
    sess = tf.Session()
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value total") as caught:
        sess.run_steps(add, {x: [1, 2]})
    assert caught.value.steps_done == 0
    sess.run(total.initializer)
    with tf.name_scope("scope"):
        quotient = tf.floordiv(7, x, name="quotient")
    with pytest.raises(tf.errors.InvalidArgumentError, match="division by zero") as caught:
        sess.run_steps([quotient, add], {x: [1, 2, 0]})
    assert caught.value.op.name == "scope/quotient" and caught.value.steps_done == 2


def test_the_end_of_the_graphs_own_input_is_an_error():
    element = tf.data.make_one_shot_iterator(tf.data.Dataset.range(5)).get_next()
    total = tf.get_variable("total", [], tf.int64, initializer=tf.zeros_initializer())
    add = tf.assign_add(total, element)
    sess = session()
    assert sess.run_steps(add, steps=2) == (1, 2)
    with pytest.raises(tf.errors.OutOfRangeError) as caught:
        sess.run_steps(add, steps=10)
    assert caught.value.steps_done == 3 and sess.run(total) == 10


@pytest.mark.parametrize("keep", ["last", "all"])
def test_ctrl_c_comes_after_whole_steps(keep):
    x, total, add = adder([])
    calls = []

    def look(value):
        calls.append(value)
        if len(calls) == 5:
            signal.raise_signal(signal.SIGINT)
        return value

    sess = session()
    seen = tf.py_func(look, [x], tf.float32)
    with tf.control_dependencies([seen]):
        add = tf.assign_add(total, x)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt) as caught:
        sess.run_steps(add, {x: np.ones(30, np.float32)}, chunk_size=3, keep=keep)
    assert signal.getsignal(signal.SIGINT) is before
    assert isinstance(caught.value, StepsInterrupted)
    values, done = caught.value.steps
    assert done == len(calls) == sess.run(total) and done == 7
    np.testing.assert_array_equal(values, done if keep == "last" else np.arange(1, done + 1))
    assert sess.run_steps(add, {x: np.ones(30 - done, np.float32)}).values == 30


def test_ctrl_c_at_any_moment():
    x, total, add = adder([])
    sess, moments, told = session(), random.Random(1), 0
    stack = np.ones(20_000, np.float32)
    sess.run_steps(add, {x: stack[:100]})
    for _ in range(30):
        sess.run(total.initializer)
        timer = threading.Timer(moments.uniform(0, 0.03), _thread.interrupt_main)
        try:
            timer.start()
            steps = sess.run_steps(add, {x: stack}, chunk_size=300)
            timer.join()
        except StepsInterrupted as interrupt:
            steps = interrupt.steps
            told += 1
        except KeyboardInterrupt:
            continue  # before its first step, or after its last
        assert sess.run(total) == steps.done == (steps.values or 0)
    assert told > 5


def test_ctrl_c_with_a_handler_of_the_program():
    _, total, _ = adder([])
    stop = []
    seen = tf.py_func(lambda: stop or signal.raise_signal(signal.SIGINT) or np.float32(1), [], tf.float32)
    add = tf.assign_add(total, seen)
    sess = session()
    plain = signal.signal(signal.SIGINT, lambda *_: stop.append(np.float32(1)))
    try:
        assert sess.run_steps(add, steps=5, chunk_size=1).done == 5 and len(stop) == 1
    finally:
        signal.signal(signal.SIGINT, plain)


def _close_when_it_runs(sess):
    def close():
        while not sess._calls.is_any_waiting():
            time.sleep(0.01)
        time.sleep(0.1)
        sess.close()

    threading.Thread(target=close, daemon=True).start()


def test_close_ends_it():
    x, _, _ = adder([])
    queue = tf.FIFOQueue(2, tf.float32, [])
    sess = session()
    _close_when_it_runs(sess)
    with pytest.raises(tf.errors.CancelledError):
        sess.run_steps(queue.dequeue(), steps=10)
    with pytest.raises(RuntimeError, match="closed"):
        sess.run_steps(x, {x: [1.0]})


def test_close_ends_a_loop_that_waits_for_nothing():
    _, total, _ = adder([])
    sess = session()
    _close_when_it_runs(sess)
    with pytest.raises(tf.errors.CancelledError, match="closed while (this run|it was under way)"):
        sess.run_steps(tf.assign_add(total, 1.0), steps=10**12)


def test_a_time_out_is_each_steps():
    queue = tf.FIFOQueue(2, tf.float32, [])
    sess = tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=200))
    with pytest.raises(tf.errors.DeadlineExceededError):
        sess.run_steps(queue.dequeue(), steps=1)


def test_threads_share_a_session():
    x, total, add = adder([])
    add = tf.assign_add(total, x, use_locking=True)
    sess, done = session(), []
    sess.run_steps(add, steps=0, feed_dict={x: 1.0})
    graph = tf.get_default_graph()

    def work():
        with graph.as_default():
            done.append(sess.run_steps(add, {x: np.ones(50, np.float32)}, chunk_size=7).done)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [50] * 4 and sess.run(total) == 200


# Chunks and the bar.


def test_chunks_follow_the_time_they_take():
    pace = chunks.Pace(None, None)
    sizes = []
    for _ in range(12):
        sizes.append(pace.next(None))
        pace.took(sizes[-1], 0.5 if not sizes[1:] else sizes[-1] * 1e-6, compiled=not sizes[1:])
    assert sizes[0] == 1 and sizes[-1] == pytest.approx(chunks.CALL / 1e-6, rel=0.01)
    assert all(b <= a * chunks.GROWTH for a, b in zip(sizes, sizes[1:], strict=False))
    assert pace.next(7) == 7
    pace.took(100, 100.0, compiled=False)  # now a step takes a second
    assert pace.next(None) == 1
    assert chunks.Pace(1e-9, 50).next(None) == 50


class _Terminal:
    def __init__(self, is_one):
        self.is_one, self.text = is_one, ""

    def isatty(self):
        return self.is_one

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("progress", [None, True, False])
@pytest.mark.parametrize("long", [True, False])
def test_the_bar_is_for_long_runs_on_a_screen(monkeypatch, terminal, progress, long):
    x, _, add = adder([])
    screen = _Terminal(terminal)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(chunks, "LONG", -1.0 if long else 1e9)
    session().run_steps(add, {x: np.ones(20, np.float32)}, 12, progress=progress, chunk_size=5)
    shown = progress if progress is not None else terminal and long
    assert bool(screen.text) == shown
    if shown:
        assert "12/12" in screen.text
