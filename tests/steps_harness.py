"""What the tests of `Session.run_steps` share."""

import numpy as np
import tensorflow as real_tf

import tf1compat
import tf1compat.v1 as tf


def session():
    sess = tf.Session()
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    return sess


def same(one, other):
    leaves, others = real_tf.nest.flatten(one), real_tf.nest.flatten(other)
    assert len(leaves) == len(others)
    for a, b in zip(leaves, others, strict=True):
        assert type(a) is type(b)
        if a is not None:
            assert np.asarray(a).dtype == np.asarray(b).dtype
            np.testing.assert_array_equal(a, b)


def adder(shape=(None,), dtype=None):
    x = tf.placeholder(dtype or tf.float32, shape, name="x")
    total = tf.get_variable("total", [], initializer=tf.zeros_initializer())
    return x, total, tf.assign_add(total, tf.reduce_sum(tf.cast(x, tf.float32)))


def dataset(*parts, **named):
    with tf1compat.eager():
        return tf.data.Dataset.from_tensor_slices(named or (parts if len(parts) > 1 else parts[0]))
