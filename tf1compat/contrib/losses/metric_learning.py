"""`tf.contrib.losses.metric_learning`: losses of embeddings, near where labels are equal and far where they differ.

Embeddings are [examples, features] of float32, labels [examples]; a loss is a scalar. D is the matrix of their
distances, zero on the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

__all__ = [
    "contrastive_loss",
    "lifted_struct_loss",
    "npairs_loss",
    "npairs_loss_multilabel",
    "triplet_semihard_loss",
]

v1 = tf.compat.v1


def contrastive_loss(labels: Any, embeddings_anchor: Any, embeddings_positive: Any, margin: float = 1.0) -> tf.Tensor:
    """The mean over pairs, d apart, of d^2 where the label is 1 and of max(margin - d, 0)^2 where it is 0.

    Hadsell, Chopra and LeCun, 2006.
    """
    apart = tf.sqrt(tf.reduce_sum(tf.math.squared_difference(embeddings_anchor, embeddings_positive), 1))
    same = tf.cast(labels, apart.dtype)
    near, far = tf.square(apart), tf.square(tf.maximum(margin - apart, 0.0))
    return v1.reduce_mean(same * near + (1.0 - same) * far, name="contrastive_loss")


def triplet_semihard_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> tf.Tensor:
    """The mean over pairs (a, p) of one label of max(margin + D[a, p] - D[a, n], 0), with squared distances.

    n has another label: the nearest to a that is farther than p, or if there is none, the farthest. Schroff,
    Kalenichenko and Philbin, 2015 (https://arxiv.org/abs/1503.03832). Embeddings should have length 1.
    """
    labels = _vector(labels)
    distances = _distances(embeddings, squared=True)
    same = tf.equal(labels[:, None], labels[None, :])
    other = tf.cast(~same, tf.float32)
    # [a, p, n]
    farther = tf.logical_and(~same[:, None, :], distances[:, None, :] > distances[:, :, None])
    every = tf.broadcast_to(distances[:, None, :], tf.shape(farther))
    nearest_farther = _smallest(every, tf.cast(farther, tf.float32))
    farthest = _largest(distances, other)[:, None]
    negative = v1.where(tf.reduce_any(farther, 2), nearest_farther, tf.broadcast_to(farthest, tf.shape(distances)))
    positives = _pairs(same)
    excess = tf.maximum((margin + distances - negative) * positives, 0.0)
    return v1.div(tf.reduce_sum(excess), tf.reduce_sum(positives), name="triplet_semihard_loss")


def lifted_struct_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> tf.Tensor:
    """Half the mean over pairs (i, j) of one label of max(J, 0)^2, where

        J = log(sum over k of another label than i: exp(margin - D[i, k])
              + sum over k of another label than j: exp(margin - D[j, k])) + D[i, j]

    Song, Xiang, Jegelka and Savarese, 2016 (https://arxiv.org/abs/1511.06452).
    """
    labels = _vector(labels)
    distances = _distances(embeddings)
    same = tf.equal(labels[:, None], labels[None, :])
    other = tf.cast(~same, tf.float32)
    short = margin - distances
    largest = _largest(short, other)
    either = tf.maximum(largest[:, None], largest[None, :])
    # [i, j]: i's part of the sum, less what both parts have in common
    part = tf.reduce_sum(tf.exp(short[:, None, :] - either[:, :, None]) * other[:, None, :], 2)
    pairs = either + tf.math.log(part + tf.transpose(part)) + distances
    positives = _pairs(same)
    total = tf.reduce_sum(tf.square(tf.maximum(pairs * positives, 0.0)))
    return v1.div(0.25 * total, tf.reduce_sum(positives) / 2.0, name="liftedstruct_loss")


def npairs_loss(
    labels: Any,
    embeddings_anchor: Any,
    embeddings_positive: Any,
    reg_lambda: float = 0.002,
    print_losses: bool = False,
) -> tf.Tensor:
    """Softmax cross entropy of each anchor's products with all positives, and `reg_lambda / 4` of the squared lengths.

    An anchor's targets are the positives of its label, in equal parts. Sohn, 2016. Embeddings are not normalized.

    Args:
      print_losses: whether a run prints the two parts.
    """
    labels = _vector(labels)
    targets = tf.cast(tf.equal(labels[:, None], labels[None, :]), tf.float32)
    return _npairs(targets, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def npairs_loss_multilabel(
    sparse_labels: Sequence[Any],
    embeddings_anchor: Any,
    embeddings_positive: Any,
    reg_lambda: float = 0.002,
    print_losses: bool = False,
) -> tf.Tensor:
    """`npairs_loss` of examples with several labels each: targets in proportion to how many labels are shared.

    Args:
      sparse_labels: for each pair, a 1-D `tf.SparseTensor` of numbers, 1 at its labels.

    Raises:
      TypeError: for anything else.
    """
    if not all(isinstance(labels, tf.SparseTensor) for labels in sparse_labels):
        raise TypeError(f"sparse_labels must be a list of SparseTensors, but got {sparse_labels}")
    with tf.name_scope("NpairsLossMultiLabel"):
        rows = [
            [tf.cast(v1.sparse_reduce_sum(tf.sparse.minimum(one, other)), tf.float32) for other in sparse_labels]
            for one in sparse_labels
        ]
        shared = tf.stack([tf.stack(row) for row in rows])
        return _npairs(shared, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def _npairs(targets: Any, anchors: Any, positives: Any, reg_lambda: float, print_losses: bool) -> tf.Tensor:
    lengths = [tf.reduce_mean(tf.reduce_sum(tf.square(each), 1)) for each in (anchors, positives)]
    regularization = tf.multiply(0.25 * reg_lambda, sum(lengths), name="l2loss")
    products = tf.matmul(anchors, positives, transpose_b=True)
    targets = targets / tf.reduce_sum(targets, 1, keepdims=True)
    entropy = v1.nn.softmax_cross_entropy_with_logits(logits=products, labels=targets)
    entropy = v1.reduce_mean(entropy, name="xentropy")
    if print_losses:
        entropy = v1.Print(entropy, ["cross entropy:", entropy, "l2loss:", regularization])
    return regularization + entropy


def _vector(labels: Any) -> tf.Tensor:
    labels = tf.convert_to_tensor(labels)
    if labels.shape.rank is not None and labels.shape.rank != 1:
        raise ValueError(f"labels must be a vector, but have the shape {labels.shape}")
    return labels


def _distances(rows: Any, squared: bool = False) -> tf.Tensor:
    lengths = tf.reduce_sum(tf.square(rows), 1)
    apart = lengths[:, None] + lengths[None, :] - 2.0 * tf.matmul(rows, rows, transpose_b=True)
    apart = tf.maximum(apart, 0.0)
    none = tf.cast(apart <= 0.0, tf.float32)
    if not squared:  # the root has no slope at zero
        apart = tf.sqrt(apart + none * 1e-16)
    return apart * (1.0 - none) * (1.0 - tf.eye(tf.shape(apart)[0]))


def _pairs(same: Any) -> tf.Tensor:
    """1 for two examples of one label."""
    return tf.cast(same, tf.float32) - tf.eye(tf.shape(same)[0])


def _smallest(values: Any, chosen: Any) -> tf.Tensor:
    """The smallest chosen value along the last axis; the largest of all where none is chosen."""
    top = tf.reduce_max(values, -1, keepdims=True)
    return tf.reduce_min((values - top) * chosen, -1) + top[..., 0]


def _largest(values: Any, chosen: Any) -> tf.Tensor:
    """The largest chosen value along the last axis; the smallest of all where none is chosen."""
    bottom = tf.reduce_min(values, -1, keepdims=True)
    return tf.reduce_max((values - bottom) * chosen, -1) + bottom[..., 0]
