"""Keras layers in conds, loops and functions of a graph, `training` as a tensor, code that layers run."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf2
from keras_models import (
    BATCH,
    MODELS,
    RNG,
    WIDTH,
    WORDS,
    L,
    Subclassed,
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

# `training` as a tensor, conds and loops.


@pytest.mark.parametrize("positional", [False, True])
def test_training_may_be_a_placeholder(positional):
    x, _ = placeholders()
    training = tf.placeholder_with_default(False, [])
    model = MODELS["sequential"][1]() if not positional else Subclassed()
    out = model(x, training) if positional else model(x, training=training)
    norm = next(layer for layer in model.layers if isinstance(layer, L.BatchNormalization))
    sess = session()
    assert len(tf.trainable_variables()) == 6
    still = [sess.run(out, {x: X}) for _ in range(2)]
    np.testing.assert_array_equal(*still)
    assert not sess.run(norm.moving_mean).any()
    moving = [sess.run(out, {x: X, training: True}) for _ in range(2)]
    assert (moving[0] != moving[1]).any()
    assert sess.run(norm.moving_mean).any()
    assert (sess.run(out, {x: X}) != still[0]).any()


def test_training_by_a_placeholder_trains_like_training_true():
    x, y = placeholders()
    training = tf.placeholder(tf.bool, [])
    make = MODELS["sequential"][1]
    model = make()
    loss = mean_square(model(x, training=training), y)
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    sess = session()
    twin = eager_copy(make, sess.run(model.variables), X)
    for _ in range(4):
        got, _ = sess.run([loss, train], {x: X, y: Y, training: True})
        assert got == pytest.approx(eager_step(twin, X, Y), rel=1e-5)
    with tf1compat.eager():
        wanted = [v.numpy() for v in twin.variables]
    for a, b in zip(sess.run(model.variables), wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_a_mask_goes_through_a_layer_whose_training_is_a_placeholder():
    words = tf.placeholder(tf.int32, [None, 5])
    training = tf.placeholder_with_default(False, [])
    embedded = L.Embedding(11, 4, mask_zero=True)(words)
    cell = L.LSTM(3)
    with_mask = cell(L.Dropout(0.5)(embedded, training=training))
    plain = cell(embedded)
    sess = session()
    np.testing.assert_array_equal(*sess.run([with_mask, plain], {words: WORDS}))


@pytest.mark.parametrize("eagerly", [False, True])
def test_layers_in_a_cond(eagerly):
    x, _ = placeholders()
    go = tf.placeholder(tf.bool, [])
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        norm, drop = L.BatchNormalization(momentum=0.5), L.Dropout(0.5, seed=9)
        if eagerly:
            norm.build((None, WIDTH))
    out = tf.cond(go, lambda: drop(drop(norm(x, training=True), training=True), training=True), lambda: x)
    sess = session()
    sess.run(out, {x: X, go: False})
    assert not sess.run(norm.moving_mean).any()
    assert sess.run(drop.seed_generator.state).tolist() == [9, 0]
    first = sess.run(out, {x: X, go: True})
    np.testing.assert_allclose(sess.run(norm.moving_mean), 0.5 * X.mean(0), rtol=1e-5, atol=1e-6)
    assert sess.run(drop.seed_generator.state).tolist() == [9, 2]
    with tf1compat.eager():
        twin, norm2 = L.Dropout(0.5, seed=9), L.BatchNormalization(momentum=0.5)
        wanted = twin(twin(norm2(X, training=True), training=True), training=True).numpy()
    np.testing.assert_allclose(first, wanted, rtol=1e-5, atol=1e-6)
    assert len(tf.trainable_variables()) == 2


@pytest.mark.parametrize("eagerly", [False, True])
def test_layers_in_a_loop(eagerly):
    x, _ = placeholders()
    with tf1compat.eager() if eagerly else contextlib.nullcontext():
        norm, drop = L.BatchNormalization(momentum=0.5), L.Dropout(0.5, seed=9)
        if eagerly:
            norm.build((None, WIDTH))

    def body(at, value):
        return at + 1, drop(norm(value, training=True), training=True)

    _, out = tf.while_loop(lambda at, _: at < 3, body, [0, x])
    gradients = tf.gradients(tf.reduce_sum(out * out), [v.value for v in norm.trainable_variables])
    sess = session()
    got, _ = sess.run([out, gradients], {x: X})
    with tf1compat.eager():
        norm2, drop2 = L.BatchNormalization(momentum=0.5), L.Dropout(0.5, seed=9)
        value = X
        for _ in range(3):
            value = drop2(norm2(value, training=True), training=True)
        mean = norm2.moving_mean.numpy()
    np.testing.assert_allclose(got, value, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(sess.run(norm.moving_mean), mean, rtol=1e-4, atol=1e-5)
    assert sess.run(drop.seed_generator.state).tolist() == [9, 3]


def test_layers_in_map_fn_and_in_functions():
    x, _ = placeholders()
    drop, norm = L.Dropout(0.5, seed=1), L.BatchNormalization(momentum=0.5)
    norm.build((None, WIDTH))
    mapped = tf.map_fn(lambda row: drop(row[None], training=True)[0], x)
    called = tf2.function(lambda t: norm(t, training=True))(x)
    sess = session()
    sess.run([mapped, called], {x: X})
    assert sess.run(drop.seed_generator.state).tolist() == [1, BATCH]
    np.testing.assert_allclose(sess.run(norm.moving_mean), 0.5 * X.mean(0), rtol=1e-5, atol=1e-6)


def test_a_cond_that_a_layer_makes_writes_what_it_says():
    class Picky(L.Layer):
        def build(self, shape):
            self.big = self.add_weight(shape=(), initializer="zeros", trainable=False, name="big")

        def call(self, x):
            keras.ops.cond(
                keras.ops.sum(x) > 0, lambda: self.big.assign_add(1.0), lambda: self.big.assign_add(10.0)
            )
            return x + self.big

    x, _ = placeholders()
    layer = Picky()
    out = layer(x)
    sess = session()
    np.testing.assert_allclose(sess.run(out, {x: np.ones_like(X)}), 2)
    np.testing.assert_allclose(sess.run(out, {x: -np.ones_like(X)}), 10)
    assert sess.run(layer.big) == 11


def test_a_layers_code_reads_as_tensorflow_2():
    class Modern(L.Layer):
        def call(self, x):
            assert x.shape[0] is None and x.shape.as_list() == [None, WIDTH]
            assert list(x.shape) == [None, WIDTH]
            return keras.ops.where(x == 0, 5.0, 1.0) + tf2.cast(x != 0, tf2.float32)

    x, _ = placeholders()
    out = Modern()(x)
    data = np.where(X > 0, X, 0)
    np.testing.assert_array_equal(session().run(out, {x: data}), np.where(data == 0, 5, 2))
    assert (x == 0) is False and x.shape[0].value is None  # outside of it TF1's ways hold


def test_stateful_rnn_goes_on_and_is_reset():
    x = tf.placeholder(tf.float32, [2, 3, 4])
    layer = L.LSTM(5, stateful=True)
    out = layer(x)
    data = RNG.randn(2, 3, 4).astype(np.float32)
    sess = session()
    first, second = sess.run(out, {x: data}), sess.run(out, {x: data})
    assert (first != second).any()
    with sess.as_default():
        layer.reset_state()
    np.testing.assert_array_equal(sess.run(out, {x: data}), first)
    with pytest.raises(RuntimeError, match="default Session"):
        layer.reset_state()
