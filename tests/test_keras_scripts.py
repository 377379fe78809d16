"""What TF 1.15's Keras took and Keras 3 does not, in programs of TF1's: numbers and names are those of TF 1.15.5."""

import os
import shutil

import numpy as np
import pytest

import tf1compat
import tf1compat.v1 as tf

pytestmark = [
    pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`"),
    pytest.mark.filterwarnings("ignore:Argument `input_length`"),
]
X = np.cos(np.arange(60)).reshape(20, 3).astype("float32")
Y = (X.sum(1) > 0).astype("float32")


@pytest.fixture(autouse=True)
def script(monkeypatch, tmp_path):
    """As under `tf1compat run`."""
    monkeypatch.setattr("tf1compat.graph.keras.sessions.leaves_the_graph", True)
    monkeypatch.chdir(tmp_path)
    with tf.Graph().as_default():
        yield


def network(**compiled):
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.Dense(4, input_dim=3, activation="tanh", kernel_initializer="ones"),
            layers.Dense(1, activation="sigmoid", kernel_initializer="ones"),
        ]
    )
    model.compile(**{"optimizer": "sgd", "loss": "binary_crossentropy", "metrics": ["accuracy"], **compiled})
    return model


def batches():
    while True:
        yield X[:10], Y[:10]


#: Optimizer: the losses of three epochs of one batch.
LOSSES = {
    "adam": (lambda: tf.train.AdamOptimizer(0.1), [0.0850530, 0.0521782]),
    "rmsprop": (lambda: tf.train.RMSPropOptimizer(0.01), [0.0850530, 0.0849349]),
    "momentum": (lambda: tf.train.MomentumOptimizer(0.1, 0.9), [0.0850530, 0.0839388, 0.0818747]),
    "old arguments": (
        lambda: tf.keras.optimizers.SGD(lr=0.5, decay=0.1, momentum=0.5, nesterov=True),
        [0.0850530, 0.0770440, 0.0698872],
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_optimizers(name):
    make, losses = LOSSES[name]
    history = network(optimizer=make()).fit(X, Y, epochs=len(losses), verbose=0, batch_size=20).history
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-4)


def test_optimizers_that_keras_cannot_have():
    with pytest.raises(NotImplementedError, match="learning_rate=.*tf.keras.optimizers.schedules"):
        network(optimizer=tf.train.GradientDescentOptimizer(tf.constant(0.1)))
    with pytest.raises(NotImplementedError, match="NadamOptimizer.*tf.keras.optimizers"):
        network(optimizer=tf.contrib.opt.NadamOptimizer())


def test_names_of_metrics():
    model = network(metrics=["accuracy", "mae", tf.keras.metrics.binary_accuracy])
    history = model.fit(X, Y, verbose=0, validation_data=(X, Y)).history
    names = ["loss", "acc", "mean_absolute_error", "binary_accuracy"]
    assert sorted(history) == sorted([*names, *(f"val_{name}" for name in names)])
    assert model.metrics_names == names and len(model.evaluate(X, Y, verbose=0)) == 4
    with tf1compat.eager():
        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        model.compile("sgd", "mse", metrics=["accuracy"])
        assert sorted(model.fit(X, Y, verbose=0).history) == ["accuracy", "loss"]
        assert not hasattr(model, "fit_generator") and not hasattr(model.optimizer, "lr")


def test_compile_takes_metrics_third_and_measures_every_output():
    layers = tf.keras.layers
    x = layers.Input(shape=(3,))
    y = layers.Dense(2, name="y")(x)
    model = tf.keras.Model(inputs=x, outputs=[layers.Dense(1, name="z")(y), y])
    model.compile("adam", ["mse", "mse"], ["accuracy"], [1, 0.5])
    history = model.fit(X, [Y, np.ones((20, 2))], verbose=0).history
    assert sorted(history) == ["loss", "y_acc", "y_loss", "z_acc", "z_loss"]
    with pytest.raises(NotImplementedError, match=r"compile\(target_tensors=…\).*fit\(x, y\)"):
        model.compile("adam", "mse", target_tensors=[tf.zeros([2])])


def test_metrics_made_in_the_graph():
    model = network(metrics=[tf.keras.metrics.Precision()])
    assert "precision" in model.fit(X, Y, verbose=0).history


def test_generators():
    model = network()
    history = model.fit_generator(batches(), steps_per_epoch=2, epochs=2, verbose=0, validation_data=(X, Y)).history
    np.testing.assert_allclose(history["loss"], [0.0241479, 0.0241080], rtol=1e-4)
    np.testing.assert_allclose(history["val_loss"], [0.0850020, 0.0849511], rtol=1e-4)
    assert model.evaluate_generator(batches(), steps=2)[1] == 1
    assert model.predict_generator(batches(), steps=2).shape == (20, 1)
    assert len(model.fit(batches(), steps_per_epoch=1, nb_epoch=2, verbose=0, workers=2).history["loss"]) == 2


def test_classes():
    assert network().predict_classes(X[:5]).ravel().tolist() == [1, 0, 1, 0, 1]
    model = tf.keras.Sequential([tf.keras.layers.Dense(3, input_dim=3)])
    assert model.predict_classes(X).tolist() == model.predict_proba(X).argmax(1).tolist()


def test_learning_rates():
    backend, callbacks = tf.keras.backend, tf.keras.callbacks
    model = network(optimizer=tf.keras.optimizers.SGD(lr=0.5))
    backend.set_value(model.optimizer.lr, 0.25)
    assert backend.get_value(model.optimizer.lr) == 0.25 and backend.eval(model.optimizer.lr) == 0.25
    told = [
        callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1)),
        callbacks.ReduceLROnPlateau(monitor="loss", patience=0, epsilon=1e-4),
    ]
    history = model.fit(X, Y, epochs=2, verbose=0, callbacks=told).history
    np.testing.assert_allclose(history["lr"], [0.1, 0.05])
    with pytest.raises(TypeError, match="epsilon and min_delta"):
        callbacks.ReduceLROnPlateau(epsilon=1e-4, min_delta=1e-4)


def test_callbacks_that_watch_accuracy():
    callbacks = tf.keras.callbacks
    watching = [
        callbacks.EarlyStopping(monitor="val_acc", patience=1),
        callbacks.ModelCheckpoint("c{epoch}-{val_acc:.1f}.hdf5", monitor="val_acc", period=2),
        callbacks.ModelCheckpoint("w.h5", monitor="loss", save_best_only=True, save_weights_only=True),
    ]
    model = network()
    model.fit(X, Y, epochs=2, validation_split=0.2, verbose=0, callbacks=watching)
    assert [callback.mode for callback in watching[:2]] == ["max", "max"]
    assert sorted(os.listdir(".")) == ["c2-1.0.hdf5", "w.h5"]
    np.testing.assert_allclose(tf.keras.models.load_model("c2-1.0.hdf5").predict(X), model.predict(X), rtol=1e-5)
    with pytest.raises(NotImplementedError, match="load_weights_on_restart"):
        callbacks.ModelCheckpoint("c.h5", load_weights_on_restart=True)


@pytest.mark.parametrize("name", ["model.h5", "model.hdf5", "model", "model.keras"])
def test_models_in_files_of_any_name(name):
    model = network(loss="mse", metrics=["mae"])
    model.fit(X, Y, epochs=3, verbose=0)
    model.save(name)
    again = tf.keras.models.load_model(name)
    np.testing.assert_allclose(again.predict(X), model.predict(X), rtol=1e-5)
    assert abs(again.predict(X) - network().predict(X)).max() > 1e-6  # which it began with
    assert sorted(again.fit(X, Y, verbose=0).history) == ["loss", "mean_absolute_error"]
    assert os.listdir(".") == [name]


@pytest.mark.parametrize("name", ["w.h5", "w.weights.h5", "folder/w", "w.ckpt"])
def test_weights_in_files_of_any_name(name):
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.LSTM(2, input_shape=(4, 3)), layers.BatchNormalization(), layers.Dense(2)])
    before = model.get_weights()
    model.save_weights(name)
    model.set_weights([np.full_like(weight, 3) for weight in before])
    model.load_weights(name)
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    if name == "folder/w":
        assert tf.train.latest_checkpoint("folder") == name
        assert tf.train.load_checkpoint(name).has_tensor("layer_with_weights-2/kernel/.ATTRIBUTES/VARIABLE_VALUE")
    with pytest.raises(NotImplementedError, match="simple_save"):
        model.save("m", save_format="tf")


def test_files_of_tf_1_15(tmp_path):
    """A model with all that Keras 3 cannot read by itself, its weights, and what it predicted."""
    folder = os.path.join(os.path.dirname(__file__), "goldens", "keras")
    shutil.copytree(folder, "files")
    recorded = np.load("files/predictions.npz")
    model = tf.keras.models.load_model("files/sequence.h5")
    np.testing.assert_allclose(model.predict(recorded["words"]), recorded["sequence"], atol=1e-6)
    pair = tf.keras.models.load_model("files/images.h5")
    np.testing.assert_allclose(pair.predict(recorded["images"])[0], recorded["logits"], atol=1e-6)
    pair.set_weights([np.zeros_like(weight) for weight in pair.get_weights()])
    for weights in ("files/images_weights.h5", "files/images_checkpoint"):
        pair.load_weights(weights)
        np.testing.assert_allclose(pair.predict(recorded["images"])[0], recorded["logits"], atol=1e-6)


def test_arguments_of_layers():
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.BatchNormalization(fused=True, input_shape=(4, 3)),
            layers.LSTM(2, implementation=2, return_sequences=True, time_major=False),
            layers.Flatten(),
        ]
    )
    assert model.layers[-1].output_shape == (None, 8) and model.layers[1].input_shape == (None, 4, 3)
    assert model.input.shape == (None, 4, 3) and model.output.shape == (None, 8)
    with pytest.raises(NotImplementedError, match=r"renorm=True.*tf.layers.batch_normalization"):
        layers.BatchNormalization(renorm=True)
    with pytest.raises(NotImplementedError, match="time_major=True"):
        layers.LSTM(2, time_major=True)


def test_stateful_layers_and_the_shape_of_a_batch():
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.GRU(2, batch_input_shape=(2, 4, 3), stateful=True), layers.Dense(1)])
    model.compile("rmsprop", "mse")
    batch = np.ones((2, 4, 3), "float32")
    model.fit(batch, np.ones((2, 1)), batch_size=2, verbose=0)
    model.reset_states()
    first, second = model.predict(batch, batch_size=2), model.predict(batch, batch_size=2)
    assert abs(first - second).max() > 1e-6
    model.reset_states()
    np.testing.assert_allclose(model.predict(batch, batch_size=2), first)


def test_layers_of_ones_own():
    class Scaled(tf.keras.layers.Layer):
        def build(self, shape):
            self.scale = self.add_weight("scale", [shape[-1]], tf.float32, tf.ones_initializer())
            super().build(shape)

        def call(self, x):
            return x * self.scale

    model = tf.keras.Sequential([Scaled(input_shape=(3,))])
    np.testing.assert_allclose(model.predict(X), X)


def test_functions_of_a_models_tensors():
    model = network()
    hidden = tf.keras.backend.function([model.layers[0].input], [model.layers[0].output])
    np.testing.assert_allclose(hidden([X])[0], np.tanh(X.sum(1, keepdims=True) * np.ones(4)), rtol=1e-5)
    model.fit(X, Y, verbose=0)
    assert abs(hidden([X])[0] - np.tanh(X.sum(1, keepdims=True) * np.ones(4))).max() > 1e-6


def test_fit_on_the_graphs_own_data():
    every = tf.data.Dataset.from_tensor_slices((X, Y)).batch(10)
    model, arrays = network(), network()
    kept = model.fit(every, epochs=2, verbose=0, validation_data=every).history
    plain = arrays.fit(X, Y, batch_size=10, shuffle=False, epochs=2, verbose=0, validation_data=(X, Y)).history
    for name in plain:
        np.testing.assert_allclose(kept[name], plain[name], rtol=1e-5)
    operations = len(tf.get_default_graph().get_operations())
    model.fit(every.repeat(), steps_per_epoch=3, verbose=0)
    model.fit(every, verbose=0)
    assert model.evaluate(every, verbose=0)[1] == 1 and model.predict(every).shape == (20, 1)
    assert len(tf.get_default_graph().get_operations()) < operations + 40  # an iterator a data set
    history = model.fit(tf.constant(X), tf.constant(Y), steps_per_epoch=2, verbose=0).history
    assert sorted(history) == ["acc", "loss"]
    with pytest.raises(ValueError, match="needs steps_per_epoch"):
        model.fit(tf.constant(X), tf.constant(Y))
