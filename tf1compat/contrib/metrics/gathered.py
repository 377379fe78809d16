"""Metrics of what has been seen so far: counts, moments, all values."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from .streaming import streaming
from .thresholds import collected

__all__ = [
    "accuracy",
    "aggregate_metric_map",
    "aggregate_metrics",
    "cohen_kappa",
    "count",
    "sparse_recall_at_top_k",
    "streaming_concat",
    "streaming_covariance",
    "streaming_mean_cosine_distance",
    "streaming_pearson_correlation",
    "streaming_recall_at_k",
    "streaming_sparse_precision_at_top_k",
]

v1 = tf.compat.v1
streaming_mean = streaming("streaming_mean")


# --- several metrics at once ---------------------------------------------------------------------


def aggregate_metrics(*value_update_tuples: tuple[Any, Any]) -> tuple[list[Any], list[Any]]:
    """The values and the updates of (value, update) pairs.

    Raises:
      ValueError: without any.
    """
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples, strict=True)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples: dict[str, tuple[Any, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """({name: value}, {name: update}) of {name: (value, update)}."""
    values, updates = aggregate_metrics(*names_to_tuples.values())
    return dict(zip(names_to_tuples, values, strict=True)), dict(zip(names_to_tuples, updates, strict=True))


# --- of one batch --------------------------------------------------------------------------------


def accuracy(predictions: Any, labels: Any, weights: Any = None, name: str | None = None) -> tf.Tensor:
    """The weighted share of predictions that equal their label, in this batch. Shapes: all the same.

    Raises:
      ValueError: if labels are neither boolean, integer nor strings, or predictions of another dtype.
    """
    if not (labels.dtype.is_integer or labels.dtype in (tf.bool, tf.string)):
        raise ValueError(f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}")
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError(
            "Dtypes of predictions and labels should match. "
            f"Given: predictions ({predictions.dtype!r}) and labels ({labels.dtype!r})"
        )
    with v1.name_scope(name, "accuracy", values=[predictions, labels]):
        correct = tf.cast(tf.equal(predictions, labels), tf.float32)
        if weights is None:
            return tf.reduce_mean(correct)
        correct = tf.multiply(correct, weights)
        total = tf.multiply(weights, tf.ones_like(correct))
        return v1.div(tf.reduce_sum(correct), tf.reduce_sum(total))


# --- means ---------------------------------------------------------------------------------------


def streaming_recall_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): how often the label, [batch], is among the k highest predictions, [batch, classes]."""
    found = tf.cast(v1.nn.in_top_k(predictions, labels, k), tf.float32)
    return streaming_mean(found, weights, metrics_collections, updates_collections, name or f"recall_at_{k}")


def streaming_mean_cosine_distance(
    predictions: Any,
    labels: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): the mean of 1 - sum(predictions * labels) along `dim`, both being unit vectors along it."""
    predictions, labels, weights = _tf.metric_inputs(predictions, labels, weights)
    predictions.shape.assert_is_compatible_with(labels.shape)
    products = tf.reduce_sum(tf.multiply(predictions, labels), axis=[dim], keepdims=True)
    value, update = streaming_mean(products, weights, None, None, name or "mean_cosine_distance")
    return collected(tf.subtract(1.0, value), tf.subtract(1.0, update), metrics_collections, updates_collections)


def _at_top_k(kind: str, order: str) -> Any:
    function = getattr(v1.metrics, f"{kind}_at_top_k")

    def metric(first: Any, second: Any, class_id: Any, weights: Any, metrics: Any, updates: Any, name: Any) -> Any:
        predictions, labels = (first, second) if order == "predictions first" else (second, first)
        default = f"{kind}_at_k" if class_id is None else f"{kind}_at_k_class{class_id}"
        with v1.name_scope(name, default, (predictions, labels, weights)) as scope:
            return function(
                labels=labels,
                predictions_idx=predictions,
                class_id=class_id,
                weights=weights,
                metrics_collections=metrics,
                updates_collections=updates,
                name=scope,
            )

    return metric


_precision_at_top_k = _at_top_k("precision", "predictions first")
_recall_at_top_k = _at_top_k("recall", "labels first")


def streaming_sparse_precision_at_top_k(
    top_k_predictions: Any,
    labels: Any,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """`tf.metrics.precision_at_top_k`, predictions first."""
    return _precision_at_top_k(
        top_k_predictions, labels, class_id, weights, metrics_collections, updates_collections, name
    )


def sparse_recall_at_top_k(
    labels: Any,
    top_k_predictions: Any,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """`tf.metrics.recall_at_top_k`."""
    return _recall_at_top_k(
        labels, top_k_predictions, class_id, weights, metrics_collections, updates_collections, name
    )


# --- counts and moments --------------------------------------------------------------------------


def count(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): how many values there have been, or the sum of their weights."""
    with v1.variable_scope(name, "count", (values, weights)):
        total = _tf.metric_variable([], tf.float32, name="count")
        if weights is None:
            number = tf.cast(tf.size(values), tf.float32)
        else:
            values, _, weights = _tf.metric_inputs(tf.cast(values, tf.float32), None, weights)
            number = tf.reduce_sum(_tf.broadcast_weights(tf.cast(weights, tf.float32), values))
        with tf.control_dependencies([tf.convert_to_tensor(values)]):
            update = v1.assign_add(total, number)
        return collected(tf.convert_to_tensor(total), update, metrics_collections, updates_collections)


def streaming_covariance(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): the unbiased covariance of predictions and labels, NaN before there are two of them."""
    with v1.variable_scope(name, "covariance", (predictions, labels, weights)):
        predictions, labels, weights = _tf.metric_inputs(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total, mean_prediction, mean_label, comoment = (
            _tf.metric_variable([], tf.float32, name=each)
            for each in ("count", "mean_prediction", "mean_label", "comoment")
        )
        if weights is None:
            weights = tf.ones_like(labels, dtype=tf.float32)
            number = tf.cast(tf.size(labels), tf.float32)
        else:
            weights = _tf.broadcast_weights(weights, labels)
            number = tf.reduce_sum(weights)
        new_total = v1.assign_add(total, number)

        def moved(mean: Any, values: Any) -> tuple[Any, Any]:
            """The batch's mean, and how far it is from what the running mean was."""
            batch = tf.math.divide_no_nan(tf.reduce_sum(tf.multiply(values, weights)), number)
            step = tf.math.divide_no_nan((batch - mean) * number, new_total)
            return batch, v1.assign_add(mean, step) - step - batch

        batch_prediction, before_prediction = moved(mean_prediction, predictions)
        batch_label, before_label = moved(mean_label, labels)
        within = tf.reduce_sum((predictions - batch_prediction) * (labels - batch_label) * weights)
        between = before_prediction * before_label * ((new_total - number) * number / new_total)
        added = v1.assign_add(comoment, within + between)

        def unbiased(name: str) -> Any:
            return v1.where(tf.less_equal(total, 1.0), float("nan"), tf.truediv(comoment, total - 1), name=name)

        value = unbiased("covariance")
        with tf.control_dependencies([added]):
            update = unbiased("update_op")
    return collected(value, update, metrics_collections, updates_collections)


def streaming_pearson_correlation(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): covariance / (the product of both standard deviations)."""
    with v1.variable_scope(name, "pearson_r", (predictions, labels, weights)):
        predictions, labels, weights = _tf.metric_inputs(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        if weights is not None:
            weights = _tf.broadcast_weights(weights, labels)
        both = streaming_covariance(predictions, labels, weights=weights, name="covariance")
        first = streaming_covariance(predictions, predictions, weights=weights, name="variance_predictions")
        second = streaming_covariance(labels, labels, weights=weights, name="variance_labels")
        value, update = (
            tf.truediv(both[i], tf.multiply(tf.sqrt(first[i]), tf.sqrt(second[i])), name=name)
            for i, name in enumerate(("pearson_r", "update_op"))
        )
    return collected(value, update, metrics_collections, updates_collections)


def cohen_kappa(
    labels: Any,
    predictions_idx: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): (observed agreement - agreement by chance) / (1 - agreement by chance).

    Args:
      labels, predictions_idx: classes, [batch] or [batch, 1].

    Raises:
      ValueError: for fewer than two classes.
    """
    if num_classes < 2:
        raise ValueError(f"`num_classes` must be >= 2. Found: {num_classes}")
    with v1.variable_scope(name, "cohen_kappa", (labels, predictions_idx, weights)):
        if labels.shape.with_rank_at_most(2).rank == 2:
            labels = tf.squeeze(labels, axis=[-1])
        predictions_idx, labels, weights = _tf.metric_inputs(predictions_idx, labels, weights)
        predictions_idx.shape.assert_is_compatible_with(labels.shape)
        dtype = tf.int64 if weights is None or weights.dtype.is_integer else tf.float32
        agreed, rows, columns = (
            _tf.metric_variable((num_classes,), dtype, name=each) for each in ("po", "pe_row", "pe_col")
        )
        table = v1.confusion_matrix(
            labels, predictions_idx, num_classes=num_classes, weights=weights, dtype=dtype, name="counts_in_table"
        )
        now = (
            v1.assign_add(agreed, tf.linalg.diag_part(table)),
            v1.assign_add(rows, tf.reduce_sum(table, axis=0)),
            v1.assign_add(columns, tf.reduce_sum(table, axis=1)),
        )

        def kappa(agreed: Any, rows: Any, columns: Any, name: str) -> Any:
            total = tf.cast(tf.reduce_sum(rows), tf.float64)
            chance = tf.reduce_sum(tf.math.divide_no_nan(tf.cast(rows * columns, tf.float64), total))
            observed = tf.cast(tf.reduce_sum(agreed), tf.float64)
            return tf.math.divide_no_nan(observed - chance, total - chance, name=name)

        value = kappa(agreed, rows, columns, "value")
        update = kappa(*now, "update_op")
        return collected(value, update, metrics_collections, updates_collections)


def streaming_concat(
    values: Any,
    axis: int = 0,
    max_size: int | None = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(all values so far, one batch after the other along `axis`; the update).

    Args:
      values: a batch; all its sizes but that of `axis` are known.
      max_size: how many are kept along `axis`, the first ones.

    Raises:
      ValueError: if sizes are not known, or there is no such axis.
    """
    with v1.variable_scope(name, "streaming_concat", (values,)):
        rank = values.shape.rank
        if rank is None:
            raise ValueError("`values` must have known statically known rank")
        if not -rank <= axis < rank:
            raise ValueError(f"axis = {axis} not in [0, {rank})")
        axis %= rank
        fixed = [size for n, size in enumerate(values.shape.as_list()) if n != axis]
        if None in fixed:
            raise ValueError(
                "all dimensions of `values` other than the dimension to concatenate along must have statically "
                "known size"
            )
        array = _tf.metric_variable([max_size or 0, *fixed], values.dtype, validate_shape=False, name="array")
        size = _tf.metric_variable([], tf.int32, name="size")
        # The variable's rows are the values along `axis`; it has as many as there are, or as there may be.
        kept = array[:size]
        kept.set_shape([None, *fixed])
        back = [0 if n == axis else n + 1 if n < axis else n for n in range(rank)]
        value = tf.transpose(kept, back, name="concat")
        rows = tf.transpose(values, [axis, *(n for n in range(rank) if n != axis)])
        if max_size is not None:
            rows = rows[: tf.minimum(tf.shape(rows)[0], max_size - size)]
        grown = tf.concat([array[:size], rows], 0)
        new_size = size + tf.shape(rows)[0]
        with tf.control_dependencies([v1.assign(array, grown, validate_shape=False)]):
            update = v1.assign(size, new_size)
        return collected(value, update, metrics_collections, updates_collections)
