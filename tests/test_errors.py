"""Errors: TF 1.15.5's classes and messages, the op to blame, and nothing of ours in the text."""

import re

import numpy as np
import pytest
from goldens.session import compare, errors, observe
from hypothesis import given, settings
from hypothesis import strategies as st

import tf1compat.v1 as tf

_TENSORFLOWS_WORDS = "TensorFlow's own words, which have changed"
_READS = "variables are resource variables here: the op is the one that read or wrote, under its name today"

#: Where -> why it differs from TF 1.15.5.
DEVIATIONS = {
    "uninitialized[0]": "TF 1.15.5 blamed a node of its own",
    **{f"uninitialized[{n}]": _READS for n in (1, 2, 3, 4, 5, 7)},
    "kernels[5].message[0]": _TENSORFLOWS_WORDS,
    "kernels[10]": "TensorFlow 2's kernel gives NaN where the Cholesky decomposition fails",
    "kernels[18].message[0]": _TENSORFLOWS_WORDS,
    "kernels[24]": "TensorFlow 2's linspace takes 0",
    "building[*].message": _TENSORFLOWS_WORDS,
    "queues[*].message": "TF 1.15.5 put a number before the queue's name",
    "iterators[6]": _TENSORFLOWS_WORDS,
    "missing_job[0]": "TF 1.15.5 refused a job that is not there even with soft placement",
}


@pytest.mark.parametrize("name", observe.programs_of(errors))
def test_as_under_tf_1_15(name):
    compare.check(tf, errors, name, DEVIATIONS)


#: What only somebody who knows this package could have put into a message.
OURS = re.compile(
    r"tf1compat_run|tf1compat[-_]session|tf1compat-copies|StatefulPartitionedCall|__wrapped__|function_node|\[Op:"
)


def _failures():
    """Programs that fail in many ways: (name, what builds the fetch and the feed)."""
    x = tf.placeholder(tf.float32, [None], name="x")
    i = tf.placeholder(tf.int32, [None], name="i")
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    unset = tf.Variable([1.0], name="unset", collections=[])
    queue = tf.FIFOQueue(1, tf.float32, [[]], name="queue")
    closed = tf.FIFOQueue(1, tf.float32, [[]], name="closed")
    closed.close(name="closing")
    data = tf.data.Dataset.from_tensor_slices([1.0]).make_initializable_iterator()
    bad = tf.check_numerics(tf.log(x), "bad", name="bad")
    loop = tf.while_loop(
        lambda k: k < 3, lambda k: k + tf.cast(tf.check_numerics(tf.log(x), "in loop")[0], tf.int32), [0], name="loop"
    )
    update = tf.assign_add(v, tf.gather(v, i, name="picked"), name="update")
    feed = {x: [-1.0], i: [7]}
    return {
        "bad": (bad, feed),
        "gather": (tf.gather(x, i, name="gather"), feed),
        "loop": (loop, feed),
        "picked": (update, feed),
        "unset": (unset + 1.0, {}),
        "unset in a loop": (tf.while_loop(lambda k: k < 3.0, lambda k: k + unset[0], [0.0]), {}),
        "x": (x + 1.0, {}),
        "closed": (closed.dequeue(), {}),
        "iterator": (data.get_next(name="next"), {}),
        "several": ([bad, queue.size()], feed),
        "function": (tf.py_func(lambda a: 1 / 0, [x], tf.float32, name="function"), feed),
        "table": (tf.nn.embedding_lookup(v, i, name="table"), feed),
        "condition": (tf.cond(x[0] < 0, lambda: bad + 0, lambda: x), feed),
        "assert": (tf.group(tf.assert_positive(x, name="assertion")), feed),
        "scatter": (tf.scatter_update(v, i, [1.0], name="scatter"), feed),
        "map": (tf.map_fn(lambda e: tf.check_numerics(tf.log(e), "mapped"), x, name="map"), feed),
    }


@pytest.mark.parametrize("name", list(_failures()))
def test_no_inner_name_is_shown_and_an_op_is_named(name):
    fetch, feed = _failures()[name]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        if name == "closed":
            sess.run(tf.get_default_graph().get_operation_by_name("closing"))
        with pytest.raises(tf.errors.OpError) as caught:
            sess.run(fetch, feed)
    error = caught.value
    assert not OURS.search(str(error)), str(error)
    assert not OURS.search(error.message), error.message
    assert error.op is not None and error.op.graph is tf.get_default_graph()
    assert error.node_def is not None and error.node_def.name.startswith(error.op.name)
    assert f"{{{{node {error.node_def.name}}}}}" in error.message
    assert not re.match(r"\s*(\{\{|\[\[|Graph execution error)", error.message)
    assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)


def test_a_failed_run_is_not_run_again_on_the_sessions_own_state():
    """Naming the op may need a repetition; variables, streams and queues do not notice it."""
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(0.0)
    r = tf.random_uniform([], seed=3)
    with tf.control_dependencies([tf.assign_add(v, 1.0), r.op]):
        bad = tf.check_numerics(x + r, "bad", name="bad")
    with tf.Session() as one, tf.Session() as two:
        for sess in (one, two):
            sess.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            one.run(bad, {x: np.inf})
        assert caught.value.op.name == "bad"
        two.run(bad, {x: 1.0})
        assert one.run(v) == 1.0
        assert one.run(r) == two.run(r)


def test_python_functions_that_fail_are_called_once():
    calls = []

    def function(value):
        calls.append(value)
        raise ValueError("said so")

    y = tf.py_func(function, [tf.constant(1.0)], tf.float32, name="call")
    with tf.Session() as sess:
        with pytest.raises(tf.errors.InvalidArgumentError, match="said so") as caught:
            sess.run(y)
    assert len(calls) == 1 and caught.value.op is y.op


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9), st.integers(1, 10), st.booleans())
def test_the_op_that_failed_is_found_among_many_alike(which, count, update):
    """`count` checks in a row, one of which fails: the error names that one."""
    which = which % count
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [count])
        checks = [tf.check_numerics(x[k], "bad", name=f"check_{k}") for k in range(count)]
        total = tf.add_n(checks)
        v = tf.Variable(0.0)
        fetch = tf.assign_add(v, total) if update else total
        sess.run(v.initializer)
        value = np.ones(count)
        value[which] = np.nan
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(fetch, {x: value})
        assert caught.value.op.name == f"check_{which}"
        assert sess.run(v) == 0.0


def test_a_finalized_graph_still_explains_errors():
    v = tf.Variable(1.0, name="v")
    step = tf.assign_add(v, 1.0)
    tf.get_default_graph().finalize()
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
        sess.run(step)


def test_a_closed_session_says_so_everywhere():
    x = tf.placeholder(tf.float32, [])
    y = x + 1.0
    sess = tf.Session()
    call = sess.make_callable(y, [x])
    sess.close()
    for action in (
        lambda: sess.run(y, {x: 1.0}),
        lambda: call(1.0),
        lambda: sess.make_callable(y),
        lambda: sess.partial_run_setup([y], [x]),
    ):
        with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
            action()


def test_a_tensor_of_another_graph_is_named_as_fetch_and_as_feed():
    mine = tf.constant(1.0, name="mine")
    with tf.Graph().as_default():
        other = tf.placeholder(tf.float32, [], name="other")
        variable = tf.Variable(1.0, name="elsewhere")
    with tf.Session() as sess:
        with pytest.raises(ValueError, match='Fetch argument.*"other:0".*is not an element of this graph'):
            sess.run(other)
        with pytest.raises(
            TypeError, match='Cannot interpret feed_dict key.*"other:0".*is not an element of this graph'
        ):
            sess.run(mine, {other: 1.0})
        with pytest.raises(ValueError, match="elsewhere"):
            sess.run(variable)
