"""`tf.contrib.losses`: the losses before `tf.losses`, with predictions first and weights from the left.

Each is the mean of its elements' losses over those whose weight is not zero:

    sum(weights * losses) / number of elements with a weight other than zero

and is added to `tf.GraphKeys.LOSSES`. Weights are a scalar, a vector of the batch, or any number of the losses'
first dimensions (`tf.losses` wants all of them). The one quirk is kept: a vector of one weight counts as one example.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ..framework import add_arg_scope

__all__ = [
    "absolute_difference",
    "add_loss",
    "compute_weighted_loss",
    "cosine_distance",
    "get_losses",
    "get_regularization_losses",
    "get_total_loss",
    "hinge_loss",
    "log_loss",
    "mean_pairwise_squared_error",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
    "sparse_softmax_cross_entropy",
]

v1 = tf.compat.v1

get_regularization_losses = v1.losses.get_regularization_losses


# --- the collection ------------------------------------------------------------------------------


@add_arg_scope
def add_loss(loss: tf.Tensor, loss_collection: str | None = v1.GraphKeys.LOSSES) -> None:
    """Put a loss into a collection; into none where that is None."""
    v1.losses.add_loss(loss, loss_collection)


def get_losses(scope: str | None = None, loss_collection: str = v1.GraphKeys.LOSSES) -> list[tf.Tensor]:
    """The losses of a collection whose names begin with `scope`."""
    return v1.losses.get_losses(scope, loss_collection)


def get_total_loss(add_regularization_losses: bool = True, name: str = "total_loss") -> tf.Tensor:
    """The sum of all losses, of the regularizers' too unless told otherwise."""
    return v1.losses.get_total_loss(add_regularization_losses, name)


# --- weighing ------------------------------------------------------------------------------------


def _weighted_sum(losses: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    inner = list(range(weights.shape.rank, losses.shape.rank))
    return tf.reduce_sum(tf.reduce_sum(losses, axis=inner) * weights)


def _present(losses: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """How many elements of each example have a weight other than zero."""
    nonzero = tf.cast(tf.not_equal(weights, 0.0), tf.float32)
    rank = weights.shape.rank
    if rank == 0:
        nonzero = tf.fill(tf.shape(losses)[:1], nonzero)
        rank = 1
    else:
        nonzero = tf.reduce_sum(nonzero, axis=list(range(1, rank)))
    return nonzero * tf.cast(tf.reduce_prod(tf.shape(losses)[rank:]), tf.float32)


def _ranked(tensor: Any, name: str) -> tf.Tensor:
    tensor = tf.convert_to_tensor(tensor)
    if tensor.shape.rank is None:
        raise ValueError(f"{name}.get_shape().ndims cannot be None")
    return tensor


def compute_weighted_loss(losses: Any, weights: Any = 1.0, scope: str | None = None) -> tf.Tensor:
    """The mean of `losses` over those whose weight is not zero, 0 if there are none; added to the collection.

    Raises:
      ValueError: if the rank of either is not known.
    """
    with v1.name_scope(scope, "weighted_loss", [losses, weights]):
        losses = _ranked(losses, "losses")
        weights = tf.cast(_ranked(weights, "weights"), tf.float32)
        if weights.shape.rank > 1 and weights.shape[-1] in (None, 1):
            weights = tf.squeeze(weights, [-1])
        if weights.shape.rank > losses.shape.rank:
            raise ValueError(f"weights have shape {weights.shape}, which is more than the losses', {losses.shape}")
        single = tf.cast(losses, tf.float32)
        present = tf.reduce_sum(_present(single, weights))
        mean = tf.math.divide_no_nan(_weighted_sum(single, weights), present, name="value")
        mean = tf.cast(mean, losses.dtype)
        add_loss(mean)
        return mean


def _compared(predictions: tf.Tensor, labels: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """Both as float32, of one shape."""
    predictions, labels = tf.convert_to_tensor(predictions), tf.convert_to_tensor(labels)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)


# --- losses of predictions -----------------------------------------------------------------------


def _elementwise(
    name: str, formula: str, losses: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
) -> Callable[..., tf.Tensor]:
    """The loss whose elements are `losses(predictions, labels)`."""

    def loss(predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None) -> tf.Tensor:
        with v1.name_scope(scope, name, [predictions, labels, weights]) as inside:
            return compute_weighted_loss(losses(*_compared(predictions, labels)), weights, scope=inside)

    loss.__name__ = loss.__qualname__ = name
    loss.__doc__ = f"The weighted mean of {formula}. Shapes: `predictions` and `labels` the same."
    return loss


absolute_difference = _elementwise(
    "absolute_difference", "|predictions - labels|", lambda predictions, labels: tf.abs(predictions - labels)
)
mean_squared_error = _elementwise("mean_squared_error", "(predictions - labels) ** 2", tf.math.squared_difference)


def log_loss(
    predictions: Any, labels: Any = None, weights: Any = 1.0, epsilon: float = 1e-7, scope: str | None = None
) -> tf.Tensor:
    """The weighted mean of -labels * log(predictions + epsilon) - (1 - labels) * log(1 - predictions + epsilon)."""
    with v1.name_scope(scope, "log_loss", [predictions, labels, weights]) as inside:
        predictions, labels = _compared(predictions, labels)
        losses = -labels * tf.math.log(predictions + epsilon) - (1 - labels) * tf.math.log(1 - predictions + epsilon)
        return compute_weighted_loss(losses, weights, scope=inside)


def mean_pairwise_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None
) -> tf.Tensor:
    """The sum over the batch of weight * 2 * (mean(d ** 2) - mean(d) ** 2), d being predictions - labels.

    Args:
      weights: a scalar or a vector of the batch.
    """
    with v1.name_scope(scope, "mean_pairwise_squared_error", [predictions, labels, weights]):
        predictions, labels = _compared(predictions, labels)
        weights = tf.cast(_ranked(weights, "weights"), tf.float32)
        differences = _ranked(predictions - labels, "diffs")
        inner = list(range(1, differences.shape.rank))
        present = _present(differences, weights)
        total_squares = tf.reduce_sum(tf.square(differences), axis=inner)
        squares = tf.math.divide_no_nan(total_squares, present, name="value")
        squared_total = tf.square(tf.reduce_sum(differences, axis=inner))
        sums = tf.math.divide_no_nan(squared_total, tf.square(present), name="value")
        loss = _weighted_sum(2.0 * squares - 2.0 * sums, weights)
        loss = tf.where(tf.reduce_sum(present) > 0, loss, tf.zeros_like(loss), name="value")
        add_loss(loss)
        return loss


def cosine_distance(
    predictions: Any,
    labels: Any = None,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    dim: int | None = None,
) -> tf.Tensor:
    """The weighted mean of 1 - sum(predictions * labels) along an axis, both being unit vectors along it.

    Raises:
      ValueError: without an axis, or with both `axis` and `dim`, which is its old name.
    """
    if axis is not None and dim is not None:
        raise ValueError("Cannot specify both 'axis' and 'dim'")
    axis = dim if axis is None else axis
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    with v1.name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as inside:
        predictions, labels = _compared(predictions, labels)
        losses = 1 - tf.reduce_sum(predictions * labels, axis=[axis])
        return compute_weighted_loss(losses, weights, scope=inside)


# --- losses of logits ----------------------------------------------------------------------------


def sigmoid_cross_entropy(
    logits: Any, multi_class_labels: Any, weights: Any = 1.0, label_smoothing: float = 0, scope: str | None = None
) -> tf.Tensor:
    """The weighted mean of the cross entropies of sigmoid(logits), one for each class of each example.

    label_smoothing: labels become labels * (1 - label_smoothing) + 0.5 * label_smoothing.
    """
    with v1.name_scope(scope, "sigmoid_cross_entropy_loss", [logits, multi_class_labels, weights]) as inside:
        logits, labels = tf.convert_to_tensor(logits), tf.convert_to_tensor(multi_class_labels)
        logits.shape.assert_is_compatible_with(labels.shape)
        labels = tf.cast(labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=inside)


def softmax_cross_entropy(
    logits: Any, onehot_labels: Any, weights: Any = 1.0, label_smoothing: float = 0, scope: str | None = None
) -> tf.Tensor:
    """The weighted mean of the cross entropies of softmax(logits). Both [batch, classes].

    label_smoothing: labels become labels * (1 - label_smoothing) + label_smoothing / classes.
    """
    with v1.name_scope(scope, "softmax_cross_entropy_loss", [logits, onehot_labels, weights]) as inside:
        logits, labels = tf.convert_to_tensor(logits), tf.convert_to_tensor(onehot_labels)
        logits.shape.assert_is_compatible_with(labels.shape)
        labels = tf.cast(labels, logits.dtype)
        if label_smoothing > 0:
            classes = tf.cast(tf.shape(labels)[1], logits.dtype)
            labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
        # Nothing flows back into the labels, as before there was a second version of this op.
        losses = v1.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=inside)


def sparse_softmax_cross_entropy(logits: Any, labels: Any, weights: Any = 1.0, scope: str | None = None) -> tf.Tensor:
    """The weighted mean of the cross entropies of softmax(logits), [batch, classes], at integer `labels`, [batch]."""
    with v1.name_scope(scope, "sparse_softmax_cross_entropy_loss", [logits, labels, weights]) as inside:
        labels = tf.reshape(labels, [tf.shape(labels)[0]])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=inside)


def hinge_loss(logits: Any, labels: Any = None, scope: str | None = None) -> tf.Tensor:
    """max(0, 1 - (2 * labels - 1) * logits), an element each: neither weighted nor in the collection."""
    with v1.name_scope(scope, "hinge_loss", [logits, labels]):
        logits, labels = tf.convert_to_tensor(logits), tf.cast(labels, tf.float32)
        logits.shape.assert_is_compatible_with(labels.shape)
        return tf.nn.relu(1.0 - (2.0 * labels - 1.0) * logits)
