"""tf.keras in a script: Keras 3's layers on a placeholder, trained and run by a Session."""

import numpy as np

from . import each

BATCH = np.sin(np.arange(12, dtype=np.float32)).reshape(3, 4)
IMAGES = np.sin(np.arange(2 * 6 * 6, dtype=np.float32)).reshape(2, 6, 6, 1)
SERIES = np.sin(np.arange(24, dtype=np.float32)).reshape(2, 4, 3)


def _layer(batch, *args, **kwargs):
    """The layer's output on a batch, all its weights being a half."""

    def build(tf, f):
        x = tf.placeholder(tf.float32, [None] + list(batch.shape[1:]))
        layer = f(*[a(tf) if callable(a) else a for a in args], **kwargs)
        y = layer(x)

        def run(sess):
            layer.set_weights([np.full(w.shape, 0.5, np.float32) for w in layer.get_weights()])
            return sess.run(y, {x: batch})

        return run

    return build


CASES = {}
CASES.update(
    {
        "keras.layers.Dense": _layer(BATCH, 2, activation="tanh"),
        "keras.layers.Activation": _layer(BATCH, "relu"),
        "keras.layers.Flatten": _layer(IMAGES),
        "keras.layers.Conv2D": _layer(IMAGES, 2, 3),
        "keras.layers.MaxPooling2D": _layer(IMAGES),
        "keras.layers.Dropout": _layer(BATCH, 0.5),
        "keras.utils.to_categorical": lambda tf, f: tf.constant(f([1, 0, 2], 3)),
        "keras.losses.categorical_crossentropy": lambda tf, f: f(
            tf.constant([[0.0, 1.0]]), tf.constant([[0.3, 0.7]])
        ),
    }
)
CASES.update(each("keras.Sequential", lambda tf, f: _layer(BATCH, [tf.keras.layers.Dense(2)])(tf, f)))
