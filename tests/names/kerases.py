"""tf.keras in a script: what a Session computes with Keras 3, and what Keras 3 computes eagerly.

A case is a function of `f`, the object its name means; it gives a function of a tensor, a batch for it,
and the weights' owner, if it has any. The function must work on a placeholder and on an eager tensor.
"""

from __future__ import annotations

import numpy as np

BATCH = np.sin(np.arange(12, dtype=np.float32)).reshape(3, 4)
IMAGES = np.sin(np.arange(2 * 6 * 6, dtype=np.float32)).reshape(2, 6, 6, 1)
SERIES = np.sin(np.arange(24, dtype=np.float32)).reshape(2, 4, 3)


def _layer(batch, *args, **kwargs):
    return lambda tf, f: (f(*[a(tf) if callable(a) else a for a in args], **kwargs), batch)


def _function(*others):
    return lambda tf, f: ((lambda x: f(*others, x)), BATCH)


CASES = {
    "keras.layers.Activation": _layer(BATCH, "relu"),
    "keras.layers.Conv2D": _layer(IMAGES, 2, 3),
    "keras.layers.Dense": _layer(BATCH, 2, activation="tanh"),
    "keras.layers.Dropout": _layer(BATCH, 0.5),
    "keras.layers.Flatten": _layer(IMAGES),
    "keras.layers.LSTM": _layer(SERIES, 2),
    "keras.layers.LSTMCell": lambda tf, f: (tf.keras.layers.RNN(f(2)), SERIES),
    "keras.layers.MaxPooling2D": _layer(IMAGES),
    "keras.layers.RNN": _layer(SERIES, lambda tf: tf.keras.layers.GRUCell(2), return_sequences=True),
    "keras.layers.SimpleRNNCell": lambda tf, f: (tf.keras.layers.RNN(f(2)), SERIES),
    "keras.layers.TimeDistributed": _layer(SERIES, lambda tf: tf.keras.layers.Dense(2)),
    "keras.Sequential": _layer(BATCH, lambda tf: [tf.keras.layers.Dense(3), tf.keras.layers.Dense(2)]),
    "keras.losses.categorical_crossentropy": _function(np.eye(3, 4, dtype=np.float32)),
    "keras.metrics.categorical_accuracy": _function(np.eye(3, 4, dtype=np.float32)),
}
