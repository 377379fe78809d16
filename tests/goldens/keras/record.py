"""Records, with TF 1.15.5, files of Keras models and what the models predict.

    cd tests && TF1_PYTHON -m goldens.keras.record
"""

import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def sequence(tf):
    """Layers whose configuration Keras 3 does not read as it was written."""
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            layers.Embedding(6, 3, input_length=4),
            layers.LSTM(3, return_sequences=True),
            layers.Bidirectional(layers.GRU(2)),
            layers.BatchNormalization(),
            layers.Dense(2, activation="softmax", kernel_regularizer=tf.keras.regularizers.l2(0.01)),
        ]
    )
    model.compile("adam", "mse", metrics=["accuracy", "mae"])
    return model


def images(tf):
    layers = tf.keras.layers
    x = layers.Input((8, 8, 1))
    y = layers.Conv2D(2, 3, padding="same", activation="relu")(x)
    y = layers.Flatten()(layers.MaxPooling2D()(y))
    model = tf.keras.Model(x, [layers.Dense(3)(layers.Dropout(0.3)(y)), y])
    model.compile(tf.keras.optimizers.RMSprop(lr=0.01, decay=0.1), ["mse", "mae"], loss_weights=[1, 0.5])
    return model


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5"
    tf.set_random_seed(1)
    words = np.arange(8).reshape(2, 4) % 6
    pictures = np.cos(np.arange(128)).reshape(2, 8, 8, 1).astype(np.float32)
    first, second = sequence(tf), images(tf)
    first.fit(words, np.ones((2, 2)), verbose=0)
    second.fit(pictures, [np.ones((2, 3)), np.ones((2, 32))], verbose=0)
    first.save(os.path.join(HERE, "sequence.h5"))
    second.save(os.path.join(HERE, "images.h5"))
    second.save_weights(os.path.join(HERE, "images_weights.h5"))
    second.save_weights(os.path.join(HERE, "images_checkpoint"))
    os.remove(os.path.join(HERE, "checkpoint"))
    np.savez_compressed(
        os.path.join(HERE, "predictions.npz"),
        words=words,
        images=pictures,
        sequence=first.predict(words),
        logits=second.predict(pictures)[0],
    )


if __name__ == "__main__":
    main()
