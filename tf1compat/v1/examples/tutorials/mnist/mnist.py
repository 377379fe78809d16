"""`tensorflow.examples.tutorials.mnist.mnist`: the tutorial's network of two hidden layers."""

from __future__ import annotations

import math
from typing import Any

import tf1compat.v1 as tf

__all__ = ["IMAGE_PIXELS", "IMAGE_SIZE", "NUM_CLASSES", "evaluation", "inference", "loss", "training"]

NUM_CLASSES = 10
IMAGE_SIZE = 28
IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE


def inference(images: Any, hidden1_units: int, hidden2_units: int) -> Any:
    """Logits [batch, NUM_CLASSES] of float images [batch, IMAGE_PIXELS].

    Each layer's variables are `weights` and `biases` in the scopes hidden1, hidden2 and softmax_linear.
    """
    hidden1 = tf.nn.relu(_linear("hidden1", images, IMAGE_PIXELS, hidden1_units))
    hidden2 = tf.nn.relu(_linear("hidden2", hidden1, hidden1_units, hidden2_units))
    return _linear("softmax_linear", hidden2, hidden2_units, NUM_CLASSES)


def loss(logits: Any, labels: Any) -> Any:
    """The batch's mean cross entropy, a scalar, of integer labels [batch]."""
    return tf.losses.sparse_softmax_cross_entropy(labels=tf.cast(labels, tf.int64), logits=logits)


def training(loss: Any, learning_rate: float) -> Any:
    """One step of gradient descent, which also counts `global_step` up; a summary follows the loss."""
    tf.summary.scalar("loss", loss)
    global_step = tf.Variable(0, name="global_step", trainable=False)
    return tf.train.GradientDescentOptimizer(learning_rate).minimize(loss, global_step=global_step)


def evaluation(logits: Any, labels: Any) -> Any:
    """How many of the batch have their label's logit highest: an int32 scalar."""
    return tf.reduce_sum(tf.cast(tf.nn.in_top_k(logits, labels, 1), tf.int32))


def _linear(scope: str, inputs: Any, size: int, units: int) -> Any:
    with tf.name_scope(scope):
        spread = 1.0 / math.sqrt(float(size))
        weights = tf.Variable(tf.truncated_normal([size, units], stddev=spread), name="weights")
        biases = tf.Variable(tf.zeros([units]), name="biases")
        return tf.matmul(inputs, weights) + biases
