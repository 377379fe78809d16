"""The MNIST tutorial's network, `tensorflow.examples.tutorials.mnist.mnist`, as scripts use it."""

import numpy as np
from sklearn.datasets import load_digits

import tf1compat.v1 as tf
from tf1compat.v1.examples.tutorials.mnist import mnist


def test_learns_digits():
    digits = load_digits()
    images = np.kron(digits.images, np.ones((1, 3, 3)))
    images = np.pad(images, ((0, 0), (2, 2), (2, 2))).reshape(-1, mnist.IMAGE_PIXELS) / 16
    pictures = tf.placeholder(tf.float32, [None, mnist.IMAGE_PIXELS])
    labels = tf.placeholder(tf.int32, [None])
    logits = mnist.inference(pictures, 64, 32)
    loss = mnist.loss(logits, labels)
    train_op = mnist.training(loss, 0.1)
    correct = mnist.evaluation(logits, labels)
    global_step = tf.get_default_graph().get_tensor_by_name("global_step:0")
    summary = tf.summary.merge_all()

    feed = {pictures: images[:500], labels: digits.target[:500]}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        first = sess.run(loss, feed)
        assert abs(first - np.log(10)) < 0.5  # about even odds among ten
        for _ in range(100):
            sess.run(train_op, feed)
        last, hits, step, written = sess.run([loss, correct, global_step, summary], feed)
    assert last < 0.5 * first
    assert hits.dtype == np.int32 and 400 < hits <= 500
    assert step == 100
    assert tf.Summary.FromString(written).value[0].tag == "loss"


def test_variables_are_named_as_in_tf1():
    mnist.inference(tf.placeholder(tf.float32, [None, mnist.IMAGE_PIXELS]), 8, 4)
    assert {v.op.name: v.shape.as_list() for v in tf.trainable_variables()} == {
        "hidden1/weights": [784, 8],
        "hidden1/biases": [8],
        "hidden2/weights": [8, 4],
        "hidden2/biases": [4],
        "softmax_linear/weights": [4, 10],
        "softmax_linear/biases": [10],
    }
