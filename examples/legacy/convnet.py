"""A convolutional network of two layers on MNIST, trained by momentum, with dropout.

    python convnet.py [FOLDER OF MNIST [STEPS]]
"""
from __future__ import print_function

import sys

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

BATCH = 50
TESTED = 1000  # this many test images at most: all 10,000 at once take a lot of memory


def weight(shape, seed):
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1, seed=seed))


def bias(size):
    return tf.Variable(tf.constant(0.1, shape=[size]))


def conv_pool(x, inputs, outputs, seed):
    conv = tf.nn.conv2d(x, weight([5, 5, inputs, outputs], seed), strides=[1, 1, 1, 1], padding='SAME')
    conv = tf.nn.relu(conv + bias(outputs))
    return tf.nn.max_pool(conv, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'MNIST_data'
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    mnist = input_data.read_data_sets(folder, validation_size=0, seed=2)

    x = tf.placeholder(tf.float32, [None, 784], name='x')
    y_ = tf.placeholder(tf.int64, [None], name='labels')
    keep_prob = tf.placeholder(tf.float32, name='keep_prob')

    hidden = conv_pool(tf.reshape(x, [-1, 28, 28, 1]), 1, 16, seed=1)
    hidden = conv_pool(hidden, 16, 32, seed=2)
    flat = tf.reshape(hidden, [-1, 7 * 7 * 32])
    dense = tf.nn.relu(tf.matmul(flat, weight([7 * 7 * 32, 128], seed=3)) + bias(128))
    dropped = tf.nn.dropout(dense, keep_prob, seed=4)
    logits = tf.matmul(dropped, weight([128, 10], seed=5)) + bias(10)

    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y_, logits=logits))
    train_step = tf.train.MomentumOptimizer(0.01, momentum=0.9).minimize(loss)
    correct = tf.equal(tf.argmax(logits, 1), y_)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(1, steps + 1):
            images, labels = mnist.train.next_batch(BATCH)
            _, value = sess.run([train_step, loss], {x: images, y_: labels, keep_prob: 0.5})
            if step == 1 or step % 20 == 0:
                print('step %d: loss %.5f' % (step, value))
        test = {x: mnist.test.images[:TESTED], y_: mnist.test.labels[:TESTED], keep_prob: 1.0}
        print('test accuracy: %.4f' % accuracy.eval(test))


if __name__ == '__main__':
    main()
