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


def test_keras_session():
    backend = tf.keras.backend
    with tf.Session() as own:
        assert backend.get_session() is own
    kept = backend.get_session()
    assert backend.get_session() is kept and kept is not own
    layer = tf.keras.layers.Dense(2)
    layer.build((None, 3))
    assert backend.get_session().run(layer.kernel).shape == (3, 2)  # nobody initialised it
    assert backend.eval(tf.constant(2.0) + 1) == 3
    with tf1compat.eager():
        assert backend.eval(tensorflow.constant(2.0)) == 2
    other = tf.Session()
    backend.set_session(other)
    assert backend.get_session() is other
    with tf.Graph().as_default():
        assert backend.get_session() not in (other, kept)


@pytest.fixture
def leaving(monkeypatch):
    """As under `tf1compat run`."""
    monkeypatch.setattr("tf1compat.graph.keras.sessions.leaves_the_graph", True)


X = np.cos(np.arange(60)).reshape(20, 3).astype("float32")
Y = X.sum(1, keepdims=True)


def network():
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.Dense(4, input_shape=(3,)), layers.BatchNormalization(), layers.Dense(1)])
    model.compile(tf.keras.optimizers.Adam(0.1), "mse", metrics=["mae"])
    return model


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
def test_fit_in_a_script_and_keras_session_have_the_same_weights(leaving):
    model = network()
    x = tf.placeholder(tf.float32, [None, 3])
    y = model(x)
    operations = len(tf.get_default_graph().get_operations())
    history = model.fit(X, Y, epochs=5, verbose=0, validation_split=0.25).history
    assert len(tf.get_default_graph().get_operations()) == operations  # it was outside of the graph
    assert history["loss"][-1] < history["loss"][0] and "val_mean_absolute_error" in history
    predicted = model.predict(X, verbose=0)
    sess = tf.keras.backend.get_session()
    np.testing.assert_allclose(sess.run(y, {x: X}), predicted, rtol=1e-4, atol=1e-5)
    before = model.evaluate(X, Y, verbose=0)[0]
    for _ in range(10):
        model.train_on_batch(X, Y)
    assert abs(model.evaluate(X, Y, verbose=0)[0] - before) > 1e-4
    assert len(model.test_on_batch(X, Y)) == 2
    np.testing.assert_allclose(sess.run(y, {x: X}), model.predict_on_batch(X), rtol=1e-4, atol=1e-5)
    sess.run(model.layers[-1].bias.value.assign([7.0]))
    assert model.get_weights()[-1].tolist() == [7.0]
    model.set_weights([np.zeros_like(w) for w in model.get_weights()])
    assert not model.predict(X, verbose=0).any()


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
def test_fit_trains_what_the_default_session_holds(leaving):
    model = network()
    x = tf.placeholder(tf.float32, [None, 3])
    y = model(x)
    kept = {}
    for learned in (True, False):
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            before = sess.run(y, {x: X})
            if learned:
                model.fit(X, Y, verbose=0)
            kept[learned] = sess.run(model.weights)
            assert np.allclose(sess.run(y, {x: X}), before) is not learned
            model.fit(X, Y, verbose=0)  # the second Session's own, by the same optimizer
            assert not np.allclose(sess.run(y, {x: X}), before)


def test_fit_of_a_model_that_was_not_built(leaving):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    x = tf.placeholder(tf.float32, [None, 3])
    y = model(x)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())  # which leaves what was made outside of the graph
        np.testing.assert_allclose(sess.run(y, {x: X}), model.predict(X, verbose=0), rtol=1e-5)


def test_train_on_batch_of_what_is_of_the_graph_is_refused(leaving):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(NotImplementedError, match="of the graph: Keras 3 trains outside of the graph"):
        model.train_on_batch(tf.constant(X), Y)


def test_weights_in_hdf5_are_loaded_at_once_in_any_graph(tmp_path):
    model = tf.keras.Sequential([tf.keras.layers.Dense(2)])
    y = model(tf.constant(X))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path, before = str(tmp_path / "model.h5"), sess.run(y)
        model.save(path)
        model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
        model.load_weights(path)
        np.testing.assert_array_equal(sess.run(y), before)
        np.testing.assert_allclose(sess.run(tf.keras.models.load_model(path)(tf.constant(X))), before, rtol=1e-6)


#: What train_on_batch gave on TF 1.15.5, for the model and data of the test.
OLD_ARGUMENTS = {
    "SGD": ({"lr": 0.1, "decay": 0.5}, [1.0, 0.16, 0.0576, 0.02822, 0.0163]),
    "Adam": ({"lr": 0.1, "decay": 0.5, "epsilon": None}, [1.0, 0.49, 0.25488, 0.13226, 0.06551]),
}


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
@pytest.mark.parametrize("name", sorted(OLD_ARGUMENTS))
def test_optimizers_take_their_old_arguments_in_a_graph(leaving, name):
    arguments, losses = OLD_ARGUMENTS[name]
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="zeros", input_dim=2)])
    model.compile(getattr(tf.keras.optimizers, name)(**arguments), "mse")
    x, y = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
    for loss in losses:
        np.testing.assert_allclose(np.mean(np.square(model.predict_on_batch(x) - y)), loss, atol=1e-5)
        model.train_on_batch(x, y)


def test_old_arguments_that_cannot_be_kept_say_so():
    optimizers = tf.keras.optimizers
    with pytest.raises(TypeError, match="both lr and learning_rate"):
        optimizers.SGD(lr=0.1, learning_rate=0.1)
    with pytest.raises(NotImplementedError, match="InverseTimeDecay"):
        optimizers.SGD(decay=0.5)
    with tf1compat.eager(), pytest.raises(ValueError, match="lr"):
        optimizers.SGD(lr=0.1)


@pytest.mark.parametrize("name", ["layers.CuDNNLSTM", "experimental.PeepholeLSTMCell", "utils.multi_gpu_model"])
def test_what_keras_dropped_is_refused(name):
    with pytest.raises(NotImplementedError, match=rf"tf\.keras\.{name} is not available: Keras 3 dropped it"):
        names.resolve(f"keras.{name}")(2)


def test_what_keras_renamed_is_found():
    assert tf.keras.losses.mean_squared_error is tensorflow.keras.losses.MSE
    double = tf.placeholder(tf.float32, [2])
    assert tf.keras.backend.function([double], [double * 2])([[1.0, 2.0]])[0].tolist() == [2.0, 4.0]
