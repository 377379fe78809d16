"""Keras models that the tests of Keras in a graph train, and the eager loop that they are compared with."""

import keras
import numpy as np
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
        self.counter = self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False, name="counter"
        )
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
        [L.Dense(8, activation="relu"), L.BatchNormalization(momentum=0.9), L.Dropout(0.4, seed=3),
         L.Dense(1)])),
    "functional": (X, functional),
    "subclassed": (X, Subclassed),
    "convolutional": (IMAGES, lambda: keras.Sequential(
        [L.Conv2D(4, 3), L.BatchNormalization(momentum=0.9), L.SpatialDropout2D(0.3, seed=5),
         L.MaxPooling2D(), L.GlobalAveragePooling2D(), L.Dense(1)])),
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
