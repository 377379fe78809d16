"""Weights regularised with l2_loss: some decay comes nearest to the truth.

Ported to a `tf.function`: what a Graph of its own kept apart is local to `train_with` now, and the rate is a variable.
An op's seed draws what it drew in TensorFlow 1, so every number is the old program's. But it goes on with its numbers
at the next call, where a new Session began anew: what all three begin with is drawn once.
"""

import numpy as np
import tensorflow as tf

from tf1compat import train

rng = np.random.RandomState(7)  # as before: the old program's data
features = rng.normal(size=(60, 40)).astype(np.float32)
truth = np.zeros((40, 1), np.float32)
truth[:5, 0] = [2.0, -3.0, 1.5, 4.0, -1.0]
targets = features.dot(truth) + rng.normal(scale=2.0, size=(60, 1)).astype(np.float32)

initial = tf.random.truncated_normal([40, 1], seed=11)


def train_with(beta):
    weights = tf.Variable(initial)
    biases = tf.Variable(tf.zeros([1]))
    rate = tf.Variable(0.05)
    optimizer = train.GradientDescentOptimizer(rate)

    def error():
        return tf.reduce_mean(tf.square(features @ weights + biases - targets))

    @tf.function
    def train_step():
        loss = error() + beta * train.l2_loss(weights)
        optimizer.minimize(loss, var_list=[weights, biases])

    for step in range(500):
        if step == 400:
            rate.assign(0.01)
        train_step()
    return error().numpy(), weights.numpy()


for beta in [0.0, 0.1, 1.0]:
    error, w = train_with(beta)
    signal, noise, off = np.linalg.norm(w[:5]), np.linalg.norm(w[5:]), np.linalg.norm(w - truth)
    print(f"beta {beta:.1f}: mse {error:.5f}, signal {signal:.5f}, noise {noise:.5f}, off the truth {off:.5f}")
