"""`sess.run(fn, *args)`: steps without placeholders, traced once a signature, with variables that are made once."""

import collections
import contextlib
import enum
import functools
import re
import threading
import traceback
import types
import warnings

import numpy as np
import pytest
import tensorflow as tf2
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat
import tf1compat.v1 as tf

X = np.random.RandomState(0).rand(6, 4).astype(np.float32)
Y = np.eye(2, dtype=np.float32)[[0, 1, 1, 0, 1, 0]]


def traces(sess):
    return sum(len(step.traces) for step in sess.graph.steps.values())


def build(x, y):
    """A model with about everything that TF1 keeps on the side."""
    with tf.variable_scope(None, default_name="layer"):
        w = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer(), regularizer=tf.nn.l2_loss)
    with tf.name_scope("head"):
        v = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2) / 7, name="v")
    hidden = tf.layers.batch_normalization(tf.matmul(tf.cast(x, tf.float32), w), training=True)
    logits = tf.matmul(hidden, v)
    tf.losses.softmax_cross_entropy(y, logits)
    loss = tf.losses.get_total_loss()
    tf.summary.scalar("loss", loss)
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.1, step, 5, 0.9)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.AdamOptimizer(rate).minimize(loss, global_step=step)
    average = tf.train.ExponentialMovingAverage(0.9, step)
    with tf.control_dependencies([train]):
        train = average.apply(tf.trainable_variables())
    return {"loss": loss, "train": train, "summary": tf.summary.merge_all(), "average": average.average(w)}


def listed(graph):
    keys = [key for key in graph.get_all_collection_keys() if not key.startswith("cond_context")]
    return {key: [getattr(item, "name", item) for item in graph.get_collection(key)] for key in keys}


# The same program as with placeholders.


def test_losses_are_those_of_the_program_with_placeholders_bit_for_bit():
    batches = [(X[: 3 + i % 3], Y[: 3 + i % 3]) for i in range(12)]
    with tf.Graph().as_default(), tf.Session() as sess:
        x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 2])
        fetches = build(x, y)
        names = [v.name for v in tf.global_variables()]
        sess.run(tf.global_variables_initializer())
        expected = [sess.run(fetches, {x: a, y: b}) for a, b in batches]
    with tf.Graph().as_default(), tf.Session() as sess:
        got = [sess.run(build, a, b) for a, b in batches]
        assert [v.name for v in tf.global_variables()] == names
        assert traces(sess) == 1
    for one, other in zip(expected, got, strict=True):
        assert one["loss"] == other["loss"] and one["summary"] == other["summary"]
        np.testing.assert_array_equal(one["average"], other["average"])
        assert other["train"] is None


def test_a_second_trace_makes_nothing_but_operations():
    with tf.Session() as sess:
        first = sess.run(build, X, Y)
        before = listed(sess.graph)
        value = sess.run("head/v:0")
        second = sess.run(build, X.astype(np.float64), Y)
        assert traces(sess) == 2
        assert listed(sess.graph) == before
        assert second["loss"] < first["loss"]  # the same variables, one step on
        assert not np.array_equal(sess.run("head/v:0"), value)
        tags = [tf.Summary.FromString(r["summary"]).value[0].tag for r in (first, second)]
        assert tags == ["loss", "loss"]
        assert sess.run(tf.train.get_global_step()) == 2


def test_what_hangs_on_the_arguments_does_not_leak_into_the_collections():
    with tf.Session() as sess:
        sess.run(build, X, Y)
        assert tf.losses.get_losses() == [] and tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []
        assert tf.summary.merge_all() is None
        assert sess.run(tf.losses.get_regularization_loss()) > 0  # hangs on variables alone

        def evaluate(x, y):
            with tf.variable_scope("layer", reuse=True):
                w = tf.get_variable("w")
            tf.losses.mean_squared_error(y, tf.matmul(x, w)[:, :2])
            return tf.losses.get_total_loss(add_regularization_losses=False)

        assert np.isfinite(sess.run(evaluate, X, Y))


def test_default_names_go_on_from_step_to_step():
    def one(x):
        return tf.layers.dense(tf.cast(x, tf.float32), 2)

    def two(x):
        return tf.layers.dense(one(x), 2)

    with tf.Session() as sess:
        sess.run(one, X)
        sess.run(two, X)
        outside = tf.layers.dense(tf.constant(X), 2)
        for step in (one, two):
            sess.run(step, X.astype(np.float64))
        names = [v.name.partition("/")[0] for v in tf.trainable_variables()[::2]]
        assert names == ["dense", "dense_1", "dense_2", "dense_3"] and outside.op.name.startswith("dense_3")


def test_a_train_op_that_is_not_returned_is_told():
    def forgets(x):
        loss = tf.reduce_sum(tf.layers.dense(x, 2) ** 2)
        tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        return loss

    with tf.Session() as sess, pytest.warns(RuntimeWarning, match="forgets builds an optimizer's updates"):
        assert sess.run(forgets, X) == sess.run(forgets, X)


def test_objects_made_outside_keep_their_variables_over_traces():
    dense = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)

    def step(x, y):
        loss = tf.reduce_mean(tf.square(dense(tf.cast(x, tf.float32)) - y))
        return loss, optimizer.minimize(loss)

    with tf.Session() as sess:
        losses = [sess.run(step, x, Y)[0] for x in (X, X.astype(np.float64), X.astype(np.float16), X)]
        assert traces(sess) == 3
        assert losses == sorted(losses, reverse=True) and len(set(losses)) == 4
        assert len(tf.global_variables()) == 4  # kernel, bias, and the momentum of each


def test_a_keras_model_made_eagerly_trains():
    with tf1compat.eager():
        import keras

        model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
        before = model.layers[0].kernel.numpy()

    def step(x, y):
        loss = tf.reduce_mean(tf.square(model(tf.cast(x, tf.float32)) - y))
        return loss, tf.train.GradientDescentOptimizer(0.1).minimize(loss)

    with tf.Session() as sess:
        first = sess.run(step, X, Y)[0]
        with tf1compat.eager():
            assert not np.array_equal(model.layers[0].kernel.numpy(), before)
        assert sess.run(step, X.astype(np.float64), Y)[0] < first  # `minimize` finds them in a second trace too


def test_a_cell_used_in_a_loop_alone_is_trained_in_a_second_trace():
    cell = tf.nn.rnn_cell.BasicRNNCell(3)

    def step(x):
        output, _ = tf.nn.dynamic_rnn(cell, tf.cast(x, tf.float32), dtype=tf.float32)
        loss = tf.reduce_mean(tf.square(output - 1.0))
        return loss, tf.train.GradientDescentOptimizer(0.5).minimize(loss)

    with tf.Session() as sess:
        data = X.reshape(2, 3, 4)
        losses = [sess.run(step, x)[0] for x in (data, data.astype(np.float64), data)]
        assert losses == sorted(losses, reverse=True) and len(set(losses)) == 3


# Variables.


def test_values_that_variables_have_already_are_kept():
    def step(x):
        return tf.get_variable("w", [2], initializer=tf.zeros_initializer()) + x

    with tf.Session() as sess:
        outside = tf.get_variable("outside", [1])
        named = sess.function(step)
        total = named.trace(tf2.TensorSpec([None]))
        assert not sess.run(tf.is_variable_initialized(tf.global_variables()[-1]))
        sess.run(tf.global_variables()[-1].assign([5.0, 6.0]))
        np.testing.assert_array_equal(named([1.0, 1.0]), [6.0, 7.0])
        assert total.shape.as_list() == [2]
        with pytest.raises(tf.errors.FailedPreconditionError, match="outside"):
            sess.run(outside)  # a variable of the graph's own is the user's to initialise


def test_two_sessions_on_one_graph_share_the_trace_and_no_value():
    def step(x):
        return tf.assign_add(tf.get_variable("w", [], initializer=tf.ones_initializer()), x)

    one, two = tf.Session(), tf.Session()
    assert [one.run(step, 1.0), one.run(step, 1.0), two.run(step, 5.0), one.run(step, 0.0)] == [2, 3, 6, 3]
    assert traces(one) == 1 and len(tf.global_variables()) == 1


def test_other_variables_in_a_second_trace_are_refused():
    count = iter(range(9))

    def step(x):
        return tf.get_variable(f"w{next(count)}", [2]) + tf.cast(x, tf.float32)

    with tf.Session() as sess:
        sess.run(step, np.zeros(2, np.float32))
        with pytest.raises(ValueError, match="step makes the variable 'w1' in this trace.*made w0 instead"):
            sess.run(step, np.zeros(2, np.int32))
        sess.run(step, np.zeros(3)[:2].astype(np.float32))


def test_a_variable_of_another_shape_or_dtype_in_a_second_trace_is_refused():
    def step(x):
        return tf.matmul(x, tf.get_variable("w", [x.shape[1], 2], x.dtype))

    with tf.Session() as sess:
        sess.run(step, X)
        with pytest.raises(ValueError, match=r"'w' as float32\(4, 2\).*asks for float32\(3, 2\) now"):
            sess.run(step, X[:, :3])
        with pytest.raises(ValueError, match=r"asks for float64\(4, 2\) now"):
            sess.run(step, X.astype(np.float64))
        assert sess.run(step, X).shape == (6, 2)


def test_another_python_value_may_make_more_variables():
    def step(x, training):
        w = tf.get_variable("w", [4, 2], initializer=tf.ones_initializer())
        loss = tf.reduce_sum(tf.matmul(x, w))
        return (loss, tf.train.AdamOptimizer().minimize(loss)) if training else loss

    with tf.Session() as sess:
        first = sess.run(step, X, training=False)
        assert sess.run(step, X, training=True)[0] == first
        assert sess.run(step, X, False) < first
        assert len(tf.trainable_variables()) == 1 and len(tf.global_variables()) == 5


def test_an_initial_value_out_of_the_arguments_is_refused():
    with tf.Session() as sess, pytest.raises(ValueError, match="initial value of the variable 'w:0' depends on"):
        sess.run(lambda x: tf.Variable(x * 2.0, name="w").read_value(), 1.0)


def test_a_table_made_in_a_step_is_initialised_and_a_queue_is_made_once_or_refused():
    def words(x):
        return tf.contrib.lookup.index_table_from_tensor(tf.constant(["a", "b"])).lookup(x)

    def queue(x):
        made = tf.FIFOQueue(3, [x.dtype], name="lines")
        with tf.control_dependencies([made.enqueue(tf.reduce_sum(x))]):
            return made.dequeue()

    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(words, ["b", "z"]), [1, -1])
        np.testing.assert_array_equal(sess.run(words, [["a"], ["b"]]), [[0], [1]])
        assert sess.run(queue, X) == pytest.approx(X.sum(), rel=1e-5)
        with pytest.raises(ValueError, match="queue makes a FIFOQueueV2"):
            sess.run(queue, X.astype(np.float64))


# Arguments.


def test_the_batch_size_is_free_and_another_rank_dtype_or_form_is_a_trace():
    def step(x):
        return tf2.nest.map_structure(lambda t: t * 2, x)

    with tf.Session() as sess:
        for size in (1, 5, 0, 9):
            assert sess.run(step, np.ones([size, 3], np.float32)).shape == (size, 3)
        assert traces(sess) == 1
        sess.run(step, np.ones([2, 3, 1], np.float32))
        sess.run(step, np.ones([2, 3], np.int32))
        result = sess.run(step, {"a": np.ones(2), "b": (1.0, [2, 3])})
        assert traces(sess) == 4
        np.testing.assert_array_equal(result["b"][1], [4, 6])


@pytest.mark.parametrize(
    ("argument", "expected", "dtype"),
    [
        (3, 3, np.int32), (2**40, 2**40, np.int64), (-(2**31), -(2**31), np.int32), (2.5, 2.5, np.float32),
        (1j, 1j, np.complex128), (np.float64(3), 3, np.float64), ([1, 2], [1, 2], np.int32),
        ([[1.5]], [[1.5]], np.float32),
        ([2**40, 1], [2**40, 1], np.int64), ([True, False], [True, False], np.bool_), (np.bool_(True), True, np.bool_),
        (["a", b"bc"], [b"a", b"bc"], object), (np.array(["x", "yz"]), [b"x", b"yz"], object),
        (np.zeros([2, 0], np.float16), np.zeros([2, 0]), np.float16), ([np.float64(1)], [1.0], np.float64),
        (np.arange(6).reshape(2, 3)[:, ::2], [[0, 2], [3, 5]], np.int64), (np.matrix([[1.0]]), [[1.0]], np.float64),
    ],
)  # fmt: skip
def test_values_that_become_inputs(argument, expected, dtype):
    with tf.Session() as sess:
        result = sess.run(lambda x: tf.identity(x), argument)
        np.testing.assert_array_equal(result, expected)
        assert np.asarray(result).dtype == dtype


Pair = collections.namedtuple("Pair", "x y")


@pytest.mark.parametrize(
    "kind", [dict, collections.OrderedDict, types.MappingProxyType, functools.partial(collections.defaultdict, int)]
)
def test_mappings_of_all_kinds_and_named_tuples(kind):
    with tf.Session() as sess:
        pair = sess.run(lambda p, d: Pair(p.y, d["b"]), Pair(1.0, [2.0, 3.0]), kind({"b": 4.0, "a": 5.0}))
    assert pair.y == 4 and list(pair.x) == [2, 3]


class Mode(enum.Enum):
    TRAIN = 1
    TEST = 2


def test_python_values_are_seen_as_they_are():
    seen = []

    def step(x, mode, flag=None, *, other="z"):
        seen.append((mode, flag, other))
        return x + 1.0

    with tf.Session() as sess:
        thing = object()
        for _ in range(3):
            sess.run(step, 1.0, Mode.TRAIN, True)
            sess.run(step, 1.0, Mode.TEST, flag=thing, other="y")
    assert seen == [(Mode.TRAIN, True, "z"), (Mode.TEST, thing, "y")]


def test_eager_tensors_dataset_elements_sparse_and_ragged():
    with tf1compat.eager():
        data = tf2.data.Dataset.from_tensor_slices({"x": X, "n": np.arange(6)}).batch(4)
        elements = list(data)
        sparse, ragged = tf2.sparse.from_dense([[1.0, 0], [0, 2]]), tf2.ragged.constant([[1.0], [2.0, 3.0]])
    with tf.Session() as sess:
        sums = [sess.run(lambda e: (tf.reduce_sum(e["x"]), e["n"]), element) for element in elements]
        assert traces(sess) == 1
        np.testing.assert_allclose([s for s, _ in sums], [X[:4].sum(), X[4:].sum()], rtol=1e-6)
        np.testing.assert_array_equal(sums[1][1], [4, 5])
        dense, twice = sess.run(lambda s, r: (tf.sparse_tensor_to_dense(s), r * 2.0), sparse, ragged)
        np.testing.assert_array_equal(dense, [[1, 0], [0, 2]])
        assert twice.to_list() == [[2], [4, 6]]
        value = tf.SparseTensorValue([[1, 1]], [5.0], [2, 2])
        assert sess.run(lambda s: tf.sparse_reduce_sum(s), value) == 5
        np.testing.assert_array_equal(sess.run(lambda r: r.row_lengths(), twice), [1, 2])
        with pytest.raises(TypeError, match="run_steps"):
            sess.run(lambda d: tf.constant(1), data)


leaves = st.one_of(
    st.integers(-5, 5), st.floats(-2, 2, width=32), st.lists(st.integers(0, 9), min_size=1, max_size=3),
    st.integers(0, 3).map(lambda n: np.arange(n, dtype=np.float32)),
    st.integers(0, 2).map(lambda n: np.ones([n, 2], np.int64)),
)  # fmt: skip
nests = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner),
        st.tuples(inner, inner),
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None)
@given(nests, nests)
def test_nests_come_through(first, second):
    with tf.Graph().as_default(), tf.Session() as sess, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = sess.run(lambda a, *, b: {"b": b, "a": a}, first, b=second)

    def same(got, wanted):
        if isinstance(wanted, dict):
            assert type(got) is dict and sorted(got) == sorted(wanted)
            for key in wanted:
                same(got[key], wanted[key])
        elif isinstance(wanted, tuple):
            assert len(got) == len(wanted)
            for one, other in zip(got, wanted, strict=True):
                same(one, other)
        else:
            np.testing.assert_array_equal(got, wanted)

    same(result["a"], first)
    same(result["b"], second)


def test_an_array_that_the_run_keeps_is_not_the_callers():
    mine = np.ones(3, np.float32)

    def keep(x):
        v = tf.get_variable("kept", [3], initializer=tf.zeros_initializer())
        return tf.assign(v, x).op

    with tf.Session() as sess:
        sess.run(keep, mine)
        mine[:] = 7
        np.testing.assert_array_equal(sess.run("kept:0"), [1, 1, 1])


# What is a step, and which.


class Model:
    def __init__(self, by):
        self.by = by

    def __call__(self, x):
        return x

    def scale(self, x, more=0.0):
        return x * self.by + more


def test_functions_methods_and_partials_are_steps_and_are_found_again():
    one, two = Model(2.0), Model(3.0)
    with tf.Session() as sess:
        for _ in range(3):
            assert sess.run(one.scale, 4.0) == 8 and sess.run(two.scale, 4.0) == 12
            assert sess.run(functools.partial(one.scale, more=1.0), 4.0) == 9
            assert sess.run(lambda x: x - 1.0, 4.0) == 3  # defined anew each time
        assert len(sess.graph.steps) == traces(sess) == 4


def test_a_function_defined_anew_around_another_value_is_another_step():
    with tf.Session() as sess:
        assert [sess.run(lambda x: x + by, 1.0) for by in range(3)] == [1, 2, 3]  # noqa: B023 - of each round


def test_other_callables_are_fetches_as_ever():
    x = tf.constant(3.0)
    with tf.Session() as sess:
        with pytest.raises(TypeError, match="Model object.* is no step"):
            sess.run(Model(1.0), 4.0)
        with pytest.raises(TypeError, match="invalid type"):
            sess.run(Model(1.0))
        assert sess.run(Model(1.0).__call__, 4.0) == 4
        with pytest.raises(TypeError, match="feed_dict must be a dictionary"):
            sess.run(x, 4.0)
        assert sess.run(x, {x: 5.0}) == sess.run(x, feed_dict={x: 5.0}) == sess.run(fetches=x, feed_dict={x: 5.0}) == 5
        assert sess.run(x, None, None, tf.RunMetadata()) == 3
        with pytest.raises(TypeError, match="multiple values for argument 'feed_dict'"):
            sess.run(x, {x: 1.0}, feed_dict={x: 2.0})
        with pytest.raises(TypeError, match="unexpected keyword argument 'lr'"):
            sess.run(x, lr=3)
        with pytest.raises(TypeError, match="1 to 4 positional"):
            sess.run(x, None, None, None, None)


def test_placeholders_that_a_step_closes_over_are_fed():
    scale = tf.placeholder(tf.float32, [], name="scale")

    def step(x):
        return x * scale

    with tf.Session() as sess:
        assert sess.run(step, 3.0, feed_dict={scale: 2.0}) == 6
        assert sess.run(step, 3.0, feed_dict={scale: 5.0}) == 15
        with pytest.raises(tf.errors.InvalidArgumentError, match="'scale'"):
            sess.run(step, 3.0)
        assert sess.run(lambda x, t: x + t, 1.0, scale, feed_dict={scale: 2.0}) == 3


def test_named_steps_and_input_signatures():
    spec = [tf2.TensorSpec([None, 2]), {"n": tf2.TensorSpec([], tf.int32)}]
    with tf.Session() as sess:

        @tf1compat.function(name="count", input_signature=spec)
        def step(x, options):
            assert x.op.name == "count.inputs/x" and options["n"].op.name == "count.inputs/options_n"
            return tf.reduce_sum(x) * tf.cast(options["n"], tf.float32)

        for value in ([[1, 2]], np.ones([3, 2]), np.ones([3, 2], np.float16), np.zeros([0, 2], np.int64)):
            assert sess.run(step, value, {"n": 2}) == 2 * np.sum(value)
        assert traces(sess) == 1
        assert step([[1, 2]], options={"n": 1}) == 3
        with pytest.raises(ValueError, match="'count.inputs/x:0'"):
            sess.run(step, [1, 2], {"n": 1})
        with pytest.raises(TypeError, match=r"count: options is a mapping with \['n'\]"):
            sess.run(step, [[1, 2]], 3)
        with pytest.raises(TypeError, match="count: missing a required argument: 'options'"):
            sess.run(step, [[1, 2]])
        with pytest.raises(TypeError, match="input_signature is a nest of tf.TensorSpec"):
            tf1compat.function(input_signature=[3])(lambda x: x)
        with pytest.raises(TypeError, match="A step is a function"):
            tf1compat.function(Model(1.0))
    with pytest.raises(RuntimeError, match="no default Session to run count in"):
        step([[1, 2]], {"n": 1})


def test_named_steps_are_methods_and_parts_of_other_steps():
    class Trainer:
        def __init__(self, by):
            self.by = by

        @tf1compat.function(name="scaled")
        def scale(self, x):
            return x * self.by

    trainer = Trainer(3.0)
    with tf.Session() as sess:
        assert sess.run(trainer.scale, 2.0) == 6 and Trainer.scale.name == "scaled"
        with sess.as_default():
            assert trainer.scale(3.0) == 9 and traces(sess) == 1

        @sess.function
        def around(x):
            return trainer.scale(x) + 1.0

        assert around(1.0) == 4


# Errors.


def test_an_error_in_a_step_says_where_and_leaves_the_graph_as_it_was():
    broken = [True]

    def step(x):
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        with tf.variable_scope("inner"), tf.name_scope("deep"), tf.control_dependencies([tf.no_op()]):
            if broken:
                raise KeyError("mine")  # the line in question
        tf.losses.add_loss(tf.reduce_sum(x))
        return w + x

    with tf.Session() as sess:
        before = listed(sess.graph)
        with pytest.raises(KeyError, match="mine") as caught:
            sess.run(step, [1.0, 2.0])
        text = "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
        assert "# the line in question" in text
        if hasattr(caught.value, "__notes__"):
            assert caught.value.__notes__ == ["While the step step(x: float32(?,)) was traced for Session.run."]
        assert listed(sess.graph) == before
        assert sess.run(tf.constant(1.0) + 1.0) == 2 and tf.constant(0.0).op.name.startswith("Const")
        broken.clear()
        np.testing.assert_array_equal(sess.run(step, [1.0, 2.0]), [2, 3])
        assert [v.name for v in tf.global_variables()] == ["w:0"]


@pytest.mark.parametrize(
    ("returned", "message"),
    [(None, "step returned None"), ([1.0], "step returned what cannot be fetched.*1.0"), ("nowhere:0", "nowhere")],
)
def test_a_step_that_returns_nothing_to_fetch(returned, message):
    def step(x):
        return returned

    with tf.Session() as sess, pytest.raises((TypeError, ValueError), match=message):
        sess.run(step, 1.0)


def test_session_run_inside_a_step_is_refused():
    v = tf.Variable(1.0)
    other = tf.Session()
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(v)
        for call in (
            lambda: sess.run(v),
            lambda: other.run(v),
            lambda: v.eval(sess),
            lambda: sess.run(lambda x: x, 1.0),
        ):

            def step(x, call=call):
                return x + call()

            with pytest.raises(RuntimeError, match="inside a step while it is traced"):
                sess.run(step, 1.0)
        elsewhere = tf.Session(graph=tf.Graph())
        with elsewhere.graph.as_default():
            constant = tf.constant(4.0)
        assert sess.run(lambda x: x + elsewhere.run(constant), 1.0) == 5  # another graph's Session may run


def test_tensors_of_another_graph_and_a_closed_session_are_refused():
    with tf.Graph().as_default():
        foreign = tf.constant(1.0)
    sess = tf.Session()
    with pytest.raises(ValueError, match="of another graph"):
        sess.run(lambda x: x, foreign)
    with pytest.raises(TypeError, match=r"Model.*|lambda: too many"):
        sess.run(lambda: tf.constant(1.0), 3)
    sess.close()
    with pytest.raises(RuntimeError, match="closed"):
        sess.run(lambda x: x, 1.0)


def test_an_error_while_running_names_the_op():
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="bad_check"):
        sess.run(lambda x: tf.check_numerics(x, "not finite", name="bad_check"), np.inf)


# Threads.


def test_threads_that_run_one_new_step_trace_it_once():
    def step(x):
        return tf.assign_add(tf.get_variable("sum", [], initializer=tf.zeros_initializer()), tf.reduce_sum(x))

    with tf.Session() as sess:
        graph, failed = sess.graph, []
        barrier = threading.Barrier(6)

        def work():
            try:
                barrier.wait()
                for size in range(1, 6):
                    sess.run(step, np.ones([size], np.float32))
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed and traces(sess) == 1
        assert sess.run("sum:0") == 6 * 15 and graph.view is None


def test_a_thread_that_builds_meanwhile_has_the_graph_as_it_is():
    inside, done = threading.Event(), threading.Event()
    seen = []
    with tf.Session() as sess:
        graph = sess.graph

        def builder():
            inside.wait()
            with graph.as_default():
                tf.add_to_collection("mine", "from the other thread")
                seen.append(tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES))
            done.set()

        def step(x):
            tf.get_variable("w", [1])
            inside.set()
            done.wait(10)
            return x + 1.0

        thread = threading.Thread(target=builder)
        thread.start()
        sess.run(step, 1.0)
        thread.join()
        assert seen == [[]] and tf.get_collection("mine") == ["from the other thread"]
        assert [v.name for v in tf.global_variables()] == ["w:0"]


# Retracing.


@contextlib.contextmanager
def warned():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([np.zeros([2, n]) for n in range(7)], r"x changed its shape after the first dimension.*input_signature"),
        ([np.zeros(2, d) for d in ("f", "d", "i", "l", "h", "b")], r"x changed its dtype \(float32, float64, int32"),
        ([np.zeros([1] * n) for n in range(6)], r"x changed its rank \(0, 1, 2, 3, 4\)"),
        (list("abcdefg"), r"x is a Python value, each of which is traced: 'a', 'b', 'c'"),
        ([object() for _ in range(6)], r"x was another object object each time"),
        (["a", 1.0, "b", 2.0, "c", np.ones(2)], r"x was an input in one call and a Python value in another"),
        ([(1.0,) * n for n in range(6)], r"the arguments had other forms: none; x_0; x_0, x_1"),
    ],
)
def test_many_traces_are_explained_once(arguments, message):
    def often(x):
        return tf.constant(1.0)

    with tf.Session() as sess, warned() as caught:
        for argument in arguments:
            sess.run(often, argument)
    (only,) = [w for w in caught if "often" in str(w.message)]
    assert str(only.message).startswith("often has been traced 5 times")
    assert only.filename == __file__
    assert re.search(message, str(only.message), re.S), str(only.message)


def test_a_step_defined_anew_in_a_loop_is_explained_once():
    with tf.Session() as sess, warned() as caught:
        for rate in range(15):
            sess.run(lambda x: x * rate, 1.0)  # noqa: B023 - of each round
    (only,) = [w for w in caught if "defined" in str(w.message)]
    assert "lambda" in str(only.message) and "(rate)" in str(only.message) and __file__ in str(only.message)


def test_few_traces_are_not_warned_of():
    with tf.Session() as sess, warned() as caught:
        for size in range(1, 40):
            sess.run(lambda x: x * 2.0, np.ones([size, 3], np.float32))
            sess.run(lambda x, rate: x * rate, 1.0, size / 7)
    assert not caught
