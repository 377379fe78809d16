"""Keras 3 layers and models called on placeholders, trained and run by a Session."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf2

import tf1compat
import tf1compat.v1 as tf

BATCH, WIDTH = 16, 6
RNG = np.random.RandomState(0)
X = RNG.randn(BATCH, WIDTH).astype(np.float32)
Y = RNG.randn(BATCH, 1).astype(np.float32)
IMAGES = RNG.randn(BATCH, 8, 8, 2).astype(np.float32)
WORDS = RNG.randint(0, 11, (BATCH, 5)).astype(np.int32)

L = keras.layers


def session():
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return sess


def placeholders(x=X):
    return tf.placeholder(tf.as_dtype(x.dtype), [None, *x.shape[1:]]), tf.placeholder(tf.float32, [None, 1])


def mean_square(prediction, y):
    return tf.reduce_mean(tf.square(prediction - y))


def eager_copy(make, weights, x):
    """The same model made eagerly, with the given weights in order of its `variables`."""
    with tf1compat.eager():
        model = make()
        model(x[:2])
        for variable, value in zip(model.variables, weights, strict=True):
            variable.assign(value)
    return model


def eager_step(model, x, y, rate=0.05, extra_losses=False):
    with tf1compat.eager():
        with tf2.GradientTape() as tape:
            loss = tf2.reduce_mean(tf2.square(model(x, training=True) - y))
            if extra_losses:
                loss += tf2.add_n(model.losses)
        variables = [v.value for v in model.trainable_variables]
        for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            variable.assign_sub(rate * tf2.convert_to_tensor(gradient))
        return float(loss)


# The same steps as an eager loop takes.


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = L.Dense(8, activation="relu")
        self.norm = L.BatchNormalization(momentum=0.8)
        self.noise = L.GaussianNoise(0.3, seed=4)
        self.out = L.Dense(1)

    def call(self, x, training=False):
        return self.out(self.noise(self.norm(self.hidden(x), training=training), training=training))


class Counting(L.Layer):
    """State of its own: how often it was called in training, and a running sum read back at once."""

    def build(self, shape):
        self.counter = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False, name="counter")
        self.total = self.add_weight(shape=(), initializer="zeros", trainable=False, name="total")
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, x, training=False):
        if training:
            self.counter.assign_add(1)
            self.total.assign_add(1.5)
        return x * self.scale + self.total


def functional():
    inputs = keras.Input((WIDTH,))
    left = L.Dropout(0.4, seed=1)(L.Dense(7, activation="tanh")(inputs))
    right = L.BatchNormalization(momentum=0.7)(L.Dense(7)(inputs))
    return keras.Model(inputs, L.Dense(1)(L.LayerNormalization()(L.Add()([left, right]))))


MODELS = {
    "sequential": (X, lambda: keras.Sequential(
        [L.Dense(8, activation="relu"), L.BatchNormalization(momentum=0.9), L.Dropout(0.4, seed=3), L.Dense(1)])),
    "functional": (X, functional),
    "subclassed": (X, Subclassed),
    "convolutional": (IMAGES, lambda: keras.Sequential(
        [L.Conv2D(4, 3), L.BatchNormalization(momentum=0.9), L.SpatialDropout2D(0.3, seed=5), L.MaxPooling2D(),
         L.GlobalAveragePooling2D(), L.Dense(1)])),
    "lstm": (WORDS, lambda: keras.Sequential(
        [L.Embedding(11, 4), L.LSTM(5, dropout=0.2, recurrent_dropout=0.1, seed=6), L.Dense(1)])),
    "gru, bidirectional": (WORDS, lambda: keras.Sequential(
        [L.Embedding(11, 4, mask_zero=True), L.Bidirectional(L.GRU(5)), L.Dense(1)])),
    "simple rnn, unrolled": (WORDS, lambda: keras.Sequential(
        [L.Embedding(11, 4), L.SimpleRNN(5, unroll=True, dropout=0.2, seed=8), L.Dense(1)])),
    "spectral": (X, lambda: keras.Sequential([L.SpectralNormalization(L.Dense(8)), L.Dense(1)])),
    "counting": (X, lambda: keras.Sequential([L.Dense(3), Counting(), L.Dense(1)])),
    "attention": (WORDS, lambda: Attending()),
}  # fmt: skip


class Attending(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding = L.Embedding(11, 4)
        self.attention = L.MultiHeadAttention(2, 3, dropout=0.3, seed=7)
        self.out = L.Dense(1)

    def call(self, words, training=False):
        x = self.embedding(words)
        return self.out(keras.ops.mean(self.attention(x, x, training=training), axis=1))


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
        return keras.Sequential([
            L.Dense(4, kernel_regularizer=keras.regularizers.L2(0.1), activity_regularizer=keras.regularizers.L1(0.01)),
            L.Dense(1, bias_regularizer="l1"),
        ])  # fmt: skip

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
    np.testing.assert_allclose(sess.run(layer.moving_mean), 0.25 * X.mean(0) + 0.5 * (X + 10).mean(0), rtol=1e-5)


def test_only_the_calls_that_are_computed_write():
    a, _ = placeholders()
    b, _ = placeholders()
    layer = L.BatchNormalization(momentum=0.5)
    layer(a, training=True)
    second = layer(b, training=True)
    sess = session()
    sess.run(second, {b: X})
    np.testing.assert_allclose(sess.run(layer.moving_mean), 0.5 * X.mean(0), rtol=1e-5, atol=1e-6)


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


def test_a_cond_that_a_layer_makes_writes_what_it_says():
    class Picky(L.Layer):
        def build(self, shape):
            self.big = self.add_weight(shape=(), initializer="zeros", trainable=False, name="big")

        def call(self, x):
            keras.ops.cond(keras.ops.sum(x) > 0, lambda: self.big.assign_add(1.0), lambda: self.big.assign_add(10.0))
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
            assert [size for size in x.shape] == [None, WIDTH]
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


# Variables: finding, freezing, feeding, fetching, saving, sharing.


def test_fetching_and_feeding_a_keras_variable():
    x, _ = placeholders()
    dense = L.Dense(2, kernel_initializer="ones", bias_initializer="zeros")
    out = dense(x)
    sess = session()
    kernel, bias = sess.run([dense.kernel, dense.bias])
    np.testing.assert_array_equal(kernel, np.ones((WIDTH, 2)))
    np.testing.assert_allclose(
        sess.run(out, {x: X, dense.kernel: 2 * kernel, dense.bias: [1, 2]}), X @ (2 * kernel) + [1, 2], rtol=1e-4)
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
    [tf.train.AdamOptimizer, lambda rate: tf.train.MomentumOptimizer(rate, 0.9), tf.train.GradientDescentOptimizer],
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
    np.testing.assert_allclose(sess.run(out, {x: X}), (X @ weights[0] + weights[1]) @ weights[2] + weights[3], rtol=1e-4, atol=1e-5)


def test_weights_of_a_model_made_eagerly_need_no_session():
    with tf1compat.eager():
        model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(1)])
    weights = model.get_weights()
    model.set_weights([w + 1 for w in weights])
    np.testing.assert_array_equal(model.get_weights()[0], weights[0] + 1)


def test_weights_go_through_a_file_and_a_saved_model(tmp_path):
    x, _ = placeholders()
    model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(3, name="one"), L.BatchNormalization(), L.Dense(1)])
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


# Keras's optimizers and metrics, which write by statements.


@pytest.mark.parametrize("options", [{}, {"clipnorm": 0.5}, {"use_ema": True, "ema_overwrite_frequency": 2},
                                     {"gradient_accumulation_steps": 2}, {"weight_decay": 0.01}])  # fmt: skip
def test_a_keras_optimizer_makes_a_train_operation(options):
    def make():
        return keras.Sequential([keras.Input((WIDTH,)), L.Dense(4), L.Dense(1, kernel_constraint="unit_norm")])

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
                zip(tape.gradient(wanted, [v.value for v in variables]), variables, strict=True))
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


@pytest.mark.parametrize("name", ["fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"])
def test_what_needs_eager_mode_says_so(name):
    with tf1compat.eager():
        model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(1)])
        model.compile("sgd", "mse")
    arguments = (X,) if name.startswith("predict") else (X, Y)
    with pytest.raises(RuntimeError, match=rf"^`{name}` needs .*with tf1compat.eager\(\):"):
        getattr(model, name)(*arguments)
    with tf1compat.eager():
        getattr(model, name)(*arguments)


def test_fit_of_a_model_made_in_a_graph_says_so():
    model = keras.Sequential([keras.Input((WIDTH,)), L.Dense(1)])
    with tf1compat.eager():
        model.compile("sgd", "mse")
        with pytest.raises(RuntimeError, match="made in a TF1 graph"):
            model.fit(X, Y, verbose=0)
        with pytest.raises(RuntimeError, match="made in a TF1 graph"):
            model(X)
