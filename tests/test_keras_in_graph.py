"""Keras 3 layers and models called on placeholders train under `Session.run`, and write when they run."""

import contextlib
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf2
from keras_models import (
    IMAGES,
    MODELS,
    WIDTH,
    Counting,
    L,
    X,
    Y,
    eager_copy,
    eager_step,
    mean_square,
    placeholders,
    session,
)

import tf1compat
import tf1compat.v1 as tf

# The same steps as an eager loop takes.


@pytest.mark.parametrize("eagerly", [False, True], ids=["made in the graph", "made eagerly before"])
@pytest.mark.parametrize("name", MODELS)
def test_training_takes_the_steps_of_an_eager_loop(name, eagerly):
    data, make = MODELS[name]
    x, y = placeholders(data)
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        model = make()
        if eagerly:
            model(data[:2])
    loss = mean_square(model(x, training=True), y)
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    sess = session()
    twin = eager_copy(make, sess.run([v.value for v in model.variables]), data)
    for _ in range(6):
        got, _ = sess.run([loss, train], {x: data, y: Y})
        assert got == pytest.approx(eager_step(twin, data, Y), rel=2e-5)
    with tf1compat.eager():
        wanted = [v.numpy() for v in twin.variables]
    for variable, a, b in zip(model.variables, sess.run(model.variables), wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-6, err_msg=variable.path)


def test_regularizers_count_in_the_loss():
    def make():
        weights, activity = keras.regularizers.L2(0.1), keras.regularizers.L1(0.01)
        first = L.Dense(4, kernel_regularizer=weights, activity_regularizer=activity)
        return keras.Sequential([first, L.Dense(1, bias_regularizer="l1")])

    x, y = placeholders()
    model = make()
    loss = mean_square(model(x, training=True), y) + tf.add_n(model.losses)
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    sess = session()
    twin = eager_copy(make, sess.run(model.variables), X)
    for _ in range(4):
        got, _ = sess.run([loss, train], {x: X, y: Y})
        assert got == pytest.approx(eager_step(twin, X, Y, extra_losses=True), rel=1e-5)


# What runs when.


def statistics(layer):
    return [layer.moving_mean, layer.moving_variance]


def test_statistics_move_once_in_runs_that_compute_the_call_and_in_no_other():
    x, _ = placeholders()
    layer = L.BatchNormalization(momentum=0.5)
    out = layer(x, training=True)
    loss = tf.reduce_sum(tf.square(out))
    unrelated = tf.reduce_sum(x)
    sess = session()
    assert sess.run(unrelated, {x: X}) == pytest.approx(X.sum(), rel=1e-5)
    np.testing.assert_array_equal(sess.run(layer.moving_mean), 0)
    expected = np.zeros(WIDTH)
    for fetches in (loss, [loss, out], [out, layer.moving_mean, loss.op], {"a": out}, tf.gradients(loss, x)):
        sess.run(fetches, {x: X})
        expected = 0.5 * expected + 0.5 * X.mean(0)
        sess.run([unrelated, layer.moving_mean, layer.gamma], {x: X})
        np.testing.assert_allclose(sess.run(layer.moving_mean), expected, rtol=1e-5, atol=1e-6)


def test_inference_leaves_the_statistics():
    x, _ = placeholders()
    layer = L.BatchNormalization()
    out = layer(x, training=False)
    sess = session()
    sess.run(out, {x: X})
    assert [v.tolist() for v in sess.run(statistics(layer))] == [[0.0] * WIDTH, [1.0] * WIDTH]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_calls_of_one_layer_write_in_order_of_creation(order):
    a, _ = placeholders()
    b, _ = placeholders()
    layer = L.BatchNormalization(momentum=0.5)
    losses = [tf.reduce_sum(layer(a, training=True)), tf.reduce_sum(layer(b, training=True))]
    sess = session()
    sess.run([losses[at] for at in order], {a: X, b: X + 10})
    np.testing.assert_allclose(
        sess.run(layer.moving_mean), 0.25 * X.mean(0) + 0.5 * (X + 10).mean(0), rtol=1e-5
    )


def test_only_the_calls_that_are_computed_write():
    a, _ = placeholders()
    b, _ = placeholders()
    layer = L.BatchNormalization(momentum=0.5)
    layer(a, training=True)
    second = layer(b, training=True)
    sess = session()
    sess.run(second, {b: X})
    np.testing.assert_allclose(sess.run(layer.moving_mean), 0.5 * X.mean(0), rtol=1e-5, atol=1e-6)


def test_a_call_whose_output_is_fed_does_not_run():
    x, _ = placeholders()
    layer = L.BatchNormalization(momentum=0.5)
    out = layer(x, training=True)
    total = tf.reduce_sum(out)
    sess = session()
    assert sess.run(total, {out: X}) == pytest.approx(X.sum(), rel=1e-5)
    assert not sess.run(layer.moving_mean).any()


def test_a_part_of_a_model_moves_only_its_own_layers():
    x, _ = placeholders()
    inputs = keras.Input((WIDTH,))
    first, second = L.BatchNormalization(momentum=0.5), L.BatchNormalization(momentum=0.5)
    middle = first(inputs)
    model = keras.Model(inputs, [middle, second(L.Dense(3)(middle))])
    head, tail = model(x, training=True)
    sess = session()
    sess.run(head, {x: X})
    assert sess.run(first.moving_mean).any() and not sess.run(second.moving_mean).any()
    sess.run(tail, {x: X})
    assert sess.run(second.moving_mean).any()


def test_dropout_draws_anew_each_run_and_by_its_seed():
    x, _ = placeholders()
    layer = L.Dropout(0.5, seed=11)
    out, unrelated = layer(x, training=True), x + 1
    sess = session()
    drawn = []
    for _ in range(4):
        drawn.append(sess.run(out, {x: X}))
        sess.run(unrelated, {x: X})
    with tf1compat.eager():
        twin = L.Dropout(0.5, seed=11)
        wanted = [twin(X, training=True).numpy() for _ in range(4)]
    np.testing.assert_array_equal(drawn, wanted)
    assert len({one.tobytes() for one in drawn}) == 4
    assert sess.run(layer.seed_generator.state).tolist() == [11, 4]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_layer_called_twice_draws_two_masks_in_one_run(order):
    x, _ = placeholders()
    layer = L.Dropout(0.5, seed=11)
    calls = [layer(x, training=True), layer(x, training=True)]
    sess = session()
    got = sess.run([calls[at] for at in order], {x: X})
    with tf1compat.eager():
        twin = L.Dropout(0.5, seed=11)
        wanted = [twin(X, training=True).numpy() for _ in range(2)]
    np.testing.assert_array_equal(got, [wanted[at] for at in order])
    assert (wanted[0] != wanted[1]).any()


def test_keras_random_functions_draw_anew():
    generator = keras.random.SeedGenerator(3)
    drawn = keras.random.normal((4,), seed=generator)
    of_the_process = keras.random.uniform((4,))
    sess = session()
    assert (sess.run(drawn) != sess.run(drawn)).any()
    assert (sess.run(of_the_process) != sess.run(of_the_process)).any()
    assert sess.run(generator.state).tolist() == [3, 2]
    with tf1compat.eager():  # and Keras's own generator is not left with a dead graph
        assert keras.random.uniform((2,)).numpy().shape == (2,)
    tf.reset_default_graph()
    assert session().run(keras.random.uniform((2,))).shape == (2,)


def test_gradients_see_the_mask_of_the_forward_pass():
    x, _ = placeholders()
    out = L.Dropout(0.5, seed=2)(x, training=True)
    gradient = tf.gradients(tf.reduce_sum(out), x)[0]
    sess = session()
    for _ in range(3):
        forward, backward = sess.run([out, gradient], {x: X})
        np.testing.assert_array_equal(forward != 0, backward != 0)


def test_state_in_tensorflows_own_variables():
    class Counter(L.Layer):
        def __init__(self):
            super().__init__()
            self.calls = tf2.Variable(0.0, trainable=False)

        def call(self, x):
            self.calls.assign_add(1.0)
            return x + self.calls

    x, _ = placeholders()
    out = Counter()(x)
    sess = session()
    assert [sess.run(out, {x: 0 * X})[0, 0] for _ in range(3)] == [1, 2, 3]


def test_augmentation_draws_anew():
    images = tf.placeholder(tf.float32, [None, 8, 8, 2])
    layer = L.RandomFlip("horizontal", seed=1)
    out = layer(images, training=True)
    sess = session()
    drawn = [sess.run(out, {images: IMAGES}) for _ in range(4)]
    with tf1compat.eager():
        twin = L.RandomFlip("horizontal", seed=1)
        wanted = [twin(IMAGES, training=True).numpy() for _ in range(4)]
    np.testing.assert_array_equal(drawn, wanted)


def test_partial_runs_write_once():
    x, y = placeholders()
    drop, norm = L.Dropout(0.5, seed=1), L.BatchNormalization(momentum=0.5)
    hidden = norm(drop(x, training=True), training=True)
    first, second = tf.reduce_sum(hidden), tf.reduce_sum(hidden * y)
    sess = session()
    handle = sess.partial_run_setup([first, second], [x, y])
    sess.partial_run(handle, first, {x: X})
    sess.partial_run(handle, second, {y: Y})
    assert sess.run(drop.seed_generator.state).tolist() == [1, 1]


def test_under_xla():
    x, y = placeholders()
    norm = L.BatchNormalization(momentum=0.5)
    loss = mean_square(L.Dense(1)(norm(x, training=True)), y)
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    config = tf.ConfigProto()
    config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
    sess = tf.Session(config=config)
    sess.run(tf.global_variables_initializer())
    first, _ = sess.run([loss, train], {x: X, y: Y})
    np.testing.assert_allclose(sess.run(norm.moving_mean), 0.5 * X.mean(0), rtol=1e-5, atol=1e-6)
    assert sess.run(loss, {x: X, y: Y}) < first


def test_mixed_precision_trains():
    x, y = placeholders()
    model = keras.Sequential([L.Dense(4, dtype="mixed_bfloat16"), L.BatchNormalization(), L.Dense(1)])
    loss = mean_square(model(x, training=True), y)
    train = tf.train.AdamOptimizer(0.05).minimize(loss)
    sess = session()
    losses = [sess.run([loss, train], {x: X, y: Y})[0] for _ in range(30)]
    assert losses[-1] < losses[0] and sess.run(model.layers[0].kernel).dtype == np.float32


def test_threads_build_into_one_graph():
    graph, made = tf.get_default_graph(), {}

    def build(number):
        with graph.as_default():
            x, _ = placeholders()
            norm = L.BatchNormalization(momentum=0.5, name=f"norm_{number}")
            made[number] = x, norm, tf.reduce_sum(norm(x, training=True))

    threads = [threading.Thread(target=build, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sess = session()
    x, _, out = made[3]
    sess.run(out, {x: X})
    assert [number for number in range(8) if sess.run(made[number][1].moving_mean).any()] == [3]


def test_a_monitored_session_trains():
    x, y = placeholders()
    step = tf.train.get_or_create_global_step()
    model = MODELS["sequential"][1]()
    train = tf.train.AdamOptimizer(0.05).minimize(mean_square(model(x, training=True), y), global_step=step)
    with tf.train.MonitoredTrainingSession() as sess:
        for _ in range(3):
            sess.run(train, {x: X, y: Y})
        assert sess.run(step) == 3 and sess.run(model.layers[2].seed_generator.state).tolist() == [3, 3]


@pytest.mark.parametrize("scope", [None, "moved"])
def test_an_imported_meta_graph_goes_on_as_the_layers_did(scope):
    x, _ = placeholders()
    other = tf.placeholder(tf.float32, [None, WIDTH])
    drop, norm = L.Dropout(0.5, seed=1), L.BatchNormalization(momentum=0.5, name="norm")
    model = keras.Sequential([drop, norm, Counting()])
    tensors = [x, other, model(x, training=True), norm(other, training=True)]
    for tensor in tensors:
        tf.add_to_collection("ends", tensor)
    meta_graph = tf.train.export_meta_graph()
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(meta_graph, import_scope=scope)
        x, other, out, normed = tf.get_collection("ends")
        sess = session()
        values = {v.op.name.rpartition("/")[2]: v for v in tf.global_variables()}
        sess.run(normed, {other: X})
        np.testing.assert_allclose(sess.run(values["moving_mean"]), X.mean(0) / 2, rtol=1e-5, atol=1e-6)
        assert sess.run([values["counter"], values["seed_generator_state"]])[1].tolist() == [1, 0]
        drawn = [sess.run(out, {x: X}) for _ in range(2)]
        assert ((drawn[0] == drawn[0].min()) != (drawn[1] == drawn[1].min())).any()
        counter, seed = sess.run([values["counter"], values["seed_generator_state"]])
        assert counter == 2 and seed.tolist() == [1, 2]
        assert graph is sess.graph
