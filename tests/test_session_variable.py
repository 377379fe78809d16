"""`sess.variable(v)`: a graph's variable, as this Session has it, is a TF2 variable for eager code."""

import gc
import threading

import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf


@pytest.fixture
def graph():
    v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
    return v, tf.assign_add(v, [1.0, 1.0])


def test_eager_code_and_the_session_see_each_others_writes(graph):
    v, add = graph
    with tf.Session() as sess:
        sess.run(v.initializer)
        same = sess.variable(v)
        assert isinstance(same, tf2.Variable) and same is sess.variable("v:0") is sess.variable("v")
        assert same.name == "v:0" and same.shape == [2] and same.dtype == tf2.float32 and same.trainable
        with tf1compat.eager():
            same.assign([3.0, 4.0])
            read = same.numpy()
        np.testing.assert_array_equal(sess.run(add), [4, 5])
        np.testing.assert_array_equal(read, [3, 4])  # what was read stays as it was
        with tf1compat.eager():
            np.testing.assert_array_equal(same.numpy(), [4, 5])
            same.assign_sub([1.0, 1.0])
            same.scatter_nd_update([[1]], [9.0])
        np.testing.assert_array_equal(sess.run(v), [3, 9])


def test_it_serves_a_tf_function_and_gradients(graph):
    v, add = graph
    with tf.Session() as sess:
        sess.run(v.initializer)
        same = sess.variable(v)
        with tf1compat.eager():

            @tf2.function
            def step(x):
                with tf2.GradientTape() as tape:
                    loss = tf2.reduce_sum(x * same**2)
                same.assign_sub(0.1 * tape.gradient(loss, same))
                return loss

            assert step(tf2.constant(1.0)) == 2
            np.testing.assert_allclose(same.numpy(), [0.8, 0.8], rtol=1e-6)
        np.testing.assert_allclose(sess.run(add), [1.8, 1.8], rtol=1e-6)
        with tf1compat.eager():
            np.testing.assert_allclose(step(tf2.constant(1.0)), 2 * 1.8**2, rtol=1e-6)


def test_each_session_has_its_own(graph):
    v, _ = graph
    one, two = tf.Session(), tf.Session()
    with tf1compat.eager():
        one.variable(v).assign([1.0, 2.0])
        two.variable(v).assign([3.0, 4.0])
        assert one.variable(v) is not two.variable(v)
    np.testing.assert_array_equal([one.run(v), two.run(v)], [[1, 2], [3, 4]])


def test_in_the_graph_it_is_the_graphs_variable(graph):
    v, _ = graph
    count = len(tf.global_variables())
    with tf.Session() as sess:
        sess.run(v.initializer)
        same = sess.variable(v)
        doubled = same * 2.0
        np.testing.assert_array_equal(sess.run([same, doubled]), [[1, 1], [2, 2]])
        np.testing.assert_array_equal(sess.run(doubled, {same: [5.0, 6.0]}), [10, 12])
        train = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(doubled), var_list=[v])
        sess.run(train)
        with tf1compat.eager():
            np.testing.assert_array_equal(same.numpy(), [0, 0])
    assert len(tf.global_variables()) == count


def test_a_checkpoint_saves_and_restores_it(graph, tmp_path):
    v, add = graph
    with tf.Session() as sess, tf1compat.eager():
        checkpoint = tf2.train.Checkpoint(v=sess.variable(v))
        with pytest.raises(tf2.errors.FailedPreconditionError, match="v"):
            checkpoint.save(str(tmp_path / "none"))
        sess.run(v.initializer)
        path = checkpoint.save(str(tmp_path / "one"))
        sess.run(add)
        checkpoint.restore(path).assert_consumed()
        np.testing.assert_array_equal(sess.run(v), [1, 1])
    with tf.Session() as another, tf1compat.eager():
        tf2.train.Checkpoint(v=another.variable(v)).restore(path)
        np.testing.assert_array_equal(another.run(v), [1, 1])
        np.testing.assert_array_equal(tf2.train.load_variable(path, "v/.ATTRIBUTES/VARIABLE_VALUE"), [1, 1])


def test_keras_reads_and_writes_it(graph):
    v, _ = graph
    with tf.Session() as sess, tf1compat.eager():
        import keras

        sess.run(v.initializer)
        same = sess.variable(v)

        class Scaled(keras.layers.Layer):
            def call(self, x):
                return keras.ops.multiply(x, same)

        model = keras.Sequential([keras.layers.Input((2,)), Scaled()])
        same.assign([2.0, 3.0])
        np.testing.assert_array_equal(model.predict(np.ones([1, 2], "f"), verbose=0), [[2, 3]])
        dense = keras.layers.Dense(2, use_bias=False)
        dense.build((None, 1))
        dense.kernel.assign(keras.ops.reshape(same, (1, 2)))
        same.assign(keras.ops.add(dense.kernel[0], 1.0))
        np.testing.assert_array_equal(sess.run(v), [3, 4])


def test_variables_that_keras_layers_made_in_the_graph_and_eagerly():
    with tf1compat.eager():
        import keras

        eager = keras.layers.Dense(1, use_bias=False)
        eager.build((None, 2))
    x = tf.placeholder(tf.float32, [None, 2])
    inside = keras.layers.Dense(2, use_bias=False)
    out = eager(inside(x))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        with tf1compat.eager():
            assert sess.variable(eager.kernel) is eager.kernel.value
            sess.variable(inside.kernel).assign(np.eye(2))
            expected = np.ones([1, 2], "f") @ eager.kernel.numpy()
        np.testing.assert_allclose(sess.run(out, {x: [[1.0, 1.0]]}), expected, rtol=1e-6)


def test_reading_without_a_value_names_the_variable_and_writing_gives_one(graph):
    v, _ = graph
    table = tf.get_variable("scope/table", [3, 2])
    with tf.Session() as sess, tf1compat.eager():
        for read in (
            sess.variable(v).numpy,
            lambda: sess.variable(v) + 1.0,
            lambda: sess.variable(v).assign_add([1.0, 1.0]),
        ):
            with pytest.raises(tf2.errors.FailedPreconditionError, match=r"\bv\b"):
                read()
        with pytest.raises(tf2.errors.FailedPreconditionError, match="uninitialized value scope/table"):
            tf2.nn.embedding_lookup(sess.variable(table), [0])
        with pytest.raises(tf2.errors.FailedPreconditionError, match=r"\bv\b"):
            tf2.function(lambda: sess.variable(v) * 2.0)()
        sess.variable(v).assign([1.0, 2.0])
        np.testing.assert_array_equal(sess.run(v), [1, 2])
        with pytest.raises(ValueError, match="shape"):
            sess.variable(v).assign([1.0])


def test_after_close_it_refuses(graph):
    v, _ = graph
    sess = tf.Session()
    sess.run(v.initializer)
    same = sess.variable(v)
    sess.close()
    with tf1compat.eager():
        for use in (same.numpy, lambda: same.assign([1.0, 1.0]), lambda: same * 2.0, lambda: tf2.identity(same)):
            with pytest.raises(RuntimeError, match="was a closed Session's"):
                use()
    with pytest.raises(RuntimeError, match="closed Session"):
        sess.variable(v)


def test_a_dropped_session_frees_what_it_held(graph):
    v, _ = graph
    sess = tf.Session()
    same = sess.variable(v)
    with tf1compat.eager():
        same.assign([1.0, 1.0])
        del sess
        gc.collect()
        with pytest.raises(RuntimeError, match="was a closed Session's"):
            same.numpy()


def test_what_is_no_variable_of_the_graph_is_refused(graph):
    with tf.Graph().as_default():
        foreign = tf.get_variable("foreign", [1])
    with tf.Session() as sess:
        with pytest.raises(TypeError, match="takes a variable"):
            sess.variable(tf.constant(1.0))
        with pytest.raises(ValueError, match="another graph"):
            sess.variable(foreign)
        with pytest.raises(ValueError, match="no variable 'nowhere'"):
            sess.variable("nowhere")


def test_threads_write_it_while_the_session_runs(graph):
    v, add = graph
    with tf.Session() as sess:
        sess.run(v.initializer)
        same = sess.variable(v)

        def eagerly():
            for _ in range(50):
                same.assign_add([1.0, 0.0])  # a thread of its own is eager

        threads = [threading.Thread(target=eagerly) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(50):
            sess.run(add.op)
        for thread in threads:
            thread.join()
        np.testing.assert_array_equal(sess.run(v), [201, 51])
