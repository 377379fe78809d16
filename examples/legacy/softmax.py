"""Softmax regression on MNIST, trained by gradient descent.

    python softmax.py [FOLDER OF MNIST [STEPS]]
"""
from __future__ import print_function

import sys

import matplotlib.pyplot as plt
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
from tqdm import tqdm

BATCH = 100


def plot(losses, weights):
    plt.switch_backend('Agg')
    plt.figure(figsize=(10, 4))
    plt.subplot(2, 6, (1, 7))
    plt.plot(losses)
    plt.title('loss')
    for digit in range(10):
        plt.subplot(2, 6, 2 + digit if digit < 5 else 3 + digit)
        plt.imshow(weights[:, digit].reshape(28, 28), cmap='seismic')
        plt.title('weights of %d' % digit)
        plt.axis('off')
    plt.savefig('softmax.png')


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'MNIST_data'
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
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
        losses = []
        for step in tqdm(range(1, steps + 1)):
            images, labels = mnist.train.next_batch(BATCH)
            _, loss = sess.run([train_step, cross_entropy], feed_dict={x: images, y_: labels})
            losses.append(loss)
            if step % 200 == 0:
                tqdm.write('step %d: loss %.5f' % (step, loss))
        plot(losses, sess.run(W))
        print('test accuracy: %.4f' % sess.run(
            accuracy, feed_dict={x: mnist.test.images, y_: mnist.test.labels}))


if __name__ == '__main__':
    main()
