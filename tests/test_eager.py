"""`with tf1compat.eager():` is TensorFlow 2, before, between and after runs of a Session, in any thread."""

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf
from tf1compat.graph import enter_default_graph, get_default_graph, reset_default_graph

RNG = np.random.RandomState(1)
X = RNG.randn(32, 4).astype(np.float32)
Y = (X @ [[1.0], [2.0], [-1.0], [0.5]]).astype(np.float32)


def in_thread(function):
    results = []

    def target():
        try:
            results.append((True, function()))
        except BaseException as error:
            results.append((False, error))

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    good, value = results[0]
    if not good:
        raise value
    return value


def fit(model, epochs=2):
    return model.fit(X, Y, epochs=epochs, batch_size=8, shuffle=False, verbose=0).history["loss"]


def make():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.SGD(0.05), "mse")
    return model  # fmt: skip


def graph_training(model=None):
    x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 1])
    if model is None:
        model = keras.Sequential([keras.layers.Dense(1)])
    loss = tf.reduce_mean(tf.square(model(x, training=True) - y))
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    return lambda sess: sess.run([loss, train], {x: X, y: Y})[0]


def test_fit_before_between_and_after_runs_is_what_it_is_alone():
    alone = in_thread(lambda: fit(make(), 6))
    with tf1compat.eager():
        model = make()
        losses = fit(model)
    step = graph_training()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        first = step(sess)
        with tf1compat.eager():
            losses += fit(model)
        second = step(sess)
    with tf1compat.eager():
        losses += fit(model)
    np.testing.assert_allclose(losses, alone, rtol=1e-4)
    assert second < first


def test_one_model_is_trained_by_both_in_turn():
    with tf1compat.eager():
        model = make()
        start = model.evaluate(X, Y, verbose=0)
    step = graph_training(model)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    seen = []
    for _ in range(3):
        for _ in range(5):
            step(sess)
        with tf1compat.eager():
            seen.append(model.evaluate(X, Y, verbose=0))
            kernel = model.layers[0].kernel.numpy()
            np.testing.assert_array_equal(kernel, sess.run(model.layers[0].kernel))
            fit(model, 1)
            assert (model.layers[0].kernel.numpy() != kernel).any()
        np.testing.assert_array_equal(
            sess.run(model.layers[0].kernel), in_thread(model.layers[0].kernel.numpy)
        )
    assert seen[-1] < start


def test_fit_in_another_thread_while_a_session_runs():
    step = graph_training()
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    alone = in_thread(lambda: fit(make(), 4))
    losses, failure = [], []

    def train():
        try:
            losses.extend(fit(make(), 4))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=train)
    thread.start()
    graph_losses = []
    while thread.is_alive():
        graph_losses.append(step(sess))
    thread.join()
    assert not failure
    np.testing.assert_allclose(losses, alone, rtol=1e-4)
    assert graph_losses[-1] < graph_losses[0]


def test_functions_tapes_and_datasets():
    x = tf.placeholder(tf.float32, [])
    y = x * 2
    with tf1compat.eager():
        assert tf2.executing_eagerly()
        v = tf2.Variable(3.0)

        @tf2.function
        def function(t):
            v.assign_add(1.0)
            return t * v if t > 0 else t

        assert function(tf2.constant(2.0)).numpy() == 8
        with tf2.GradientTape() as tape:
            z = v * v * v
        assert tape.gradient(z, v).numpy() == 48
        batches = tf2.data.Dataset.from_tensor_slices(X).map(lambda row: row * 2).batch(16)
        assert np.concatenate([batch.numpy() for batch in batches]) == pytest.approx(2 * X)
    assert not tf2.executing_eagerly()
    assert tf.Session().run(y, {x: 4}) == 8


def test_blocks_nest_and_leave_the_graph_as_it_was():
    graph = tf.get_default_graph()
    with tf1compat.eager():
        with tf.Graph().as_default() as inner:
            assert not tf2.executing_eagerly()
            c = tf.constant(5)
            with tf1compat.eager():
                assert float(tf2.constant(1.0)) == 1
            assert c.graph is inner and tf.Session().run(c) == 5
        with tf1compat.eager():
            assert tf2.executing_eagerly()
        assert tf2.executing_eagerly()
    assert tf.get_default_graph() is graph
    assert not graph.get_operations()
    with pytest.raises(ZeroDivisionError), tf1compat.eager():
        raise ZeroDivisionError
    assert tf.get_default_graph() is graph and not tf2.executing_eagerly()


def test_a_session_runs_inside_an_eager_block():
    x = tf.placeholder(tf.float32, [None, 4])
    dense = keras.layers.Dense(2)
    out = dense(x)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    wanted = sess.run(out, {x: X})
    with tf1compat.eager():
        np.testing.assert_array_equal(sess.run(out, {x: X}), wanted)
        np.testing.assert_array_equal(sess.run(out, {x: tf2.constant(X)}), wanted)
        assert sess.run(dense.kernel).shape == (4, 2)
        assert sess.run(dense.kernel, {dense.kernel: np.ones((4, 2))}).sum() == 8


def test_eager_variables_are_read_written_and_trained_by_a_session():
    with tf1compat.eager():
        v = tf2.Variable(1.0, name="counter")
        unused = tf2.Variable(9.0)
    add = v.assign_add(2.0)
    after = tf.identity(add)
    loss = tf.square(v - 7.0)
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    assert [one.name for one in tf.global_variables()] == ["counter:0"]
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    assert sess.run(add) == 3 and sess.run(after) == 5
    with tf1compat.eager():
        assert v.numpy() == 5
        v.assign(6.0)
    assert sess.run(loss) == 1
    sess.run(train)
    with tf1compat.eager():
        assert v.numpy() == 7 and unused.numpy() == 9
    assert v.numpy() == 7  # a value that no Session owns can be read anywhere


def test_eager_variables_in_conds_loops_and_functions():
    with tf1compat.eager():
        v = tf2.Variable(1.0)

        @tf2.function
        def bump(t):
            v.assign_add(t)
            return v * 10.0

        bump(tf2.constant(0.0))
    go = tf.placeholder(tf.bool, [])
    written = tf.cond(go, lambda: v.assign_add(1.0), lambda: tf.identity(v))
    looped = tf.while_loop(lambda n: n < 3, lambda n: n + tf.cast(v.assign_add(1.0) * 0, tf.int32) + 1, [0])
    called = bump(tf.constant(5.0))
    sess = tf.Session()
    assert [float(sess.run(written, {go: value})) for value in (False, True)] == [1, 2]
    sess.run(looped)
    assert v.numpy() == 5
    assert sess.run(called) == 100
    assert v.numpy() == 10
    assert len({op.name for op in tf.get_default_graph().get_operations() if op.type == "VarHandleOp"}) == 1


def test_a_function_with_a_side_effect_runs_it_once_a_run():
    v = tf.get_variable("v", [], initializer=tf.zeros_initializer())

    @tf2.function
    def count(t):
        v.assign_add(1.0)
        return t * 2.0

    x = tf.placeholder(tf.float32, [])
    y = count(x)
    sess = tf.Session()
    sess.run(v.initializer)
    assert sess.run(y, {x: 3}) == 6 and sess.run(v) == 1
    sess.run([y, v], {x: 3})
    assert sess.run(v) == 2


def test_eager_tensors_become_constants():
    with tf1compat.eager():
        t = tf2.constant([1.0, 2.0])
    out = tf.placeholder_with_default([1.0, 1.0], [2]) + t
    np.testing.assert_array_equal(tf.Session().run(out), [2, 3])


def test_clear_session_in_an_eager_block_leaves_the_graph_alone():
    x = tf.placeholder(tf.float32, [])
    with tf1compat.eager():
        keras.utils.clear_session()
        assert float(keras.ops.sum(keras.ops.ones(3))) == 3
    assert tf.Session().run(x + 1, {x: 1}) == 2


def test_entering_graph_mode_in_a_block_waits_for_its_end():
    def program():
        with tf1compat.eager():
            with tf1compat.eager():
                graph = enter_default_graph()  # as the first `import tf1compat.v1` does
                assert tf2.executing_eagerly() and get_default_graph() is graph
                with tf.Graph().as_default() as other:
                    assert get_default_graph() is other
                with graph.as_default():
                    constant = tf.constant(1.0)
            assert tf2.executing_eagerly()
        assert not tf2.executing_eagerly() and get_default_graph() is graph is constant.graph
        with tf.Session() as session:
            assert session.run(constant + 1.0) == 2.0
        reset_default_graph()
        assert get_default_graph() is not graph

    in_thread(program)
