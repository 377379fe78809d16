"""Keras's optimizers and metrics in a graph; what needs eager mode and says so."""

import keras
import numpy as np
import pytest
import tensorflow as tf2
from keras_models import WIDTH, L, X, Y, eager_copy, mean_square, placeholders, session

import tf1compat
import tf1compat.v1 as tf

# Keras's optimizers and metrics, which write by statements.


@pytest.mark.parametrize("options", [{}, {"clipnorm": 0.5}, {"use_ema": True, "ema_overwrite_frequency": 2},
                                     {"gradient_accumulation_steps": 2}, {"weight_decay": 0.01}])  # fmt: skip
def test_a_keras_optimizer_makes_a_train_operation(options):
    def make():
        return keras.Sequential(
            [keras.Input((WIDTH,)), L.Dense(4), L.Dense(1, kernel_constraint="unit_norm")]
        )

    x, y = placeholders()
    model, optimizer = make(), keras.optimizers.Adam(0.05, **options)
    loss = mean_square(model(x, training=True), y)
    gradients = tf.gradients(loss, model.trainable_variables)
    train = optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    sess = session()
    weights = sess.run(model.variables)
    twin = eager_copy(make, weights, X)
    with tf1compat.eager():
        twin_optimizer = keras.optimizers.Adam(0.05, **options)
    for step in range(5):
        got, _ = sess.run([loss, train], {x: X, y: Y})
        with tf1compat.eager():
            with tf2.GradientTape() as tape:
                wanted = tf2.reduce_mean(tf2.square(twin(X, training=True) - Y))
            variables = twin.trainable_variables
            twin_optimizer.apply_gradients(
                zip(tape.gradient(wanted, [v.value for v in variables]), variables, strict=True)
            )
            assert got == pytest.approx(float(wanted), rel=1e-5)
        assert sess.run(optimizer.variables[0]) == step + 1


def test_keras_metrics_update_and_reset():
    y, p = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    metric = keras.metrics.MeanSquaredError()
    update, result = metric.update_state(y, p), metric.result()
    at_once = keras.metrics.Mean()(y)
    sess = session()
    sess.run(update, {y: [1, 2], p: [1, 4]})
    sess.run(update, {y: [0, 0], p: [0, 2]})
    assert sess.run(result) == pytest.approx(2.0)
    assert [float(sess.run(at_once, {y: [v]})) for v in (1, 3, 5)] == [1, 2, 3]
    with sess.as_default():
        metric.reset_state()
    assert sess.run(result) == 0


# What a graph cannot do, and the way out.


@pytest.mark.parametrize(
    "name", ["fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"]
)
def test_what_needs_eager_mode_says_so(name):
    with tf1compat.eager():
        model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(1)])
        model.compile("sgd", "mse")
    arguments = (X,) if name.startswith("predict") else (X, Y)
    with pytest.raises(RuntimeError, match=rf"^`{name}` needs .*with tf1compat.eager\(\):"):
        getattr(model, name)(*arguments)
    with tf1compat.eager():
        getattr(model, name)(*arguments)


def test_adapt_needs_eager_mode():
    layer = L.Normalization()
    with pytest.raises(RuntimeError, match=r"with tf1compat.eager\(\):"):
        layer.adapt(X)
    with tf1compat.eager():
        layer = L.Normalization()
        layer.adapt(X)
    x, _ = placeholders()
    np.testing.assert_allclose(session().run(layer(x), {x: X}).mean(0), 0, atol=1e-5)


def test_tables_of_preprocessing_layers():
    with tf1compat.eager():
        before = L.StringLookup(vocabulary=["a", "b"])
    words = tf.placeholder(tf.string, [None])
    outs = [before(words), L.StringLookup(vocabulary=["a", "b"])(words)]
    sess = session()
    sess.run(tf.tables_initializer())
    assert [out.tolist() for out in sess.run(outs, {words: ["b", "z", "a"]})] == [[2, 0, 1]] * 2


def test_assigning_while_a_layer_is_built_is_refused():
    class Eager(L.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(), name="w")
            self.w.assign(3.0)

        def call(self, x):
            return x * self.w

    x, _ = placeholders()
    with pytest.raises(RuntimeError, match="being built"):
        Eager()(x)


def test_clear_session_resets_the_graph():
    L.Dense(1).build((None, 3))
    assert tf.global_variables()
    keras.backend.clear_session()
    assert not tf.global_variables() and not tf.get_default_graph().get_operations()


def test_fit_of_a_model_made_in_a_graph_says_so():
    model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(1)])
    with tf1compat.eager():
        model.compile("sgd", "mse")
        with pytest.raises(RuntimeError, match="made in a TF1 graph"):
            model.fit(X, Y, verbose=0)
        with pytest.raises(RuntimeError, match="made in a TF1 graph"):
            model(X)
