"""A convolutional network on MNIST, the way the CIFAR-10 tutorial trained one: momentum at a decaying rate, weight
decay by nn.l2_loss, dropout; evaluated with the moving averages of its weights, restored from a checkpoint.

    python convnet.py [FOLDER OF MNIST [STEPS]]
"""
from __future__ import print_function

import os
import sys
import tempfile

import matplotlib.pyplot as plt
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
from tqdm import tqdm

BATCH = 50
TESTED = 1000  # this many test images at most: all 10,000 at once take a lot of memory
INITIAL_RATE, DECAY_STEPS, DECAY_FACTOR = 0.02, 50, 0.9
WEIGHT_DECAY = 0.0005
MOVING_AVERAGE_DECAY = 0.99


def weight(name, shape, seed, wd=WEIGHT_DECAY):
    var = tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.1, seed=seed))
    if wd is not None:
        tf.add_to_collection('losses', tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss'))
    return var


def bias(size):
    return tf.get_variable('biases', [size], initializer=tf.constant_initializer(0.1))


def conv_pool(x, name, inputs, outputs, seed):
    with tf.variable_scope(name):
        conv = tf.nn.conv2d(x, weight('weights', [5, 5, inputs, outputs], seed), [1, 1, 1, 1], padding='SAME')
        conv = tf.nn.relu(tf.nn.bias_add(conv, bias(outputs)))
        return tf.nn.max_pool(conv, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')


def inference(images, keep_prob):
    hidden = conv_pool(tf.reshape(images, [-1, 28, 28, 1]), 'conv1', 1, 16, seed=1)
    hidden = conv_pool(hidden, 'conv2', 16, 32, seed=2)
    flat = tf.reshape(hidden, [-1, 7 * 7 * 32])
    with tf.variable_scope('dense'):
        dense = tf.nn.relu(tf.matmul(flat, weight('weights', [7 * 7 * 32, 128], seed=3)) + bias(128))
    dropped = tf.nn.dropout(dense, keep_prob, seed=4)
    with tf.variable_scope('softmax_linear'):
        return tf.add(tf.matmul(dropped, weight('weights', [128, 10], seed=5, wd=None)), bias(10))


def train(loss, global_step):
    rate = tf.train.exponential_decay(INITIAL_RATE, global_step, DECAY_STEPS, DECAY_FACTOR, staircase=True)
    optimizer = tf.train.MomentumOptimizer(rate, momentum=0.9)
    apply_gradient_op = optimizer.apply_gradients(optimizer.compute_gradients(loss), global_step=global_step)
    variable_averages = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY, global_step)
    with tf.control_dependencies([apply_gradient_op]):
        variables_averages_op = variable_averages.apply(tf.trainable_variables())
    return variables_averages_op, variable_averages, rate


def plot(curve, losses):
    plt.switch_backend('Agg')
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    left.semilogy(losses)
    left.set_title('total loss')
    steps, raw, averaged = zip(*curve)
    right.plot(steps, raw, label='weights')
    right.plot(steps, averaged, label='their averages')
    right.set_title('test accuracy')
    right.legend()
    plt.savefig('convnet.png')


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'MNIST_data'
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    mnist = input_data.read_data_sets(folder, validation_size=0, seed=2)

    x = tf.placeholder(tf.float32, [None, 784], name='x')
    y_ = tf.placeholder(tf.int64, [None], name='labels')
    keep_prob = tf.placeholder(tf.float32, name='keep_prob')
    global_step = tf.train.get_or_create_global_step()

    logits = inference(x, keep_prob)
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y_, logits=logits)
    tf.add_to_collection('losses', tf.reduce_mean(cross_entropy, name='cross_entropy'))
    total_loss = tf.add_n(tf.get_collection('losses'), name='total_loss')
    train_op, variable_averages, rate = train(total_loss, global_step)
    correct = tf.nn.in_top_k(logits, y_, 1)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

    saver = tf.train.Saver()
    averages_saver = tf.train.Saver(variable_averages.variables_to_restore())
    checkpoint = os.path.join(tempfile.mkdtemp(), 'model.ckpt')
    test = {x: mnist.test.images[:TESTED], y_: mnist.test.labels[:TESTED], keep_prob: 1.0}
    losses, curve = [], []

    with tf.Session() as sess, tf.Session() as eval_sess:
        sess.run(tf.global_variables_initializer())
        for step in tqdm(range(1, steps + 1)):
            images, labels = mnist.train.next_batch(BATCH)
            _, value = sess.run([train_op, total_loss], {x: images, y_: labels, keep_prob: 0.5})
            losses.append(value)
            if step == 1 or step % 20 == 0:
                tqdm.write('step %d: loss %.5f, rate %.5f' % (step, value, sess.run(rate)))
                averages_saver.restore(eval_sess, saver.save(sess, checkpoint))
                curve.append((step, sess.run(accuracy, test), eval_sess.run(accuracy, test)))
    plot(curve, losses)
    print('test accuracy: %.4f' % curve[-1][1])
    print('test accuracy with averages: %.4f' % curve[-1][2])


if __name__ == '__main__':
    main()
