"""UPDATE_OPS of a layer in a branch of tf.cond, under the control dependencies of a step outside."""

import numpy as np
import pytest

import tf1compat.v1 as tf

X = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def layer(x, training, reuse):
    return tf.layers.batch_normalization(x, training=training, momentum=0.5, name="bn", reuse=reuse)


def contrib(x, training, reuse):
    return tf.contrib.layers.batch_norm(x, is_training=training, decay=0.5, scope="bn", reuse=reuse)


@pytest.mark.parametrize("normalize", [layer, contrib])
@pytest.mark.parametrize("turned", [False, True])
def test_moving_averages_move_where_the_branch_is_taken(normalize, turned):
    """The numbers of TF 1.15.5, which failed where it was not taken."""
    x, training = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.bool, [])
    branches = [lambda: normalize(x * 1.0, True, None), lambda: normalize(x * 1.0, False, True)]
    if turned:  # the branch that is built first makes the variables
        branches = [lambda: normalize(x * 1.0, False, None), lambda: normalize(x * 1.0, True, True)]
        y = tf.cond(tf.logical_not(training), *branches)
    else:
        y = tf.cond(training, *branches)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    assert len(updates) == 2
    with tf.control_dependencies(updates):
        step = tf.identity(y)
    (mean,) = (v for v in tf.global_variables() if "moving_mean" in v.name)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(y, {x: X, training: True})
        assert sess.run(mean).tolist() == [0, 0, 0]  # nobody asked for the updates
        sess.run(step, {x: X, training: True})
        np.testing.assert_allclose(sess.run(mean), [0.75, 1.25, 1.75])
        sess.run(step, {x: X, training: False})
        np.testing.assert_allclose(sess.run(mean), [0.75, 1.25, 1.75])
        sess.run(tf.group(*updates), {x: X, training: True})
        np.testing.assert_allclose(sess.run(mean), [1.125, 1.875, 2.625])


def test_what_cannot_be_done_twice_says_so():
    x, training = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.bool, [])

    def noisy():
        return layer(x + tf.random_normal([3]), True, None)

    tf.cond(training, noisy, lambda: layer(x, False, True))
    with pytest.raises(ValueError, match="AssignMovingAvg.*outside of the loop, cond.*Random.*Let the body return it"):
        tf.group(*tf.get_collection(tf.GraphKeys.UPDATE_OPS))


def test_a_loops_writes_are_its_own():
    total = tf.get_variable("total", [], initializer=tf.zeros_initializer())

    def body(i):
        tf.add_to_collection("updates", total.assign_add(1.0).op)
        return i + 1

    tf.while_loop(lambda i: i < 3, body, [0])
    with pytest.raises(ValueError, match="runs when the body does"), tf.control_dependencies(
        tf.get_collection("updates")
    ):
        pass


@pytest.mark.parametrize("waits", [False, True])
def test_a_write_happens_once(waits):
    """Also where the branch's own result waits for it, as an update with updates_collections=None."""
    taken = tf.placeholder(tf.bool, [])
    total = tf.get_variable("total", [], initializer=tf.zeros_initializer())

    def branch():
        add = total.assign_add(1.0)
        tf.add_to_collection("updates", add.op)
        with tf.control_dependencies([add] if waits else []):
            return tf.constant(1.0)

    y = tf.cond(taken, branch, lambda: tf.constant(0.0))
    with tf.control_dependencies(tf.get_collection("updates")):
        step = tf.identity(y)
    with tf.Session() as sess:
        sess.run(total.initializer)
        for number in range(3):
            assert sess.run(step, {taken: True}) == 1 and sess.run(total) == number + 1
        sess.run(step, {taken: False})
        sess.run(y, {taken: True})
        assert sess.run(total) == (4 if waits else 3)
