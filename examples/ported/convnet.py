"""A convolutional network on MNIST: momentum at a decaying rate, weight decay, dropout; evaluated with the moving
averages of its weights.

    python convnet.py [FOLDER OF MNIST [STEPS]]

Ported to Keras's layers, with TF1's training rules as callbacks:
- `tf.get_variable` in variable scopes is layers; `Dropout` knows by itself when to let everything through, which the
  fed `keep_prob` said;
- the collection "losses" is each layer's own regularizer. TF1's l2_loss is half the sum of squares and Keras's L2 the
  whole, so the factor halves;
- `exponential_decay` and `ExponentialMovingAverage(…, global_step)` are callbacks, which count the optimizer's steps;
- validation reads the averages: no checkpoint, no second Session, and the weights stay what they are.
"""

import sys

import keras
import matplotlib.pyplot as plt
import mnist
import tensorflow as tf

from tf1compat import train
from tf1compat.keras import ExponentialMovingAverage, LearningRateDecay, optimizers

BATCH = 50
TESTED = 1000  # this many test images at most, as in the old program
EVERY = 20  # steps from one look at the accuracy to the next
INITIAL_RATE, DECAY_STEPS, DECAY_FACTOR = 0.02, 50, 0.9
WEIGHT_DECAY = 0.0005
MOVING_AVERAGE_DECAY = 0.99

decayed = {"kernel_regularizer": keras.regularizers.L2(WEIGHT_DECAY / 2)}


def initialized(seed):
    return {
        "kernel_initializer": keras.initializers.TruncatedNormal(stddev=0.1, seed=seed),
        "bias_initializer": keras.initializers.Constant(0.1),
    }


def network():
    return keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            keras.layers.Conv2D(16, 5, padding="same", activation="relu", **initialized(1), **decayed),
            keras.layers.MaxPooling2D(padding="same"),
            keras.layers.Conv2D(32, 5, padding="same", activation="relu", **initialized(2), **decayed),
            keras.layers.MaxPooling2D(padding="same"),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu", **initialized(3), **decayed),
            keras.layers.Dropout(0.5, seed=4),
            keras.layers.Dense(10, **initialized(5)),
        ]
    )


def plot(history, raw, averaged, every):
    plt.switch_backend("Agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    looks = range(every, every * len(raw) + 1, every)
    left.semilogy(looks, history["loss"])
    left.set_title(f"total loss, mean of {every} steps")
    right.plot(looks, raw, label="weights")
    right.plot(looks, averaged, label="their averages")
    right.set_title("test accuracy")
    right.legend()
    figure.savefig("convnet.png")


def main(folder="MNIST_data", steps=400):
    keras.utils.set_random_seed(1)
    (images, labels), (test_images, test_labels) = mnist.load(folder)
    test = test_images[:TESTED], test_labels[:TESTED]
    data = tf.data.Dataset.from_tensor_slices((images, labels))
    batches = data.shuffle(len(images), seed=2).repeat().batch(BATCH).prefetch(1)

    model = network()
    model.compile(
        optimizers.Momentum(INITIAL_RATE, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    average = ExponentialMovingAverage(MOVING_AVERAGE_DECAY, num_updates=True)
    decay = LearningRateDecay(train.ExponentialDecay(INITIAL_RATE, DECAY_STEPS, DECAY_FACTOR, staircase=True))

    raw = []  # the accuracy of the weights themselves, beside the averages' that `fit` looks at

    def look(epoch, logs):
        raw.append(model.evaluate(*test, verbose=0)[1])

    epoch = min(EVERY, steps)
    history = model.fit(
        batches,
        steps_per_epoch=epoch,
        epochs=steps // epoch,
        shuffle=False,  # by Keras; the dataset does it
        validation_data=test,
        callbacks=[average, decay, keras.callbacks.LambdaCallback(on_epoch_end=look)],
    ).history
    plot(history, raw, history["val_accuracy"], epoch)
    print(f"test accuracy: {raw[-1]:.4f}")
    print(f"test accuracy with averages: {history['val_accuracy'][-1]:.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
