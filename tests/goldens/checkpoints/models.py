"""Small trainings, each with slots and averages, that TensorFlow 1.15.5 and tf1compat build alike."""

from __future__ import absolute_import, division, print_function

import os

#: Steps before the checkpoint, and after it.
BEFORE, AFTER = 5, 4

#: case: (the optimizer, what its `Saver` is given, the names of its slots).
CASES = {
    "adam": (lambda tf: tf.train.AdamOptimizer(0.05), {}, ["m", "v"]),
    "momentum": (lambda tf: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True), {}, ["momentum"]),
    "rmsprop": (lambda tf: tf.train.RMSPropOptimizer(0.02, momentum=0.5), {"sharded": True}, ["momentum", "rms"]),
    "rmsprop_centered": (
        lambda tf: tf.train.RMSPropOptimizer(0.02, momentum=0.5, centered=True),
        {"pad_step_number": True},
        ["mg", "momentum", "rms"],
    ),
    "adagrad": (lambda tf: tf.train.AdagradOptimizer(0.1), {"write_version": 1}, ["accumulator"]),
    "ftrl": (lambda tf: tf.train.FtrlOptimizer(0.1), {"write_version": 1, "sharded": True}, ["accum", "linear"]),
}


class Training(object):
    """A case built into the current default graph of `tf`."""

    def __init__(self, tf, case):
        make, options, self.slot_names = CASES[case]
        with tf.variable_scope("model"):
            table = tf.get_variable("table", initializer=[[0.5, -1.0], [2.0, 0.25], [1.0, 1.0], [-0.5, 0.75]])
            w = tf.get_variable("w", initializer=[[1.0, -2.0, 0.5], [0.25, 1.5, -1.0]])
            parts = tf.get_variable(
                "parts", [4, 2], initializer=tf.ones_initializer(), partitioner=tf.fixed_size_partitioner(2)
            )
        step = tf.train.get_or_create_global_step()
        rows = tf.nn.embedding_lookup(table, tf.mod(tf.cast(step, tf.int32) + tf.constant([0, 2]), 4))
        loss = tf.reduce_sum(tf.square(tf.tanh(tf.matmul(rows, w)) - 0.3))
        loss += tf.reduce_sum(tf.square(tf.convert_to_tensor(parts) - 2.5))
        optimizer = make(tf)
        update = optimizer.minimize(loss, global_step=step)
        average = tf.train.ExponentialMovingAverage(0.9, num_updates=step)
        with tf.control_dependencies([update]):
            self.train = average.apply([table, w])
        tf.Variable(["red", "green"], name="words")
        tf.Variable([True, False], name="flags")
        self.saver = tf.train.Saver(**options)
        averaged = average.variables_to_restore([table, w])
        self.averages = tf.train.Saver({name: v for name, v in averaged.items() if name.endswith("Average")})
        self.init = tf.global_variables_initializer()
        self.variables = {v.op.name: v for v in tf.global_variables()}
        self.w = w

    def values(self, sess):
        """All variables, by name, as lists."""
        found = sess.run(self.variables)
        return {
            name: [v.decode() for v in value.tolist()] if value.dtype == object else value.tolist()
            for name, value in found.items()
        }

    def steps(self, sess, count):
        for _ in range(count):
            sess.run(self.train)


def train_and_save(tf, case, folder):
    """Train, save into `folder`, train on; the checkpoint's prefix, the values saved and the values in the end."""
    with tf.Graph().as_default():
        training = Training(tf, case)
        with tf.Session() as sess:
            sess.run(training.init)
            training.steps(sess, BEFORE)
            prefix = training.saver.save(
                sess, os.path.join(folder, case), global_step=BEFORE, write_meta_graph=False, write_state=False
            )
            saved = training.values(sess)
            training.steps(sess, AFTER)
            return os.path.relpath(prefix, folder), saved, training.values(sess)


def restore_and_train(tf, case, prefix):
    """Restore, train on; the values restored, the values in the end, and `w` with its average read into it."""
    with tf.Graph().as_default():
        training = Training(tf, case)
        with tf.Session() as sess:
            training.saver.restore(sess, prefix)
            restored = training.values(sess)
            training.steps(sess, AFTER)
            end = training.values(sess)
            training.averages.restore(sess, prefix)
            return restored, end, sess.run(training.w).tolist()
