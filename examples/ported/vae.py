"""A variational autoencoder of MNIST's digits (Kingma & Welling, https://arxiv.org/abs/1312.6114).

    python vae.py [FOLDER OF MNIST [STEPS]]

Ported to Keras's layers and one `tf.function`:
- `slim.fully_connected` is a Dense layer; slim's default activation was relu, and Keras's is none;
- encoder and decoder are objects that are called where they are needed, so there is nothing to `reuse`;
- the step takes the images and returns what was fetched. XLA compiles it;
- `tf.train.AdamOptimizer` is TF1's, from `tf1compat.train`: Keras's Adam has another epsilon, 1e-7 for 1e-8.
"""

import sys

import keras
import matplotlib.pyplot as plt
import mnist
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from tf1compat import train

BATCH = 100
LATENT = 10


def dense(size, seed, activation="relu"):
    return keras.layers.Dense(size, activation, kernel_initializer=keras.initializers.GlorotUniform(seed))


def make_encoder():
    """The mean of the latent vector, and the logarithm of its variance."""
    images = keras.Input([28, 28, 1])
    net = keras.layers.Flatten()(images)
    net = dense(128, 2)(dense(256, 1)(net))
    return keras.Model(images, [dense(LATENT, 3, None)(net), dense(LATENT, 4, None)(net)])


def make_decoder():
    """The logits of the pixels."""
    layers = [dense(128, 5), dense(256, 6), dense(784, 7, None), keras.layers.Reshape([28, 28, 1])]
    return keras.Sequential([keras.Input([LATENT]), *layers])


def losses_of(encoder, decoder, images):
    """The two parts of the negative ELBO, means over the images: reconstruction, Kullback-Leibler divergence."""
    mean, log_var = encoder(images)
    z = mean + tf.exp(log_var / 2) * tf.random.normal(tf.shape(mean))
    pixels = tf.nn.sigmoid_cross_entropy_with_logits(labels=images, logits=decoder(z))
    kl = -0.5 * tf.reduce_sum(1 + log_var - mean**2 - tf.exp(log_var), axis=1)
    return tf.reduce_mean(tf.reduce_sum(pixels, axis=[1, 2, 3])), tf.reduce_mean(kl)


def tiles(images, columns=10):
    rows = np.reshape(images, [-1, columns, 28, 28])
    return np.vstack([np.hstack(list(row)) for row in rows])


def plot(history, seen, rebuilt, made):
    plt.switch_backend("Agg")
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4), layout="constrained")
    left.plot(history)
    left.set_title("negative ELBO, nats")
    middle.imshow(tiles(np.vstack([seen[:10], rebuilt[:10], seen[10:20], rebuilt[10:20]])), cmap="gray")
    middle.set_title("test digits, each over its reconstruction")
    right.imshow(tiles(made), cmap="gray")
    right.set_title("digits from noise")
    middle.axis("off")
    right.axis("off")
    figure.savefig("vae.png")


def main(folder="MNIST_data", steps=1500):
    keras.utils.set_random_seed(1)
    (images, _), (test_images, _) = mnist.load(folder)
    data = tf.data.Dataset.from_tensor_slices(images)
    batches = data.shuffle(len(images), seed=3).repeat().batch(BATCH, drop_remainder=True).prefetch(1)

    encoder, decoder = make_encoder(), make_decoder()
    variables = encoder.trainable_variables + decoder.trainable_variables
    solver = train.AdamOptimizer(0.001)

    @tf.function(jit_compile=True)
    def train_step(images):
        reconstruction, kl = losses_of(encoder, decoder, images)
        loss = reconstruction + kl
        solver.minimize(loss, var_list=variables)
        return loss, kl

    history = []
    for step, batch in enumerate(tqdm(batches.take(steps), total=steps), 1):
        loss, kl = train_step(batch)
        history.append(float(loss))
        if step == 1 or step % 100 == 0:
            tqdm.write(f"step {step}: loss {loss:.4f}, kl {kl:.4f}")

    seen = test_images[:20]
    rebuilt = tf.sigmoid(decoder(encoder(seen)[0]))
    made = tf.sigmoid(decoder(tf.random.normal([40, LATENT])))
    plot(history, seen, rebuilt, made)
    print(f"test loss: {sum(losses_of(encoder, decoder, test_images)):.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
