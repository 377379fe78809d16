"""What heads hold their inputs to: shapes of logits, labels and weights, and the range of labels."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

__all__ = [
    "checked_logits",
    "checked_loss_fn",
    "checked_thresholds",
    "checked_vocabulary",
    "in_range",
    "labels_like",
    "loss_by",
    "weights_like",
]

v1 = tf.compat.v1
_NO_LABELS = (
    "You must provide a labels Tensor. Given: None. Check that the data have the label and that your input_fn gives "
    "(features, labels)."
)


def checked_logits(logits: Any, dimension: int) -> tf.Tensor:
    """Logits as float32, of shape [..., `dimension`]; ValueError for any other last dimension or a rank below 2."""
    with tf.name_scope("logits"):
        logits = tf.cast(logits, tf.float32)
        shape = logits.shape
        if shape.rank is not None and (shape.rank < 2 or shape.as_list()[-1] not in (None, dimension)):
            raise ValueError(f"logits shape must be [D0, D1, ... DN, {dimension}], got {shape}.")
        if shape.rank is not None and shape.as_list()[-1] is not None:
            return logits
        found = tf.shape(logits)
        message = f"logits shape must be [D0, D1, ... DN, {dimension}]"
        with tf.control_dependencies([v1.assert_equal(found[-1], dimension, data=[found], message=message)]):
            return tf.identity(logits)


def labels_like(labels: Any, logits: tf.Tensor, dimension: int) -> tf.Tensor:
    """Labels of the logits' shape but with `dimension` as the last one, which may be left out where it is 1.

    Raises:
      ValueError: for no labels, sparse ones, or a last dimension known to be another; where shapes become known in a
        run only, that raises InvalidArgumentError.
    """
    if labels is None:
        raise ValueError(_NO_LABELS)
    with tf.name_scope("labels"):
        if isinstance(labels, (tf.SparseTensor, v1.SparseTensorValue)):
            raise ValueError(
                f"SparseTensor labels are not supported. labels must be a Tensor of shape "
                f"[D0, D1, ..., DN, {dimension}], e.g. [batch_size, {dimension}]. In your "
                "input_fn, tf.sparse.to_dense() makes a Tensor of them."
            )
        labels = tf.convert_to_tensor(labels)
        ranks = labels.shape.rank, logits.shape.rank
        if None not in ranks and ranks[0] == ranks[1] - 1:
            labels = tf.expand_dims(labels, -1)
        last = labels.shape.as_list()[-1] if labels.shape.rank else None
        if last not in (None, dimension):
            raise ValueError(
                f"Mismatched label shape. Expected labels dimension={dimension}.  Received {last}. If your classifier "
                "expects one-hot encoding label, check your n_classes argument to the estimator and/or the shape of "
                "your label. Otherwise, check the shape of your label."
            )
        expected, found = tf.concat([tf.shape(logits)[:-1], [dimension]], 0), tf.shape(labels)
        message = (
            f"labels shape must be [D0, D1, ... DN, {dimension}]. Suggested Fix: check your n_classes argument to the "
            "estimator and/or the shape of your label."
        )
        data = ["expected_labels_shape: ", expected, "labels_shape: ", found]
        with tf.control_dependencies([v1.assert_equal(expected, found, message=message, data=data)]):
            return tf.identity(labels)


def weights_like(features: Any, column: Any, logits: tf.Tensor, per_logit: bool) -> tf.Tensor | None:
    """The examples' weights: `features[column]` as float32, of shape [D0, ... DN, 1]; None where `column` is.

    Args:
      column: a key of `features`, or a `tf.feature_column.numeric_column`.
      per_logit: whether they may be of the logits' shape too.
    """
    if column is None:
        return None
    key = column if isinstance(column, str) else getattr(column, "key", None)
    if key is None or not isinstance(features, Mapping):
        raise TypeError(
            f"Weight column must be either a string or a numeric_column, of a dictionary of features. Given type: "
            f"{type(column)}."
        )
    if key not in features:
        raise ValueError(f"Feature {key} is not in features dictionary.")
    with tf.name_scope("weights"):
        weights = tf.convert_to_tensor(features[key])
        if not (weights.dtype.is_floating or weights.dtype.is_integer):
            raise ValueError(f"Weight column should be castable to float. Given dtype: {weights.dtype}")
        normalize = getattr(column, "normalizer_fn", None)
        weights = tf.cast(normalize(weights) if normalize else weights, tf.float32)
        if weights.shape.rank is not None and weights.shape.rank == (logits.shape.rank or 0) - 1:
            weights = tf.expand_dims(weights, -1)
        found, full = tf.shape(weights), tf.shape(logits)
        narrow = tf.concat([full[:-1], [1]], 0)
        message = "weights shape must be [D0, D1, ... DN] or [D0, D1, ... DN, 1]"
        fits = tf.reduce_all(tf.equal(narrow, found))
        if per_logit:
            message += " or [D0, D1, ... DN, logits_dimension]"
            fits = tf.logical_or(fits, tf.reduce_all(tf.equal(full, found)))
        with tf.control_dependencies([v1.Assert(fits, [message, "logits_shape: ", full, "weights_shape: ", found])]):
            return tf.identity(weights)


def in_range(labels: tf.Tensor, count: int, message: str | None = None) -> tf.Tensor:
    """`labels`, asserted in a run to be within [0, `count` - 1]."""
    with tf.name_scope("assert_range"):
        top = tf.cast(count - 1, labels.dtype)
        asserted = (
            v1.assert_less_equal(labels, top, message=message or "Labels must <= n_classes - 1"),
            v1.assert_non_negative(labels, message=message or "Labels must >= 0"),
        )
        with tf.control_dependencies(asserted):
            return tf.identity(labels)


def loss_by(function: Callable[..., Any], labels: Any, logits: Any, features: Any, dimension: int) -> tf.Tensor:
    """`function(labels, logits[, features])`, asserted to be of shape [D0, ... DN, `dimension`]."""
    more = {"features": features} if "features" in inspect.signature(function).parameters else {}
    loss = function(labels=labels, logits=logits, **more)
    expected, found = tf.concat([tf.shape(logits)[:-1], [dimension]], 0), tf.shape(loss)
    said = f"loss_fn must return Tensor of shape [D0, D1, ... DN, {dimension}]. "
    fits = tf.reduce_all(tf.equal(expected, found)) if loss.shape.rank == logits.shape.rank else tf.constant(False)
    with tf.control_dependencies([v1.Assert(fits, [said, "logits_shape: ", tf.shape(logits), "loss_shape: ", found])]):
        return tf.identity(loss)


def checked_loss_fn(function: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """The function; ValueError where it does not take labels and logits, or takes what a head has not."""
    if function is not None:
        taken = list(inspect.signature(function).parameters)
        for needed in ("labels", "logits"):
            if needed not in taken:
                raise ValueError(f"loss_fn must contain argument: {needed}. Given arguments: {taken}")
        unknown = sorted(set(taken) - {"labels", "logits", "features"})
        if unknown:
            raise ValueError(f"loss_fn has unexpected args: {unknown}")
    return function


def checked_thresholds(thresholds: Any) -> tuple[float, ...]:
    """The thresholds, a tuple; ValueError for one that is not between 0 and 1."""
    thresholds = tuple(thresholds or ())
    if any(not 0.0 < threshold < 1.0 for threshold in thresholds):
        raise ValueError(f"thresholds not in (0, 1): {thresholds}.")
    return thresholds


def checked_vocabulary(vocabulary: Any, count: int | None = None) -> Any:
    """The labels' names; ValueError for what is no list, or not of length `count`."""
    if vocabulary is not None:
        if not isinstance(vocabulary, (list, tuple)):
            raise ValueError(f"label_vocabulary should be a list or a tuple. Given type: {type(vocabulary)}")
        if count is not None and len(vocabulary) != count:
            raise ValueError(
                f"Length of label_vocabulary must be n_classes ({count}). Given: {len(vocabulary)}, {vocabulary}"
            )
    return vocabulary
