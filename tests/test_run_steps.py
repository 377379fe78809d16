"""`Session.run_steps` against the loop of `Session.run` that it stands for: the same values to the last bit."""

from __future__ import annotations

import _thread
import json
import pathlib
import random
import signal
import threading

import numpy as np
import pytest
import tensorflow as real_tf
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat
import tf1compat.v1 as tf
from tf1compat.graph.looping import StepsInterrupted, chunks, loops

GOLDENS = pathlib.Path(__file__).parent / "goldens"


def _softmax():
    x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int64, [None])
    w = tf.get_variable("w", [4, 3], initializer=tf.random_normal_initializer(seed=1))
    logits = tf.matmul(x, w)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    step = tf.train.get_or_create_global_step()
    train = tf.train.MomentumOptimizer(tf.train.exponential_decay(0.1, step, 3, 0.5), 0.9).minimize(loss, step)
    return {"train": train, "loss": loss, "nest": (step, [logits]), "x": x}, {"x": x, "y": y}


def _random():
    x = tf.placeholder(tf.float32, [None, 4])
    dropped = tf.nn.dropout(x, rate=0.4, seed=3)
    noise = [tf.random_normal([2], seed=5), tf.random_uniform([], 0, 9, tf.int32, seed=6)]
    kept = tf.get_variable("kept", [2], initializer=tf.zeros_initializer())
    return [dropped, noise, tf.random_shuffle(tf.range(5), seed=7), tf.assign_add(kept, noise[0])], {"x": x}


def _keras():
    x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int64, [None])
    layers = real_tf.keras.layers
    hidden = layers.Dense(5, kernel_initializer=real_tf.keras.initializers.GlorotUniform(seed=2))(x)
    hidden = layers.BatchNormalization()(hidden, training=True)
    logits = layers.Dense(3, kernel_initializer=real_tf.keras.initializers.GlorotUniform(seed=3))(
        layers.Dropout(0.5, seed=4)(hidden, training=True)
    )
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    return [tf.train.AdamOptimizer(0.01).minimize(loss), loss, hidden], {"x": x, "y": y}


def _control_flow():
    x = tf.placeholder(tf.float32, [None, 4])
    v = tf.get_variable("v", [], initializer=tf.zeros_initializer())
    up = tf.cond(tf.reduce_sum(x) > 4.0, lambda: tf.assign_add(v, tf.random_uniform([], seed=3)), lambda: v * 2.0)
    total = tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t + tf.assign_add(v, 0.25)), [0, up])
    return [up, total, v], {"x": x}


def _order():
    x = tf.placeholder(tf.float32, [])
    v = tf.get_variable("v", [], initializer=tf.ones_initializer())
    write = tf.assign(v, v * 1.5 + x)
    with tf.control_dependencies([write]):
        after = v.read_value()
    with tf.control_dependencies([after]):
        second = tf.assign_sub(v, 0.125)
    return [v, after, second.op, v + 1.0], {"x": x}


def _rows():
    ids, table = tf.placeholder(tf.int32, [None]), tf.get_variable("table", [9, 2], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(table, ids)))
    ema = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([tf.train.AdamOptimizer(0.1).minimize(loss)]):
        averaged = ema.apply([table])
    return [loss, averaged, ema.average(table)], {"ids": ids}


def _queue():
    x = tf.placeholder(tf.float32, [])
    queue = tf.FIFOQueue(10, tf.float32, [])
    with tf.control_dependencies([queue.enqueue(x)]):
        second = queue.enqueue(x * 2.0)
    with tf.control_dependencies([second]):
        out = queue.dequeue()
        with tf.control_dependencies([out]):
            rest = queue.size()
    with tf.control_dependencies([rest]):
        return [out, rest, queue.dequeue()], {"x": x}


def _text():
    x = tf.placeholder(tf.float32, [None, 4])
    mean, update = tf.metrics.mean(x)
    return {"text": tf.as_string(x), "shape": tf.shape(x), "rank": tf.rank(x), "update": update, "mean": mean}, {"x": x}


def _python():
    x = tf.placeholder(tf.float32, [None, 4])
    calls = []
    return [tf.py_func(lambda value: calls.append(1) or value.sum(), [x], tf.float32), x], {"x": x}


GRAPHS = [_softmax, _random, _keras, _control_flow, _order, _rows, _queue, _text, _python]


def _values(placeholder, steps, rng):
    shape = [steps, *(2 if size is None else size for size in placeholder.shape.as_list())]
    if placeholder.dtype.is_integer:
        return rng.integers(0, 3, shape).astype(placeholder.dtype.as_numpy_dtype)
    return rng.random(shape).astype(placeholder.dtype.as_numpy_dtype)


def _session():
    sess = tf.Session()
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    return sess


def _by_loop(sess, fetches, feeds, stacks, steps):
    return [sess.run(fetches, {feeds[k]: stacks[k][i] for k in feeds}) for i in range(steps)]


def _same(one, other):
    leaves, others = real_tf.nest.flatten(one), real_tf.nest.flatten(other)
    assert len(leaves) == len(others)
    for a, b in zip(leaves, others, strict=True):
        assert type(a) is type(b)
        if a is not None:
            assert np.asarray(a).dtype == np.asarray(b).dtype
            np.testing.assert_array_equal(a, b)


def _state(sess):
    return sess.run([tf.global_variables(), tf.local_variables()])


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_the_same_as_a_loop_of_runs(graph, kind):
    fetches, feeds = graph()
    rng = np.random.default_rng(0)
    stacks = {name: _values(placeholder, 13, rng) for name, placeholder in feeds.items()}
    one, other = _session(), _session()
    expected = _by_loop(one, fetches, feeds, stacks, 13)
    if kind == "arrays":
        data = {feeds[name]: stack for name, stack in stacks.items()}
        steps = other.run_steps(fetches, data, 9)
        _same(steps.values, expected[8])
        assert steps.done == 9
        steps = other.run_steps(fetches, {key: stack[9:] for key, stack in data.items()})
    else:
        with tf1compat.eager():
            data = iter(tf.data.Dataset.from_tensor_slices(stacks))
        steps = other.run_steps(fetches, data, 9, feeds=feeds)
        _same(steps.values, expected[8])
        assert steps.done == 9
        steps = other.run_steps(fetches, data, feeds=feeds)  # goes on, to the end of the data
    assert steps.done == 4
    _same(steps.values, expected[-1])
    _same(_state(one), _state(other))
    more = {feeds[name]: stack[0] for name, stack in stacks.items()}
    _same(one.run(fetches, more), other.run(fetches, more))  # and the streams go on together


@pytest.mark.parametrize("graph", GRAPHS)
def test_all_values(graph):
    fetches, feeds = graph()
    rng = np.random.default_rng(1)
    stacks = {name: _values(placeholder, 11, rng) for name, placeholder in feeds.items()}
    one, other = _session(), _session()
    expected = _by_loop(one, fetches, feeds, stacks, 11)
    data = {feeds[name]: stack for name, stack in stacks.items()}
    values, done = other.run_steps(fetches, data, keep="all", chunk_size=4)
    assert done == 11
    stacked = [
        None if rows[0] is None else np.stack(rows)
        for rows in zip(*map(real_tf.nest.flatten, expected), strict=True)
    ]
    _same(real_tf.nest.flatten(values), stacked)
    _same(_state(one), _state(other))


def test_tf1s_own_loops_in_an_imported_graph():
    saved = json.loads((GOLDENS / "random" / "loops.json").read_text())
    definition = text_format.Parse(saved["graph"], tf.GraphDef())
    names = list(saved["tensors"].values())
    fetches = tf.import_graph_def(definition, return_elements=names, name="")
    one, other = tf.Session(), tf.Session()
    expected = [one.run(fetches) for _ in range(7)]
    steps = other.run_steps(fetches, steps=7, keep="all", chunk_size=5)
    assert steps.done == 7
    _same(steps.values, [np.stack(rows) for rows in zip(*expected, strict=True)])
    _same(other.run(fetches), one.run(fetches))


@pytest.mark.parametrize("graph", [_softmax, _order, _rows])
def test_however_often_a_step_is_written_out(graph, monkeypatch):
    fetches, feeds = graph()
    rng = np.random.default_rng(2)
    stacks = {name: _values(placeholder, 11, rng) for name, placeholder in feeds.items()}
    one = _session()
    expected = _by_loop(one, fetches, feeds, stacks, 11)
    for times in (1, 2, 3, 8):
        monkeypatch.setattr(loops, "_UNROLLED", ((10_000, times),))
        other = _session()
        steps = other.run_steps(fetches, {feeds[name]: stack for name, stack in stacks.items()})
        _same(steps.values, expected[-1])
        _same(_state(one), _state(other))


# What is fed.


def _adder(shape=(None,), dtype=None):
    x = tf.placeholder(dtype or tf.float32, shape, name="x")
    total = tf.get_variable("total", [], initializer=tf.zeros_initializer())
    return x, total, tf.assign_add(total, tf.reduce_sum(tf.cast(x, tf.float32)))


def _dataset(*parts, **named):
    with tf1compat.eager():
        return tf.data.Dataset.from_tensor_slices(named or (parts if len(parts) > 1 else parts[0]))


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
    data, keys = ({x: stack}, None) if arrays else (_dataset(stack), x)
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
        x, total, add = _adder([2])
        sess = tf.Session()
        sess.run(tf.global_variables_initializer())
        return sess, x, total, add, total.initializer


def test_one_trace_for_all_lengths(monkeypatch):
    made = []
    plain = loops.Loop.__init__
    monkeypatch.setattr(loops.Loop, "__init__", lambda *args: (made.append(1), plain(*args))[1])
    x, _, add = _adder([None])
    sess = _session()
    for length in (1, 5, 40):
        for rows in (2, 3):
            sess.run_steps(add, {x: np.ones([length, rows], np.float32)})
            sess.run_steps(add, {x: np.ones([length, rows], np.float32)}, 3, chunk_size=2)
    assert len(made) == 1
    sess.run_steps(add, {x: np.ones([4, 2], np.float32)}, keep="all")
    assert len(made) == 2


def test_a_partial_last_batch():
    x, total, add = _adder([None, 3])
    with tf1compat.eager():
        data = tf.data.Dataset.from_tensor_slices(np.ones([10, 3], np.float32)).batch(4)
    sess = _session()
    values, done = sess.run_steps([add, x, tf.shape(x)], data, feeds=x)
    assert done == 3 and values[0] == 30 and values[1].shape == (2, 3) and list(values[2]) == [2, 3]
    values, _ = sess.run_steps([add, x, tf.shape(x)], data, feeds=[x], keep="all", chunk_size=2)
    assert [rows.shape for rows in values[1]] == [(4, 3), (4, 3), (2, 3)]  # a list, as they do not stack
    np.testing.assert_array_equal(values[2], [[4, 3], [4, 3], [2, 3]])
    np.testing.assert_array_equal(values[0], [42, 54, 60])


def test_a_dataset_of_the_graph_sees_the_session():
    x, _, add = _adder([])
    scale = tf.get_variable("scale", [], initializer=tf.constant_initializer(3.0))
    data = tf.data.Dataset.range(5).map(lambda i: tf.cast(i, tf.float32) * scale)
    sess = _session()
    assert sess.run_steps(add, data, feeds=x) == (30.0, 5)
    with tf.Graph().as_default():
        other = tf.data.Dataset.range(3)
    with pytest.raises(ValueError, match="made in another graph"):
        sess.run_steps(add, other, feeds=x)


def test_parts_of_data_find_their_placeholders():
    x, y = tf.placeholder(tf.float32, [], name="x"), tf.placeholder(tf.float32, [], name="y")
    sparse = tf.sparse_placeholder(tf.float32)
    out = [x - y, x + 1.0]
    sess = _session()
    one, two = np.float32([1, 2]), np.float32([10, 30])
    assert sess.run_steps(out, (one, two), feeds=(x, y)).values == [-28, 3]
    assert sess.run_steps(out, {"a": one, "b": two}, feeds={"a": y, "b": x}).values == [28, 31]
    assert sess.run_steps(out, {"x:0": one, y: two}).values == [-28, 3]
    assert sess.run_steps(out, _dataset(**{"x:0": one, "y:0": two})).values == [-28, 3]
    assert sess.run_steps(out, one.tolist(), feeds=x, feed_dict={y: 5}).values == [-3, 3]
    nested = _dataset(**{"in": one, "out": two})
    assert sess.run_steps(out, nested, feeds={"in": x, "out": [y]}).values == [-28, 3]
    with tf1compat.eager():
        rows = tf.data.Dataset.from_tensor_slices(tf.sparse.from_dense([[0.0, 2], [3, 4]])).batch(1)
    assert sess.run_steps(tf.sparse_reduce_sum(sparse), rows, feeds=sparse).values == 7


def test_a_fed_variable_and_casts():
    v = tf.get_variable("v", [], initializer=tf.zeros_initializer())
    x = tf.placeholder(tf.float32, [None])
    sess = _session()
    assert sess.run_steps(v * 2.0, {v: [1.0, 4.0]}).values == 8  # all reads of a fed variable take its value
    values = sess.run_steps([x, v], _dataset(np.uint8([[1, 2], [3, 250]])), feeds=x, feed_dict={v: 7}).values
    np.testing.assert_array_equal(values[0], np.float32([3, 250]))
    assert values[0].dtype == np.float32 and values[1] == 7
    assert sess.run_steps(x, {x: np.float64([[0.1], [0.2]])}).values == np.float32(0.2)


def test_arrays_stay_the_callers_own():
    x = tf.placeholder(tf.float32, [100])
    v = tf.get_variable("v", [100], initializer=tf.zeros_initializer())
    keep = tf.assign(v, x)
    stack = np.ones([3, 100], np.float32)
    sess = _session()
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
        (lambda s, x, add: s.run_steps(add, _dataset([[1.0, 2.0]]), feeds=x), ValueError, "Cannot feed values"),
        (lambda s, x, add: s.run_steps(add, _dataset(["a"]), feeds=x), TypeError, "Cannot feed string values"),
        (lambda s, x, add: s.run_steps(add, steps=3), tf.errors.InvalidArgumentError, "must feed a value for"),
        (lambda s, x, add: s.run_steps("y:0", steps=3), ValueError, "cannot be interpreted as a Tensor"),
        (lambda s, x, add: s.run_steps(add, {x: [1.0]}, feed_dict=[x]), TypeError, "feed_dict must be a dictionary"),
        (lambda s, x, add: s.run_steps(add, iter([1]), feeds=x), TypeError, "Cannot feed"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, error, message):
    x, _, add = _adder([])
    sess = _session()
    with pytest.raises(error, match=message):
        call(sess, x, add)


def test_arrays_of_different_lengths():
    x, y = tf.placeholder(tf.float32, [], name="x"), tf.placeholder(tf.float32, [], name="y")
    with pytest.raises(ValueError, match=r"the same number of steps.* has 2 and .*y:0.* has 3"):
        tf.Session().run_steps(x + y, {x: [1.0, 2.0], y: [1.0, 2.0, 3.0]})


# Errors and interrupts.


@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_an_error_in_a_step(kind):
    x, total, add = _adder([])
    with tf.control_dependencies([tf.Assert(x < 9.0, ["too large", x], name="bound")]):
        checked = tf.assign_add(total, x)
    sess = _session()
    stack = np.float32([1, 2, 3, 4, 9, 6])
    data, keys = ({x: stack}, None) if kind == "arrays" else (_dataset(stack), x)
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
    x, total, add = _adder([], tf.int32)
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
    sess = _session()
    assert sess.run_steps(add, steps=2) == (1, 2)
    with pytest.raises(tf.errors.OutOfRangeError) as caught:
        sess.run_steps(add, steps=10)
    assert caught.value.steps_done == 3 and sess.run(total) == 10


@pytest.mark.parametrize("keep", ["last", "all"])
def test_ctrl_c_comes_after_whole_steps(keep):
    x, total, add = _adder([])
    calls = []

    def look(value):
        calls.append(value)
        if len(calls) == 5:
            signal.raise_signal(signal.SIGINT)
        return value

    sess = _session()
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
    x, total, add = _adder([])
    sess, moments, told = _session(), random.Random(1), 0
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
    _, total, _ = _adder([])
    stop = []
    seen = tf.py_func(lambda: stop or signal.raise_signal(signal.SIGINT) or np.float32(1), [], tf.float32)
    add = tf.assign_add(total, seen)
    sess = _session()
    plain = signal.signal(signal.SIGINT, lambda *_: stop.append(np.float32(1)))
    try:
        assert sess.run_steps(add, steps=5, chunk_size=1).done == 5 and len(stop) == 1
    finally:
        signal.signal(signal.SIGINT, plain)


def test_close_ends_it():
    x, _, _ = _adder([])
    queue = tf.FIFOQueue(2, tf.float32, [])
    sess = _session()
    threading.Timer(0.3, sess.close).start()
    with pytest.raises(tf.errors.CancelledError):
        sess.run_steps(queue.dequeue(), steps=10)
    with pytest.raises(RuntimeError, match="closed"):
        sess.run_steps(x, {x: [1.0]})


def test_a_time_out_is_each_steps():
    queue = tf.FIFOQueue(2, tf.float32, [])
    sess = tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=200))
    with pytest.raises(tf.errors.DeadlineExceededError):
        sess.run_steps(queue.dequeue(), steps=1)


def test_threads_share_a_session():
    x, total, add = _adder([])
    add = tf.assign_add(total, x, use_locking=True)
    sess, done = _session(), []
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
    x, _, add = _adder([])
    screen = _Terminal(terminal)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(chunks, "LONG", -1.0 if long else 1e9)
    _session().run_steps(add, {x: np.ones(20, np.float32)}, 12, progress=progress, chunk_size=5)
    shown = progress if progress is not None else terminal and long
    assert bool(screen.text) == shown
    if shown:
        assert "12/12" in screen.text


# XLA.


@pytest.mark.parametrize("keep", ["last", "all"])
@pytest.mark.parametrize("shape", [[None], [2]])
def test_with_xla(keep, shape, monkeypatch):
    monkeypatch.setattr(loops, "_MOST", 6)  # values that one call of the loop can keep
    x, total, _ = _adder(shape)
    write = tf.assign(total, total * 0.5 + tf.reduce_sum(x))
    fetches = [write, x, total]
    sess, other = _session(), _session()
    stack = np.arange(40, dtype=np.float32).reshape(20, 2)
    expected = [sess.run(fetches, {x: row}) for row in stack]
    for data, keys in (({x: stack}, None), (_dataset(stack), x)):
        other.run(total.initializer)
        values, done = other.run_steps(fetches, data, feeds=keys, keep=keep, xla=True)
        assert done == 20
        wanted = expected[-1] if keep == "last" else [np.stack(rows) for rows in zip(*expected, strict=True)]
        _same(values, wanted)
        _same(other.run(total), sess.run(total))


def test_a_session_with_xla_does_without_where_it_must():
    config = tf.ConfigProto()
    config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
    x, total, add = _adder([])
    sess = tf.Session(config=config)
    sess.run(total.initializer)
    assert sess.run_steps(add, {x: [1.0, 2.0]}) == (3.0, 2)
    text = tf.as_string(add)
    for data, keys in (({x: [3.0, 4.0]}, None), (_dataset([1.0, 2.0]), x)):
        with pytest.warns(RuntimeWarning, match="XLA cannot compile these steps, they run uncompiled"):
            steps = sess.run_steps(text, data, feeds=keys)
        assert steps.done == 2
    assert sess.run(total) == 13
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value total"):
        tf.Session(config=config).run_steps(add, {x: [1.0]})
    with pytest.raises(tf.errors.InvalidArgumentError, match="unsupported operations"):
        sess.run_steps(text, {x: [3.0, 4.0]}, xla=True)
    assert sess.run_steps(text, {x: [3.0]}, xla=False).values == b"16.000000"


# Step functions.


def train_step(images, labels):
    w = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer())
    loss = tf.losses.sparse_softmax_cross_entropy(labels, tf.matmul(images, w))
    return {"train": tf.train.AdamOptimizer(0.1).minimize(loss), "loss": loss}


@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_a_step_function(kind):
    rng = np.random.default_rng(0)
    images, labels = rng.random((9, 5, 4), np.float32), rng.integers(0, 3, (9, 5))
    one, other = tf.Session(), tf.Session()
    expected = [one.run(train_step, *pair) for pair in zip(images[:6], labels[:6], strict=True)]
    data = (images, labels) if kind == "arrays" else _dataset(images, labels)
    values, done = other.run_steps(train_step, data, 6)
    assert done == 6
    _same(values, expected[5])
    rest = (images[6:, :4], labels[6:, :4])  # another batch size
    values, done = other.run_steps(train_step, rest if kind == "arrays" else _dataset(*rest), keep="all")
    assert done == 3 and values["loss"].shape == (3,)
    for pair in zip(*rest, strict=True):
        one.run(train_step, *pair)
    assert len(tf.trainable_variables()) == 1  # made once
    _same(one.run(tf.global_variables()), other.run(tf.global_variables()))


def test_a_step_function_takes_elements_as_they_are():
    def step(parts):
        return parts["a"] - parts["b"]

    def counts():
        return tf.assign_add(tf.get_variable("count", [], initializer=tf.zeros_initializer()), 2.0)

    sess = tf.Session()
    a, b = np.float32([5, 7]), np.float32([1, 2])
    assert sess.run_steps(step, {"a": a, "b": b}).values == 5
    assert sess.run_steps(step, _dataset(a=a, b=b)).values == 5
    assert sess.run_steps(counts, steps=10) == (20.0, 10)
    assert sess.run(counts) == 22
    with pytest.raises(TypeError, match="missing a required argument"):
        sess.run_steps(train_step, a)
    with pytest.raises(ValueError, match="feeds= is for placeholders"):
        sess.run_steps(step, {"a": a, "b": b}, feeds=a)
