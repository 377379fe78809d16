"""What the steps of `Session.run_steps` are fed, and where the data ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_harness import adder, dataset, session

import tf1compat
import tf1compat.v1 as tf
from tf1compat.graph.looping import loops


@settings(max_examples=40, deadline=None)
@given(
    length=st.integers(0, 12), steps=st.none() | st.integers(0, 15), chunk=st.none() | st.integers(1, 5),
    repeat=st.booleans(), arrays=st.booleans(), keep=st.sampled_from(["last", "all"]),
)  # fmt: skip
def test_any_number_of_steps_chunks_and_data(adder_session, length, steps, chunk, repeat, arrays, keep):
    sess, x, total, add, reset = adder_session
    stack = np.arange(1, 1 + 2 * length, dtype=np.float32).reshape(length, 2)
    if repeat and (steps is None or not length):
        return
    sess.run(reset)
    data, keys = ({x: stack}, None) if arrays else (dataset(stack), x)
    values, done = sess.run_steps([add, x], data, steps, feeds=keys, keep=keep, repeat=repeat, chunk_size=chunk)
    order = [i % length for i in range(steps)] if repeat else list(range(length))[:steps]
    assert done == len(order)
    sums = np.cumsum([stack[i].sum() for i in order], dtype=np.float32)
    assert sess.run(total) == (sums[-1] if order else 0)
    if keep == "all":
        np.testing.assert_array_equal(values[0], sums)
        np.testing.assert_array_equal(values[1], stack[order])
    elif order:
        assert values[0] == sums[-1]
        np.testing.assert_array_equal(values[1], stack[order[-1]])
    else:
        assert values == [None, None]


@pytest.fixture(scope="module")
def adder_session():
    with tf.Graph().as_default():
        x, total, add = adder([2])
        sess = tf.Session()
        sess.run(tf.global_variables_initializer())
        return sess, x, total, add, total.initializer


def test_one_trace_for_all_lengths(monkeypatch):
    made = []
    plain = loops.Loop.__init__
    monkeypatch.setattr(loops.Loop, "__init__", lambda *args: (made.append(1), plain(*args))[1])
    x, _, add = adder([None])
    sess = session()
    for length in (1, 5, 40):
        for rows in (2, 3):
            sess.run_steps(add, {x: np.ones([length, rows], np.float32)})
            sess.run_steps(add, {x: np.ones([length, rows], np.float32)}, 3, chunk_size=2)
    assert len(made) == 1
    sess.run_steps(add, {x: np.ones([4, 2], np.float32)}, keep="all")
    assert len(made) == 2


def test_a_partial_last_batch():
    x, total, add = adder([None, 3])
    with tf1compat.eager():
        data = tf.data.Dataset.from_tensor_slices(np.ones([10, 3], np.float32)).batch(4)
    sess = session()
    values, done = sess.run_steps([add, x, tf.shape(x)], data, feeds=x)
    assert done == 3 and values[0] == 30 and values[1].shape == (2, 3) and list(values[2]) == [2, 3]
    values, _ = sess.run_steps([add, x, tf.shape(x)], data, feeds=[x], keep="all", chunk_size=2)
    assert [rows.shape for rows in values[1]] == [(4, 3), (4, 3), (2, 3)]  # a list, as they do not stack
    np.testing.assert_array_equal(values[2], [[4, 3], [4, 3], [2, 3]])
    np.testing.assert_array_equal(values[0], [42, 54, 60])


def test_a_dataset_of_the_graph_sees_the_session():
    x, _, add = adder([])
    scale = tf.get_variable("scale", [], initializer=tf.constant_initializer(3.0))
    data = tf.data.Dataset.range(5).map(lambda i: tf.cast(i, tf.float32) * scale)
    sess = session()
    assert sess.run_steps(add, data, feeds=x) == (30.0, 5)
    with tf.Graph().as_default():
        other = tf.data.Dataset.range(3)
    with pytest.raises(ValueError, match="made in another graph"):
        sess.run_steps(add, other, feeds=x)


def test_parts_of_data_find_their_placeholders():
    x, y = tf.placeholder(tf.float32, [], name="x"), tf.placeholder(tf.float32, [], name="y")
    sparse = tf.sparse_placeholder(tf.float32)
    out = [x - y, x + 1.0]
    sess = session()
    one, two = np.float32([1, 2]), np.float32([10, 30])
    assert sess.run_steps(out, (one, two), feeds=(x, y)).values == [-28, 3]
    assert sess.run_steps(out, {"a": one, "b": two}, feeds={"a": y, "b": x}).values == [28, 31]
    assert sess.run_steps(out, {"x:0": one, y: two}).values == [-28, 3]
    assert sess.run_steps(out, dataset(**{"x:0": one, "y:0": two})).values == [-28, 3]
    assert sess.run_steps(out, one.tolist(), feeds=x, feed_dict={y: 5}).values == [-3, 3]
    nested = dataset(**{"in": one, "out": two})
    assert sess.run_steps(out, nested, feeds={"in": x, "out": [y]}).values == [-28, 3]
    with tf1compat.eager():
        rows = tf.data.Dataset.from_tensor_slices(tf.sparse.from_dense([[0.0, 2], [3, 4]])).batch(1)
    assert sess.run_steps(tf.sparse_reduce_sum(sparse), rows, feeds=sparse).values == 7


def test_a_fed_variable_and_casts():
    v = tf.get_variable("v", [], initializer=tf.zeros_initializer())
    x = tf.placeholder(tf.float32, [None])
    sess = session()
    assert sess.run_steps(v * 2.0, {v: [1.0, 4.0]}).values == 8  # all reads of a fed variable take its value
    values = sess.run_steps([x, v], dataset(np.uint8([[1, 2], [3, 250]])), feeds=x, feed_dict={v: 7}).values
    np.testing.assert_array_equal(values[0], np.float32([3, 250]))
    assert values[0].dtype == np.float32 and values[1] == 7
    assert sess.run_steps(x, {x: np.float64([[0.1], [0.2]])}).values == np.float32(0.2)


def test_arrays_stay_the_callers_own():
    x = tf.placeholder(tf.float32, [100])
    v = tf.get_variable("v", [100], initializer=tf.zeros_initializer())
    keep = tf.assign(v, x)
    stack = np.ones([3, 100], np.float32)
    sess = session()
    sess.run_steps(keep, {x: stack})
    stack[:] = 5
    assert (sess.run(v) == 1).all()
    sess.run_steps(tf.assign_add(v, x), {x: stack})
    assert (stack == 5).all()


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda s, x, add: s.run_steps(add), ValueError, "steps must be given"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, repeat=True), ValueError, "steps must be given"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, -1), ValueError, "steps must be at least 0"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, 2.5), TypeError, "steps must be an int"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, chunk_size=0), ValueError, "chunk_size must be at least 1"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, keep="none"), ValueError, "keep must be"),
        (lambda s, x, add: s.run_steps(add, {x: [[1.0, 2.0]]}), ValueError, r"Cannot feed value of shape \(1, 2\)"),
        (lambda s, x, add: s.run_steps(add, {x: 1.0}), ValueError, r"Cannot feed value of shape \(\)"),
        (lambda s, x, add: s.run_steps(add, {x: ["a"]}), ValueError, "Cannot feed the value given for Tensor 'x:0'"),
        (lambda s, x, add: s.run_steps(add, [1.0]), ValueError, "feeds= must say"),
        (lambda s, x, add: s.run_steps(add, None, 3, feeds=x), ValueError, "there is no data"),
        (lambda s, x, add: s.run_steps(add, ([1.0], [2.0], [3.0]), feeds=(x, x)), ValueError, "feeds= has 2 keys"),
        (lambda s, x, add: s.run_steps(add, {"a": [1.0]}, feeds={"b": x}), ValueError, r"feeds= names the parts"),
        (lambda s, x, add: s.run_steps(add, ([1.0], [2.0]), feeds=(x, x)), ValueError, "fed twice"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, feed_dict={x: 2.0}), ValueError, "fed twice"),
        (lambda s, x, add: s.run_steps(add, dataset([[1.0, 2.0]]), feeds=x), ValueError, "Cannot feed values"),
        (lambda s, x, add: s.run_steps(add, dataset(["a"]), feeds=x), TypeError, "Cannot feed string values"),
        (lambda s, x, add: s.run_steps(add, steps=3), tf.errors.InvalidArgumentError, "must feed a value for"),
        (lambda s, x, add: s.run_steps("y:0", steps=3), ValueError, "cannot be interpreted as a Tensor"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, feed_dict=[x]), TypeError, "feed_dict must be a dictionary"),
        (lambda s, x, add: s.run_steps(add, iter([1]), feeds=x), TypeError, "Cannot feed"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, error, message):
    x, _, add = adder([])
    sess = session()
    with pytest.raises(error, match=message):
        call(sess, x, add)


def test_arrays_of_different_lengths():
    x, y = tf.placeholder(tf.float32, [], name="x"), tf.placeholder(tf.float32, [], name="y")
    with pytest.raises(ValueError, match=r"the same number of steps.* has 2 and .*y:0.* has 3"):
        tf.Session().run_steps(x + y, {x: [1.0, 2.0], y: [1.0, 2.0, 3.0]})


def test_arrays_of_nothing():
    x, _, add = adder([2])
    sess = session()
    assert sess.run_steps([add, x], {x: np.ones([0, 2])}) == ([None, None], 0)
    empty = tf.placeholder(tf.float32, [0])
    assert sess.run_steps(empty, {empty: np.ones([5, 0])}).done == 5
