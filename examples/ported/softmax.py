"""Softmax regression on MNIST, trained by gradient descent.

    python softmax.py [FOLDER OF MNIST [STEPS]]

Ported to Keras's compile and fit:
- the placeholders, the feeds and the Session's loop are `fit`'s;
- `tf.train.GradientDescentOptimizer` is the optimizer of the same rule in `tf1compat.keras`;
- the labels stay numbers: the sparse loss needs no one-hot rows;
- the initial weights are zeros by request, because Keras begins with random ones.
"""

import sys

import keras
import matplotlib.pyplot as plt
import mnist
import tensorflow as tf

from tf1compat.keras import optimizers

BATCH = 100
EVERY = 50  # steps to an epoch, as Keras calls what it shows as a line


def plot(losses, weights):
    plt.switch_backend("Agg")
    figure = plt.figure(figsize=(10, 4), layout="constrained")
    figure.add_subplot(2, 6, (1, 7), title=f"loss, mean of {EVERY} steps").plot(losses)
    for digit in range(10):
        axes = figure.add_subplot(2, 6, 2 + digit if digit < 5 else 3 + digit, title=f"weights of {digit}")
        axes.imshow(weights[:, digit].reshape(28, 28), cmap="seismic")
        axes.axis("off")
    figure.savefig("softmax.png")


def main(folder="MNIST_data", steps=1000):
    (images, labels), test = mnist.load(folder)
    # MNIST's DataSet shuffled at each pass, and gave batches without end: so does this.
    data = tf.data.Dataset.from_tensor_slices((images, labels))
    batches = data.shuffle(len(images), seed=1).repeat().batch(BATCH).prefetch(1)

    model = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            keras.layers.Flatten(),
            keras.layers.Dense(10, kernel_initializer="zeros"),
        ]
    )
    model.compile(
        optimizers.GradientDescent(0.5),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),  # the model's outputs are logits, as TF1's were
        metrics=["accuracy"],
    )
    epoch = min(EVERY, steps)
    # shuffle=False: the dataset does it, and Keras warns if it is to.
    history = model.fit(batches, steps_per_epoch=epoch, epochs=steps // epoch, shuffle=False).history
    plot(history["loss"], model.layers[-1].kernel.numpy())
    _, accuracy = model.evaluate(*test, verbose=0)
    print(f"test accuracy: {accuracy:.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
