"""Digits learned by Keras's `fit`, with TF1's rules: its optimizer, and its average, clipping and decay as callbacks.

    python mnist_keras_fit.py [FOLDER OF MNIST]
"""

import common
import keras
import tensorflow as tf

import tf1compat.keras
from tf1compat import train


class Watch(keras.callbacks.Callback):
    """Keeps each step's loss, and each epoch's accuracies: of the weights, and of their averages."""

    def __init__(self, curves, test):
        super().__init__()
        self.curves, self.test = curves, test

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()  # else the loss is the mean of the epoch so far

    def on_train_batch_end(self, batch, logs=None):
        self.curves.losses.append(logs["loss"])

    def on_epoch_end(self, epoch, logs=None):
        self.curves.averaged.append(logs["val_accuracy"])
        self.curves.raw.append(self.model.evaluate(*self.test, verbose=0)[1])


def run(data):
    model = keras.Sequential(
        [
            keras.Input(data.images.shape[-1:]),
            keras.layers.Dense(common.HIDDEN, activation="tanh"),
            keras.layers.Dense(common.DIGITS),
        ]
    )
    model.set_weights(common.first_weights(data.images.shape[-1]))
    model.compile(
        tf1compat.keras.optimizers.Momentum(common.RATE, momentum=common.MOMENTUM),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    ema = tf1compat.keras.ExponentialMovingAverage(common.AVERAGE_DECAY, num_updates=True)
    clipping = tf1compat.keras.GradientClipping("global_norm", common.CLIP_NORM)
    schedule = train.ExponentialDecay(common.RATE, common.DECAY_STEPS, common.DECAY_RATE)
    curves, test = common.Curves([], [], [], []), (data.test_images, data.test_labels)
    model.fit(
        tf.data.Dataset.from_tensor_slices((data.images, data.labels)),
        steps_per_epoch=common.EVERY,
        epochs=common.STEPS // common.EVERY,
        shuffle=False,
        validation_data=test,
        callbacks=[ema, clipping, tf1compat.keras.LearningRateDecay(schedule), Watch(curves, test)],
        verbose=0,
    )
    with ema.swapped():
        curves.averages.extend(model.get_weights())
    return curves


if __name__ == "__main__":
    common.main(run)
