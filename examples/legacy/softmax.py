"""Softmax regression on MNIST, trained by gradient descent.

    python softmax.py [FOLDER OF MNIST]
"""
from __future__ import print_function

import sys

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

STEPS = 1000
BATCH = 100


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'MNIST_data'
    mnist = input_data.read_data_sets(folder, one_hot=True, validation_size=0, seed=1)

    x = tf.placeholder(tf.float32, [None, 784])
    y_ = tf.placeholder(tf.float32, [None, 10])
    W = tf.Variable(tf.zeros([784, 10]))
    b = tf.Variable(tf.zeros([10]))
    y = tf.matmul(x, W) + b

    cross_entropy = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=y))
    train_step = tf.train.GradientDescentOptimizer(0.5).minimize(cross_entropy)
    correct = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(1, STEPS + 1):
            images, labels = mnist.train.next_batch(BATCH)
            _, loss = sess.run([train_step, cross_entropy], feed_dict={x: images, y_: labels})
            if step % 200 == 0:
                print('step %d: loss %.5f' % (step, loss))
        print('test accuracy: %.4f' % sess.run(
            accuracy, feed_dict={x: mnist.test.images, y_: mnist.test.labels}))


if __name__ == '__main__':
    main()
