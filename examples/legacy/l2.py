"""Weights regularised with nn.l2_loss, in a graph of its own: some decay comes nearest to the truth."""
from __future__ import print_function

import numpy as np
import tensorflow as tf

rng = np.random.RandomState(7)
features = rng.normal(size=(60, 40)).astype(np.float32)
truth = np.zeros((40, 1), np.float32)
truth[:5, 0] = [2., -3., 1.5, 4., -1.]
targets = features.dot(truth) + rng.normal(scale=2.0, size=(60, 1)).astype(np.float32)


def train(beta):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.constant(features)
        y = tf.constant(targets)
        weights = tf.Variable(tf.truncated_normal([40, 1], seed=11), name='weights')
        biases = tf.Variable(tf.zeros([1]), name='biases')
        mse = tf.reduce_mean(tf.square(tf.matmul(x, weights) + biases - y))
        loss = mse + beta * tf.nn.l2_loss(weights)
        rate = tf.placeholder(tf.float32, shape=())
        optimizer = tf.train.GradientDescentOptimizer(rate).minimize(loss)

    with tf.Session(graph=graph) as session:
        tf.global_variables_initializer().run()
        for step in range(500):
            session.run(optimizer, feed_dict={rate: 0.05 if step < 400 else 0.01})
        return session.run([mse, tf.get_default_graph().get_tensor_by_name('weights:0')])


for beta in [0.0, 0.1, 1.0]:
    error, w = train(beta)
    print('beta %.1f: mse %.5f, signal %.5f, noise %.5f, off the truth %.5f' % (
        beta, error, np.linalg.norm(w[:5]), np.linalg.norm(w[5:]), np.linalg.norm(w - truth)))
