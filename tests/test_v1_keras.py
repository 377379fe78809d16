"""tf.keras in a TF1 script is Keras 3: what a Session computes with it is what it computes eagerly."""

import glob

import names as listed
import numpy as np
import pytest
import tensorflow
from names import kerases

import tf1compat
import tf1compat.v1 as tf
from tf1compat.v1 import names
from tf1compat.v1.refusals import Refusal

#: Used names that train or report outside a graph, or read data, or are refused: tests of their own below.
OTHERS = {
    "keras.backend.eval",
    "keras.callbacks.TensorBoard",
    "keras.datasets.mnist.load_data",
    "keras.optimizers.Adam",
    "keras.optimizers.SGD",
    "keras.utils.to_categorical",
}


def test_every_used_keras_callable_has_a_case():
    used = [name for name in listed.read_names("used.txt") if name.startswith("keras.")]
    assert {name for name in used if callable(names.resolve(name))} == set(kerases.CASES) | OTHERS


@pytest.mark.parametrize("name", sorted(kerases.CASES))
def test_case(name):
    def weigh(compute):
        if getattr(compute, "weights", None):
            compute.set_weights([np.cos(np.arange(w.size)).reshape(w.shape) for w in compute.get_weights()])

    with tf.Graph().as_default():
        compute, batch = kerases.CASES[name](tf, names.resolve(name))
        x = tf.placeholder(tf.float32, [None, *batch.shape[1:]])
        y = compute(x)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            weigh(compute)
            ours = sess.run(y, {x: batch})
    with tf1compat.eager():
        compute, batch = kerases.CASES[name](tf, names.resolve(name))
        compute(tensorflow.constant(batch))
        weigh(compute)
        eager = compute(tensorflow.constant(batch)).numpy()
    np.testing.assert_allclose(ours, eager, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name, after", [("SGD", 0.8), ("Adam", 0.9)])
def test_optimizers_train_a_model_outside_the_graph(name, after):
    with tf1compat.eager():
        model = tf.keras.Sequential([tf.keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")])
        model.compile(getattr(tf.keras.optimizers, name)(0.1), "mse")
        model.fit(np.ones([1, 1]), np.zeros([1, 1]), epochs=1, verbose=0)
        np.testing.assert_allclose(model.get_weights()[0], [[after]], rtol=1e-4)


def test_tensorboard_callback_writes_events(tmp_path):
    pytest.importorskip("tensorboard")
    with tf1compat.eager():
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        callback = tf.keras.callbacks.TensorBoard(str(tmp_path))
        model.fit(np.ones([1, 1]), np.zeros([1, 1]), epochs=1, verbose=0, callbacks=[callback])
    assert glob.glob(str(tmp_path / "train" / "events*"))


def test_to_categorical_feeds_a_session():
    x = tf.placeholder(tf.float32, [None, 3])
    with tf.Session() as sess:
        sums = sess.run(tf.reduce_sum(x, 0), {x: tf.keras.utils.to_categorical([1, 0, 1], 3)})
    np.testing.assert_array_equal(sums, [1, 2, 0])


def test_mnist_reads_what_keras_fetched(tmp_path, monkeypatch):
    arrays = {f"{k}_{part}": np.full([2, 28, 28] if k == "x" else [2], 3, np.uint8)
              for k in "xy" for part in ("train", "test")}  # fmt: skip
    np.savez(tmp_path / "mnist.npz", **arrays)
    import keras

    monkeypatch.setattr(
        "keras.src.datasets.mnist.get_file", lambda *args, **kwargs: str(tmp_path / "mnist.npz")
    )
    (images, labels), _ = tf.keras.datasets.mnist.load_data()
    assert keras.__version__.startswith("3.")
    with tf.Session() as sess:
        assert sess.run(tf.reduce_sum(tf.constant(images[:, 0, 0]))) == 6 and labels.tolist() == [3, 3]


@pytest.mark.parametrize("name", ["eval", "get_session", "set_session"])
def test_what_needed_keras_own_session_is_refused(name):
    refused = getattr(tf.keras.backend, name)
    assert isinstance(refused, Refusal)
    with pytest.raises(NotImplementedError, match=rf"tf\.keras\.backend\.{name} is not available: Keras 3"):
        refused()
