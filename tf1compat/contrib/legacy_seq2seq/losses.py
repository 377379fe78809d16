"""Cross entropy of lists of logits, and models for inputs of several lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["model_with_buckets", "sequence_loss", "sequence_loss_by_example"]

v1 = tf.compat.v1


def sequence_loss_by_example(
    logits: list[Any],
    targets: list[Any],
    weights: list[Any],
    average_across_timesteps: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> tf.Tensor:
    """sum_t weights[t] * loss[t] / (sum_t weights[t] + 1e-12), [batch]; not divided without the average.

    Args:
      logits, targets, weights: lists, as long as each other, of [batch, symbols], [batch] integers, [batch] floats.
      average_across_timesteps: see above.
      softmax_loss_function: `(labels=, logits=) -> loss` in the cross entropy's place.
      name: a name scope.

    Raises:
      ValueError: for lists of other lengths.
    """
    if len(targets) != len(logits) or len(weights) != len(logits):
        raise ValueError(
            f"Lengths of logits, weights, and targets must be the same {len(logits)}, {len(weights)}, {len(targets)}."
        )
    with v1.name_scope(name, "sequence_loss_by_example"):

        def loss(logit: Any, target: Any) -> Any:
            if softmax_loss_function is not None:
                return softmax_loss_function(labels=target, logits=logit)
            return v1.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(target, [-1]), logits=logit)

        losses = [loss(logit, target) * w for logit, target, w in zip(logits, targets, weights, strict=True)]
        total = tf.add_n(losses)
        return total / (tf.add_n(weights) + 1e-12) if average_across_timesteps else total


def sequence_loss(
    logits: list[Any],
    targets: list[Any],
    weights: list[Any],
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> tf.Tensor:
    """The sum of `sequence_loss_by_example`, divided by the batch's size where it is averaged, a scalar."""
    with v1.name_scope(name, "sequence_loss"):
        cost = tf.reduce_sum(
            sequence_loss_by_example(
                logits,
                targets,
                weights,
                average_across_timesteps=average_across_timesteps,
                softmax_loss_function=softmax_loss_function,
            )
        )
        return cost / tf.cast(tf.shape(targets[0])[0], cost.dtype) if average_across_batch else cost


def model_with_buckets(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    targets: list[Any],
    weights: list[Any],
    buckets: Any,
    seq2seq: Callable[[Any, Any], Any],
    softmax_loss_function: Callable[..., Any] | None = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[Any], list[tf.Tensor]]:
    """`(outputs, loss)` of each bucket, as two lists: a model of the first so many inputs, with the same variables.

    Args:
      encoder_inputs, decoder_inputs, targets, weights: lists, of which a bucket has the first ones.
      buckets: (inputs, targets) of each bucket, the longest one last.
      seq2seq: `(encoder inputs, decoder inputs) -> (outputs, state)`.
      softmax_loss_function: see `sequence_loss_by_example`.
      per_example_loss: whether losses are [batch] rather than scalars.
      name: a name scope.

    Raises:
      ValueError: for lists shorter than the last bucket.
    """
    longest_in, longest_out = buckets[-1]
    for what, given, least in (
        ("encoder_inputs", encoder_inputs, longest_in),
        ("targets", targets, longest_out),
        ("weights", weights, longest_out),
    ):
        if len(given) < least:
            raise ValueError(f"Length of {what} ({len(given)}) must be at least that of last bucket ({least}).")
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    with v1.name_scope(name, "model_with_buckets"):
        for i, (length_in, length_out) in enumerate(buckets):
            with v1.variable_scope(v1.get_variable_scope(), reuse=True if i > 0 else None):
                found, _ = seq2seq(encoder_inputs[:length_in], decoder_inputs[:length_out])
                outputs.append(found)
                losses.append(
                    loss(
                        found,
                        targets[:length_out],
                        weights[:length_out],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses
