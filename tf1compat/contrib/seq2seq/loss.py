"""`sequence_loss`: cross entropy of sequences, summed or averaged over time and batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["sequence_loss"]

v1 = tf.compat.v1


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> tf.Tensor:
    """-weights * log softmax(logits)[targets], reduced over time and batch as asked.

    With both averages: sum(loss) / sum(weights), a scalar. With both sums: sum(loss) over the number of weights that
    are not zero. With one of the four: the same over that dimension alone, a vector. With none: [batch, time]. What
    would be divided by zero is zero.

    Args:
      logits: [batch, time, symbols].
      targets: [batch, time] of integers.
      weights: [batch, time] of floats.
      average_across_timesteps, average_across_batch, sum_over_timesteps, sum_over_batch: see above.
      softmax_loss_function: `(labels=, logits=) -> loss` in the cross entropy's place, of all steps in one dimension.
      name: a name scope.

    Raises:
      ValueError: for other ranks, or an average and a sum over the same dimension.
    """
    if len(logits.shape) != 3:
        raise ValueError("Logits must be a [batch_size x sequence_length x logits] tensor")
    for what, value in (("Targets", targets), ("Weights", weights)):
        if len(value.shape) != 2:
            raise ValueError(f"{what} must be a [batch_size x sequence_length] tensor")
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError("average_across_timesteps and sum_over_timesteps cannot be set to True at same time.")
    if average_across_batch and sum_over_batch:
        raise ValueError("average_across_batch and sum_over_batch cannot be set to True at same time.")
    with v1.name_scope(name, "sequence_loss"):
        rows = tf.reshape(logits, [-1, tf.shape(logits)[2]])
        loss_of = softmax_loss_function or v1.nn.sparse_softmax_cross_entropy_with_logits
        losses = loss_of(labels=tf.reshape(targets, [-1]), logits=rows) * tf.reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return tf.math.divide_no_nan(tf.reduce_sum(losses), tf.reduce_sum(weights))
        if sum_over_timesteps and sum_over_batch:
            count = tf.cast(tf.math.count_nonzero(weights), losses.dtype)
            return tf.math.divide_no_nan(tf.reduce_sum(losses), count)
        losses = tf.reshape(losses, tf.shape(logits)[:2])
        if average_across_timesteps or average_across_batch:
            axis = 0 if average_across_batch else 1
            return tf.math.divide_no_nan(tf.reduce_sum(losses, axis), tf.reduce_sum(weights, axis))
        if sum_over_timesteps or sum_over_batch:
            axis = 0 if sum_over_batch else 1
            count = tf.cast(tf.math.count_nonzero(weights, axis), losses.dtype)
            return tf.math.divide_no_nan(tf.reduce_sum(losses, axis), count)
        return losses
