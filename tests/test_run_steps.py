"""`Session.run_steps` against the loop of `Session.run` that it stands for: the same values to the last bit."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest
import tensorflow as real_tf
from google.protobuf import text_format
from steps_harness import adder, dataset, same, session

import tf1compat
import tf1compat.v1 as tf
from tf1compat.graph.looping import loops

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


def _loop_in_a_branch():
    x, v = tf.placeholder(tf.float32, []), tf.get_variable("v", [], initializer=tf.zeros_initializer())

    def loop():
        return tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t + tf.assign_add(v, 0.25)), [0, x])[1]

    return [tf.cond(x > -1.0, loop, lambda: x)], {"x": x}


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


GRAPHS = [_softmax, _random, _keras, _control_flow, _loop_in_a_branch, _order, _rows, _queue, _text, _python]


def _values(placeholder, steps, rng):
    shape = [steps, *(2 if size is None else size for size in placeholder.shape.as_list())]
    if placeholder.dtype.is_integer:
        return rng.integers(0, 3, shape).astype(placeholder.dtype.as_numpy_dtype)
    return rng.random(shape).astype(placeholder.dtype.as_numpy_dtype)


def _by_loop(sess, fetches, feeds, stacks, steps):
    return [sess.run(fetches, {feeds[k]: stacks[k][i] for k in feeds}) for i in range(steps)]


def _state(sess):
    return sess.run([tf.global_variables(), tf.local_variables()])


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("kind", ["arrays", "dataset"])
def test_the_same_as_a_loop_of_runs(graph, kind):
    fetches, feeds = graph()
    rng = np.random.default_rng(0)
    stacks = {name: _values(placeholder, 13, rng) for name, placeholder in feeds.items()}
    one, other = session(), session()
    expected = _by_loop(one, fetches, feeds, stacks, 13)
    if kind == "arrays":
        data = {feeds[name]: stack for name, stack in stacks.items()}
        steps = other.run_steps(fetches, data, 9)
        same(steps.values, expected[8])
        assert steps.done == 9
        steps = other.run_steps(fetches, {key: stack[9:] for key, stack in data.items()})
    else:
        with tf1compat.eager():
            data = iter(tf.data.Dataset.from_tensor_slices(stacks))
        steps = other.run_steps(fetches, data, 9, feeds=feeds)
        same(steps.values, expected[8])
        assert steps.done == 9
        steps = other.run_steps(fetches, data, feeds=feeds)  # goes on, to the end of the data
    assert steps.done == 4
    same(steps.values, expected[-1])
    same(_state(one), _state(other))
    more = {feeds[name]: stack[0] for name, stack in stacks.items()}
    same(one.run(fetches, more), other.run(fetches, more))  # and the streams go on together


@pytest.mark.parametrize("graph", GRAPHS)
def test_all_values(graph):
    fetches, feeds = graph()
    rng = np.random.default_rng(1)
    stacks = {name: _values(placeholder, 11, rng) for name, placeholder in feeds.items()}
    one, other = session(), session()
    expected = _by_loop(one, fetches, feeds, stacks, 11)
    data = {feeds[name]: stack for name, stack in stacks.items()}
    values, done = other.run_steps(fetches, data, keep="all", chunk_size=4)
    assert done == 11
    stacked = [
        None if rows[0] is None else np.stack(rows)
        for rows in zip(*map(real_tf.nest.flatten, expected), strict=True)
    ]
    same(real_tf.nest.flatten(values), stacked)
    same(_state(one), _state(other))


def test_tf1s_own_loops_in_an_imported_graph():
    saved = json.loads((GOLDENS / "random" / "loops.json").read_text())
    definition = text_format.Parse(saved["graph"], tf.GraphDef())
    names = list(saved["tensors"].values())
    fetches = tf.import_graph_def(definition, return_elements=names, name="")
    one, other = tf.Session(), tf.Session()
    expected = [one.run(fetches) for _ in range(7)]
    steps = other.run_steps(fetches, steps=7, keep="all", chunk_size=5)
    assert steps.done == 7
    same(steps.values, [np.stack(rows) for rows in zip(*expected, strict=True)])
    same(other.run(fetches), one.run(fetches))


@pytest.mark.parametrize("graph", [_softmax, _order, _rows])
def test_however_often_a_step_is_written_out(graph, monkeypatch):
    fetches, feeds = graph()
    rng = np.random.default_rng(2)
    stacks = {name: _values(placeholder, 11, rng) for name, placeholder in feeds.items()}
    one = session()
    expected = _by_loop(one, fetches, feeds, stacks, 11)
    for times in (1, 2, 3, 8):
        monkeypatch.setattr(loops, "_UNROLLED", ((10_000, times),))
        other = session()
        steps = other.run_steps(fetches, {feeds[name]: stack for name, stack in stacks.items()})
        same(steps.values, expected[-1])
        same(_state(one), _state(other))


# XLA.


@pytest.mark.parametrize("keep", ["last", "all"])
@pytest.mark.parametrize("shape", [[None], [2]])
def test_with_xla(keep, shape, monkeypatch):
    monkeypatch.setattr(loops, "_MOST", 6)  # values that one call of the loop can keep
    x, total, _ = adder(shape)
    write = tf.assign(total, total * 0.5 + tf.reduce_sum(x))
    fetches = [write, x, total]
    sess, other = session(), session()
    stack = np.arange(40, dtype=np.float32).reshape(20, 2)
    expected = [sess.run(fetches, {x: row}) for row in stack]
    for data, keys in (({x: stack}, None), (dataset(stack), x)):
        other.run(total.initializer)
        values, done = other.run_steps(fetches, data, feeds=keys, keep=keep, xla=True)
        assert done == 20
        wanted = expected[-1] if keep == "last" else [np.stack(rows) for rows in zip(*expected, strict=True)]
        same(values, wanted)
        same(other.run(total), sess.run(total))


def test_a_session_with_xla_does_without_where_it_must():
    config = tf.ConfigProto()
    config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
    x, total, add = adder([])
    sess = tf.Session(config=config)
    sess.run(total.initializer)
    assert sess.run_steps(add, {x: [1.0, 2.0]}) == (3.0, 2)
    text = tf.as_string(add)
    for data, keys in (({x: [3.0, 4.0]}, None), (dataset([1.0, 2.0]), x)):
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
    data = (images, labels) if kind == "arrays" else dataset(images, labels)
    values, done = other.run_steps(train_step, data, 6)
    assert done == 6
    same(values, expected[5])
    rest = (images[6:, :4], labels[6:, :4])  # another batch size
    values, done = other.run_steps(train_step, rest if kind == "arrays" else dataset(*rest), keep="all")
    assert done == 3 and values["loss"].shape == (3,)
    for pair in zip(*rest, strict=True):
        one.run(train_step, *pair)
    assert len(tf.trainable_variables()) == 1  # made once
    same(one.run(tf.global_variables()), other.run(tf.global_variables()))


def test_a_step_function_takes_elements_as_they_are():
    def step(parts):
        return parts["a"] - parts["b"]

    def counts():
        return tf.assign_add(tf.get_variable("count", [], initializer=tf.zeros_initializer()), 2.0)

    sess = tf.Session()
    a, b = np.float32([5, 7]), np.float32([1, 2])
    assert sess.run_steps(step, {"a": a, "b": b}).values == 5
    assert sess.run_steps(step, dataset(a=a, b=b)).values == 5
    assert sess.run_steps(counts, steps=10) == (20.0, 10)
    assert sess.run(counts) == 22
    with pytest.raises(TypeError, match="missing a required argument"):
        sess.run_steps(train_step, a)
    with pytest.raises(ValueError, match="feeds= is for placeholders"):
        sess.run_steps(step, {"a": a, "b": b}, feeds=a)
