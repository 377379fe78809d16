"""`tf.contrib.sparsemax`: a softmax that gives zeros (Martins and Astudillo, 2016)."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["sparsemax", "sparsemax_loss"]

v1 = tf.compat.v1


def sparsemax(logits: Any, name: str | None = None) -> tf.Tensor:
    """max(logits - tau, 0), with tau of each row such that the row's sum is 1. Both [batch, classes].

    A row with a NaN, or of -inf alone, gives NaNs.
    """
    with v1.name_scope(name, "sparsemax", [logits]):
        z = tf.convert_to_tensor(logits, name="logits")
        batch, classes = tf.shape(z)[0], tf.shape(z)[1]
        ordered, _ = tf.nn.top_k(z, k=classes)
        sums = tf.cumsum(ordered, axis=1)
        ranks = tf.range(1, tf.cast(classes, z.dtype) + 1, dtype=z.dtype)
        kept = tf.reduce_sum(tf.cast(1 + ranks * ordered > sums, tf.int32), axis=1)
        last = tf.stack([tf.range(0, batch), tf.maximum(kept, 1) - 1], axis=1)
        tau = (tf.gather_nd(sums, last) - 1) / tf.cast(kept, z.dtype)
        found = tf.maximum(tf.cast(0, z.dtype), z - tau[:, None])
        lost = tf.equal(kept, 0) | tf.math.is_nan(sums[:, -1])
        return tf.where(lost[:, None], tf.cast(float("nan"), z.dtype), found)


def sparsemax_loss(logits: Any, sparsemax: Any, labels: Any, name: str | None = None) -> tf.Tensor:
    """The loss whose gradient is sparsemax(logits) - labels, [batch].

    Args:
      logits, labels: [batch, classes].
      sparsemax: what `sparsemax(logits)` gave.
    """
    with v1.name_scope(name, "sparsemax_loss", [logits, sparsemax, labels]):
        z, p, q = (tf.convert_to_tensor(each) for each in (logits, sparsemax, labels))
        chosen = tf.where((p > 0) | tf.math.is_nan(p), p * (z - 0.5 * p), tf.zeros_like(p))
        wanted = tf.where(tf.equal(q, 0) & tf.math.is_inf(z), tf.zeros_like(z), q * (0.5 * q - z))
        return tf.reduce_sum(chosen + wanted, axis=1)
