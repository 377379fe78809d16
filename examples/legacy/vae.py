"""A variational autoencoder of MNIST's digits, in tf.contrib.slim (Kingma & Welling, https://arxiv.org/abs/1312.6114).

    python vae.py [FOLDER OF MNIST [STEPS]]
"""
from __future__ import print_function

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim
from tensorflow.examples.tutorials.mnist import input_data
from tqdm import tqdm

BATCH = 100
LATENT = 10


def xavier(seed):
    return slim.xavier_initializer(seed=seed)


def encoder(images):
    """The mean of the latent vector, and the logarithm of its variance."""
    with tf.variable_scope('encoder'):
        net = slim.fully_connected(images, 256, weights_initializer=xavier(1), scope='hidden1')
        net = slim.fully_connected(net, 128, weights_initializer=xavier(2), scope='hidden2')
        mean = slim.fully_connected(net, LATENT, activation_fn=None, weights_initializer=xavier(3), scope='mean')
        log_var = slim.fully_connected(net, LATENT, activation_fn=None, weights_initializer=xavier(4), scope='log_var')
    return mean, log_var


def decoder(z, reuse=None):
    """The logits of the pixels."""
    with tf.variable_scope('decoder', reuse=reuse):
        net = slim.fully_connected(z, 128, weights_initializer=xavier(5), scope='hidden1')
        net = slim.fully_connected(net, 256, weights_initializer=xavier(6), scope='hidden2')
        return slim.fully_connected(net, 784, activation_fn=None, weights_initializer=xavier(7), scope='logits')


def tiles(images, columns=10):
    rows = images.reshape([-1, columns, 28, 28])
    return np.vstack([np.hstack(list(row)) for row in rows])


def plot(history, seen, rebuilt, made):
    plt.switch_backend('Agg')
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4))
    left.plot(history)
    left.set_title('negative ELBO, nats')
    middle.imshow(tiles(np.vstack([seen[:10], rebuilt[:10], seen[10:20], rebuilt[10:20]])), cmap='gray')
    middle.set_title('test digits, each over its reconstruction')
    right.imshow(tiles(made), cmap='gray')
    right.set_title('digits from noise')
    middle.axis('off')
    right.axis('off')
    plt.savefig('vae.png')


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'MNIST_data'
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
    mnist = input_data.read_data_sets(folder, validation_size=0, seed=3)

    x = tf.placeholder(tf.float32, [None, 784])
    mean, log_var = encoder(x)
    z = mean + tf.exp(log_var / 2) * tf.random_normal(tf.shape(mean), seed=8)
    logits = decoder(z)
    reconstruction = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1)
    kl = -0.5 * tf.reduce_sum(1 + log_var - tf.square(mean) - tf.exp(log_var), axis=1)
    kl_mean = tf.reduce_mean(kl)
    loss = tf.reduce_mean(reconstruction) + kl_mean
    solver = tf.train.AdamOptimizer(0.001).minimize(loss)

    rebuilt = tf.sigmoid(decoder(mean, reuse=True))
    noise = tf.random_normal([40, LATENT], seed=9)
    made = tf.sigmoid(decoder(noise, reuse=True))

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        history = []
        for step in tqdm(range(1, steps + 1)):
            images, _ = mnist.train.next_batch(BATCH)
            _, value, divergence = sess.run([solver, loss, kl_mean], feed_dict={x: images})
            history.append(value)
            if step == 1 or step % 100 == 0:
                tqdm.write('step %d: loss %.4f, kl %.4f' % (step, value, divergence))
        seen = mnist.test.images[:20]
        plot(history, seen, *sess.run([rebuilt, made], {x: seen}))
        print('test loss: %.4f' % sess.run(loss, {x: mnist.test.images}))


if __name__ == '__main__':
    main()
