"""Keras's variables in a graph: fetched, fed, frozen, optimized, named, saved, shared, read and set."""

import contextlib

import keras
import numpy as np
import pytest
from keras_models import WIDTH, L, Subclassed, X, Y, functional, mean_square, placeholders, session

import tf1compat
import tf1compat.v1 as tf

# Variables: finding, freezing, feeding, fetching, saving, sharing.


def test_fetching_and_feeding_a_keras_variable():
    x, _ = placeholders()
    dense = L.Dense(2, kernel_initializer="ones", bias_initializer="zeros")
    out = dense(x)
    sess = session()
    kernel, bias = sess.run([dense.kernel, dense.bias])
    np.testing.assert_array_equal(kernel, np.ones((WIDTH, 2)))
    np.testing.assert_allclose(
        sess.run(out, {x: X, dense.kernel: 2 * kernel, dense.bias: [1, 2]}),
        X @ (2 * kernel) + [1, 2],
        rtol=1e-4,
    )
    drop = L.Dropout(0.5, seed=1)
    masked = drop(x, training=True)
    state = {x: X, drop.seed_generator.state: [1, 0]}
    sess.run(tf.global_variables_initializer())
    np.testing.assert_array_equal(sess.run(masked, state), sess.run(masked, state))


@pytest.mark.parametrize("when", ["before the call", "after the call"])
@pytest.mark.parametrize("eagerly", [False, True])
def test_frozen_layers_do_not_train(when, eagerly):
    x, y = placeholders()
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(4), L.BatchNormalization(), L.Dense(1)])
        if when == "before the call":
            model.layers[0].trainable = model.layers[1].trainable = False
    loss = mean_square(model(x, training=True), y)
    if when == "after the call":
        model.layers[0].trainable = False
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    sess = session()
    before = sess.run(model.layers[0].variables + model.layers[-1].variables)
    statistics_before = sess.run(model.layers[1].moving_mean)
    sess.run(train, {x: X, y: Y})
    after = sess.run(model.layers[0].variables + model.layers[-1].variables)
    moved = [bool((a != b).any()) for a, b in zip(before, after, strict=True)]
    assert moved == [False, False, True, True]
    moved = (sess.run(model.layers[1].moving_mean) != statistics_before).any()
    assert moved == (when == "after the call")  # Keras: a frozen normalisation is in inference
    model.layers[0].trainable = True
    assert len(tf.trainable_variables()) == (4 if when == "before the call" else 6)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("which", ["keras", "tensorflow", "none", "collection"])
@pytest.mark.parametrize(
    "optimizer",
    [
        tf.train.AdamOptimizer,
        lambda rate: tf.train.MomentumOptimizer(rate, 0.9),
        tf.train.GradientDescentOptimizer,
    ],
)
def test_optimizers_take_the_variables_in_every_form(optimizer, which, eagerly):
    x, y = placeholders()
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(4), L.Dense(1)])
    loss = mean_square(model(x), y)
    variables = {
        "keras": model.trainable_variables,
        "tensorflow": [v.value for v in model.trainable_variables],
        "none": None,
        "collection": tf.trainable_variables(),
    }[which]
    opt = optimizer(0.05)
    pairs = opt.compute_gradients(loss, var_list=variables)
    assert len(pairs) == 4 and all(gradient is not None for gradient, _ in pairs)
    train = opt.apply_gradients(pairs)
    sess = session()
    losses = [sess.run([loss, train], {x: X, y: Y})[0] for _ in range(20)]
    assert losses[-1] < 0.9 * losses[0]
    assert len(tf.trainable_variables()) == 4


@pytest.mark.parametrize("eagerly", [False, True])
def test_gradients_and_averages_of_keras_variables(eagerly):
    x, _ = placeholders()
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        dense = L.Dense(1, kernel_initializer="ones")
        dense.build((None, WIDTH))
    out = dense(x)
    gradients = tf.gradients(tf.reduce_sum(out), dense.trainable_variables)
    average = tf.train.ExponentialMovingAverage(0.5)
    update = average.apply(dense.trainable_variables)
    shadow = average.average(dense.kernel)
    sess = session()
    np.testing.assert_allclose(sess.run(gradients, {x: X})[0][:, 0], X.sum(0), rtol=1e-4, atol=1e-5)
    sess.run(dense.kernel.assign(np.full((WIDTH, 1), 3.0)))
    sess.run(update)
    np.testing.assert_allclose(sess.run(shadow), 2.0)


def test_a_target_network_follows_by_assign():
    x, _ = placeholders()
    source = keras.Sequential([L.Dense(3), L.Dense(1)])
    target = keras.Sequential([L.Dense(3), L.Dense(1)])
    outs = [source(x), target(x)]
    follow = tf.group(*[t.assign(s) for t, s in zip(target.weights, source.weights, strict=True)])
    sess = session()
    before = sess.run(outs, {x: X})
    assert (before[0] != before[1]).any()
    sess.run(follow)
    np.testing.assert_array_equal(*sess.run(outs, {x: X}))


@pytest.mark.parametrize("eagerly", [False, True])
def test_saver_saves_and_restores(eagerly, tmp_path):
    def build():
        with tf1compat.eager() if eagerly else contextlib.nullcontext():
            model = keras.Sequential(
                [keras.Input((WIDTH,)), L.Dense(4, name="a"), L.BatchNormalization(name="b"),
                 L.Dropout(0.5, seed=1, name="c"), L.Dense(1, name="d")], name="net")  # fmt: skip
        x, y = placeholders()
        out = model(x, training=True)
        train = tf.train.AdamOptimizer(0.05).minimize(mean_square(out, y))
        return model, x, y, out, train

    model, x, y, out, train = build()
    saver, sess = tf.train.Saver(), session()
    for _ in range(3):
        sess.run(train, {x: X, y: Y})
    path = saver.save(sess, str(tmp_path / "model"))
    names = {name for name, _ in tf.train.list_variables(path)}
    assert {"net/a/kernel", "net/b/moving_mean", "net/d/bias", "net/a/kernel/Adam", "beta1_power"} <= names
    values = sess.run(model.variables)
    wanted = [sess.run(out, {x: X}) for _ in range(2)]
    with tf.Session() as other:
        saver.restore(other, path)
        for a, b in zip(other.run(model.variables), values, strict=True):
            np.testing.assert_array_equal(a, b)
        got = [other.run(out, {x: X}) for _ in range(2)]
    np.testing.assert_array_equal(got, wanted)  # the dropout masks went on from where they were


def test_automatic_names_begin_anew_in_every_graph(tmp_path):
    def build():
        x, _ = placeholders()
        return x, keras.Sequential([L.Dense(3), L.Dropout(0.1), L.Dense(1)])(x)

    x, out = build()
    sess = session()
    path = tf.train.Saver().save(sess, str(tmp_path / "model"))
    wanted = sess.run(out, {x: X})
    names = [v.name for v in tf.global_variables()]
    with tf.Graph().as_default():
        x, out = build()
        assert [v.name for v in tf.global_variables()] == names
        with tf.Session() as other:
            tf.train.Saver().restore(other, path)
            np.testing.assert_array_equal(other.run(out, {x: X}), wanted)


@pytest.mark.parametrize("eagerly", [False, True])
def test_variables_are_named_by_their_path_in_keras(eagerly):
    x, _ = placeholders()
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        layers = [keras.Input((WIDTH,)), L.Dense(2, name="a"), L.Dense(2, name="b")]
        models = [keras.Sequential(layers, name="net"), functional(), Subclassed()]
        if eagerly:
            models[2](X)
    for model in models:
        model(x)
    paths = {variable.path for model in models for variable in model.variables}
    assert {variable.op.name for variable in tf.global_variables()} == paths


def test_the_scopes_around_a_model_are_in_its_names():
    x, _ = placeholders()
    with tf.variable_scope("actor"):
        keras.Sequential([L.Dense(2, name="a"), L.Dense(2, name="b")], name="net")(x)
    with tf.variable_scope("critic"):
        Subclassed()(x)
    actor = [v.op.name for v in tf.trainable_variables("actor")]
    assert actor == [f"actor/net/{name}" for name in ("a/kernel", "a/bias", "b/kernel", "b/bias")]
    assert len(tf.trainable_variables("critic")) == 6


def test_tf1s_functions_take_keras_variables():
    layer = L.Dense(1)
    layer.build((None, WIDTH))
    unset = tf.is_variable_initialized(layer.kernel)
    ones = tf.assign(layer.kernel, tf.ones([WIDTH, 1]))
    more = tf.assign_add(layer.kernel, tf.ones([WIDTH, 1]))
    row = tf.scatter_update(layer.kernel, [0], [[5.0]])
    sess = tf.Session()
    assert not sess.run(unset)
    sess.run(tf.variables_initializer(layer.weights))
    assert sess.run(unset)
    assert [float(sess.run(op).sum()) for op in (ones, more, row)] == [WIDTH, 2 * WIDTH, 2 * WIDTH + 3]
    assert layer.kernel.eval(session=sess)[0, 0] == 5
    layer.kernel.load(np.zeros((WIDTH, 1)), sess)
    assert not sess.run(layer.kernel).any()


def test_an_uninitialized_keras_variable_is_named():
    x, _ = placeholders()
    out = L.Dense(1, name="lonely")(x)
    with pytest.raises(tf.errors.FailedPreconditionError, match="lonely/"):
        tf.Session().run(out, {x: X})


def test_a_saver_of_some_keras_variables(tmp_path):
    x, _ = placeholders()
    dense = L.Dense(3, name="some")
    dense(x)
    sess = session()
    path = tf.train.Saver([dense.kernel]).save(sess, str(tmp_path / "one"))
    assert [name for name, _ in tf.train.list_variables(path)] == ["some/kernel"]
    path = tf.train.Saver({"renamed": dense.kernel}).save(sess, str(tmp_path / "two"))
    assert [name for name, _ in tf.train.list_variables(path)] == ["renamed"]


def test_sessions_share_what_was_made_eagerly_and_own_the_rest():
    x, y = placeholders()
    with tf1compat.eager():
        shared = L.Dense(1, kernel_initializer="zeros")
        shared.build((None, WIDTH))
    own = L.Dense(1, kernel_initializer="zeros")
    train = tf.train.AdamOptimizer(0.1).minimize(mean_square(shared(x) + own(x), y))
    a, b = session(), session()
    a.run(train, {x: X, y: Y})
    assert b.run(shared.kernel).any() and not b.run(own.kernel).any()
    np.testing.assert_array_equal(a.run(shared.kernel), b.run(shared.kernel))
    slot = [v for v in tf.global_variables() if "Adam" in v.name and v.shape.as_list() == [WIDTH, 1]]
    assert len(slot) == 4 and any(a.run(slot[0]).ravel()) and not any(b.run(slot[0]).ravel())
    with tf1compat.eager():
        np.testing.assert_array_equal(shared.kernel.numpy(), a.run(shared.kernel))
        shared.kernel.assign(np.full((WIDTH, 1), 7.0))
    assert a.run(shared.kernel)[0, 0] == 7
    b.run(tf.global_variables_initializer())
    assert a.run(shared.kernel)[0, 0] == 7
    a.close()
    assert b.run(shared.kernel)[0, 0] == 7


def test_weights_are_read_and_set_in_the_default_session():
    x, _ = placeholders()
    model = keras.Sequential([L.Dense(3), L.Dense(1)])
    out = model(x)
    sess = session()
    for call in (model.get_weights, lambda: model.set_weights([v * 0 for v in sess.run(model.weights)])):
        with pytest.raises(RuntimeError, match="default Session"):
            call()
    with sess.as_default():
        weights = model.get_weights()
        size = len(tf.get_default_graph().get_operations())
        model.set_weights([w + 1 for w in weights])
        np.testing.assert_array_equal(model.get_weights()[0], weights[0] + 1)
        assert len(tf.get_default_graph().get_operations()) == size
        model.set_weights(weights)
    np.testing.assert_array_equal(sess.run(model.layers[0].kernel), weights[0])
    np.testing.assert_allclose(
        sess.run(out, {x: X}), (X @ weights[0] + weights[1]) @ weights[2] + weights[3], rtol=1e-4, atol=1e-5
    )


def test_weights_of_a_model_made_eagerly_need_no_session():
    with tf1compat.eager():
        model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(1)])
    weights = model.get_weights()
    model.set_weights([w + 1 for w in weights])
    np.testing.assert_array_equal(model.get_weights()[0], weights[0] + 1)


def test_weights_go_through_a_file_and_a_saved_model(tmp_path):
    x, _ = placeholders()
    model = keras.Sequential(
        [keras.Input((WIDTH,)), L.Dense(3, name="one"), L.BatchNormalization(), L.Dense(1)]
    )
    out = model(x)
    sess = session()
    with sess.as_default():
        model.save_weights(tmp_path / "w.weights.h5")
        model.save(tmp_path / "m.keras")
        wanted = sess.run(out, {x: X})
        model.set_weights([0 * w for w in model.get_weights()])
        assert (sess.run(out, {x: X}) != wanted).any()
        model.load_weights(tmp_path / "w.weights.h5")
        np.testing.assert_array_equal(sess.run(out, {x: X}), wanted)
    with tf1compat.eager():
        loaded = keras.models.load_model(tmp_path / "m.keras")
        np.testing.assert_allclose(loaded.predict(X, verbose=0), wanted, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(session().run(loaded(x), {x: X}), wanted, rtol=1e-5, atol=1e-6)


def test_summary_counts(capsys):
    x, _ = placeholders()
    model = keras.Sequential([L.Dense(3), L.Dense(1)])
    model(x)
    model.summary()
    assert "25" in capsys.readouterr().out
