"""Metrics made of how often predictions are right at each of several thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

__all__ = [
    "f1_score",
    "precision_at_recall",
    "recall_at_precision",
    "streaming_curve_points",
    "streaming_false_negative_rate",
    "streaming_false_negative_rate_at_thresholds",
    "streaming_false_negatives_at_thresholds",
    "streaming_false_positive_rate",
    "streaming_false_positive_rate_at_thresholds",
    "streaming_false_positives_at_thresholds",
    "streaming_true_negatives_at_thresholds",
    "streaming_true_positives_at_thresholds",
]

v1 = tf.compat.v1

_EPSILON = 1e-7
#: What is counted: the variable's name, whether the label is true, whether the prediction is.
_COUNTS = {
    "tp": ("true_positives", True, True),
    "fn": ("false_negatives", True, False),
    "tn": ("true_negatives", False, False),
    "fp": ("false_positives", False, True),
}
Counted = dict[str, Any]


def collected(value: Any, update: Any, metrics_collections: Any, updates_collections: Any) -> tuple[Any, Any]:
    """(value, update), put into the collections."""
    if metrics_collections:
        v1.add_to_collections(metrics_collections, value)
    if updates_collections:
        v1.add_to_collections(updates_collections, update)
    return value, update


def evenly(number: int) -> list[float]:
    """So many thresholds from just below 0 to just above 1."""
    return [-_EPSILON, *(i / (number - 1) for i in range(1, number - 1)), 1.0 + _EPSILON]


def counts(
    predictions: Any, labels: Any, thresholds: Sequence[float], weights: Any, which: Sequence[str] = tuple(_COUNTS)
) -> tuple[Counted, Counted]:
    """({what: its variable, [thresholds]}, {what: its update}) of what `which` names."""
    predictions, labels, weights = _tf.metric_inputs(predictions, labels, weights)
    predictions.shape.assert_is_compatible_with(labels.shape)
    above = tf.reshape(predictions, [1, -1]) > tf.expand_dims(tf.constant(list(thresholds), predictions.dtype), 1)
    true = tf.reshape(tf.cast(labels, tf.bool), [1, -1])
    if weights is not None:
        weights = tf.reshape(_tf.broadcast_weights(tf.cast(weights, tf.float32), predictions), [1, -1])
    values, updates = {}, {}
    for key, (name, label, prediction) in _COUNTS.items():
        if key in which:
            values[key] = _tf.metric_variable([len(thresholds)], tf.float32, name=name)
            met = tf.logical_and(true if label else ~true, above if prediction else ~above)
            met = tf.cast(met, tf.float32)
            met = met if weights is None else met * weights
            updates[key] = v1.assign_add(values[key], tf.reduce_sum(met, 1))
    return values, updates


def _count(key: str) -> Any:
    name = _COUNTS[key][0]

    def metric(predictions: Any, labels: Any, thresholds: Sequence[float], weights: Any = None) -> Any:
        values, updates = counts(predictions, labels, thresholds, weights, (key,))
        return values[key], updates[key]

    metric.__name__ = metric.__qualname__ = f"streaming_{name}_at_thresholds"
    metric.__doc__ = f"The number of {name.replace('_', ' ')} so far, [thresholds], and the update."
    return metric


streaming_true_positives_at_thresholds = _count("tp")
streaming_false_negatives_at_thresholds = _count("fn")
streaming_true_negatives_at_thresholds = _count("tn")
streaming_false_positives_at_thresholds = _count("fp")


# --- rates ---------------------------------------------------------------------------------------


def _rate(name: str, wrong: tuple[str, str], right: tuple[str, str], short: str) -> tuple[Any, Any]:
    """wrong / (wrong + right), as it is and at thresholds."""

    def rate(
        predictions: Any,
        labels: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> Any:
        with v1.variable_scope(name, default, (predictions, labels, weights)):
            predictions, labels, weights = _tf.metric_inputs(
                predictions=tf.cast(predictions, tf.bool), labels=tf.cast(labels, tf.bool), weights=weights
            )
            (wrongs, more_wrong), (rights, more_right) = (
                getattr(v1.metrics, which)(labels, predictions, weights) for which in (wrong[1], right[1])
            )

            def share(part: Any, rest: Any, name: str) -> Any:
                return v1.where(tf.greater(part + rest, 0), v1.div(part, part + rest), 0, name)

            value, update = share(wrongs, rights, "value"), share(more_wrong, more_right, "update_op")
            return collected(value, update, metrics_collections, updates_collections)

    def rate_at_thresholds(
        predictions: Any,
        labels: Any,
        thresholds: Sequence[float],
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> Any:
        with v1.variable_scope(name, f"{default}_at_thresholds", (predictions, labels, weights)):
            values, updates = counts(predictions, labels, thresholds, weights, (wrong[0], right[0]))

            def share(found: Counted, name: str) -> Any:
                part, rest = found[wrong[0]], found[right[0]]
                return v1.div(part, _EPSILON + part + rest, name=f"{short}_{name}")

            value, update = share(values, "value"), share(updates, "update_op")
            return collected(value, update, metrics_collections, updates_collections)

    default = name
    for function, ending in ((rate, ""), (rate_at_thresholds, "_at_thresholds")):
        function.__name__ = function.__qualname__ = f"streaming_{name}{ending}"
        function.__doc__ = f"(value, update): {wrong[1]} / ({wrong[1]} + {right[1]}) so far."
    return rate, rate_at_thresholds


streaming_false_positive_rate, streaming_false_positive_rate_at_thresholds = _rate(
    "false_positive_rate", ("fp", "false_positives"), ("tn", "true_negatives"), "fpr"
)
streaming_false_negative_rate, streaming_false_negative_rate_at_thresholds = _rate(
    "false_negative_rate", ("fn", "false_negatives"), ("tp", "true_positives"), "fnr"
)


# --- curves --------------------------------------------------------------------------------------


def streaming_curve_points(
    labels: Any = None,
    predictions: Any = None,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
) -> Any:
    """(points [num_thresholds, 2], update): false positive rate and recall ("ROC"), or recall and precision ("PR").

    Raises:
      ValueError: for another curve.
    """
    with v1.variable_scope(name, "curve_points", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        values, updates = counts(predictions, labels, evenly(num_thresholds), weights)
        small = 1e-6
        tp, fn, tn, fp = (values[key] for key in ("tp", "fn", "tn", "fp"))
        recall = v1.div(tp + small, tp + fn + small)
        if curve == "ROC":
            points = tf.stack([v1.div(fp, fp + tn + small), recall], axis=1)
        else:
            points = tf.stack([recall, v1.div(tp + small, tp + fp + small)], axis=1)
        return collected(points, tf.group(*updates.values()), metrics_collections, updates_collections)


def _of_both(
    values: Counted, updates: Counted, compute: Callable[[Counted, str], Any], names: tuple[str, str]
) -> tuple[Any, Any]:
    return compute(values, names[0]), compute(updates, names[1])


def precision_at_recall(
    labels: Any,
    predictions: Any,
    target_recall: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): the precision at the highest threshold at which the recall is at least `target_recall`.

    Raises:
      ValueError: if `target_recall` is not from 0 to 1.
    """
    if not 0 <= target_recall <= 1:
        raise ValueError("`target_recall` must be in the range [0, 1].")
    with v1.variable_scope(name, "precision_at_recall", (predictions, labels, weights)):

        def compute(found: Counted, name: str) -> Any:
            tp, fp, fn = found["tp"], found["fp"], found["fn"]
            enough = tf.greater_equal(v1.div(tp, tp + fn + _EPSILON), target_recall)
            at = tf.reduce_sum(tf.cast(enough, tf.int64)) - 1
            return v1.div(tp[at] + _EPSILON, tp[at] + fp[at] + _EPSILON, name)

        values, updates = counts(predictions, labels, evenly(num_thresholds), weights)
        both = _of_both(values, updates, compute, ("value", "update_op"))
        return collected(*both, metrics_collections, updates_collections)


def recall_at_precision(
    labels: Any,
    predictions: Any,
    precision: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
    strict_mode: bool = False,
) -> Any:
    """(value, update): the recall at the threshold whose precision is the closest to `precision`.

    Args:
      strict_mode: whether a precision below it does not count; without any above it the recall is then 0.

    Raises:
      ValueError: if `precision` is not from 0 to 1.
    """
    if not 0 <= precision <= 1:
        raise ValueError("`precision` must be in the range [0, 1].")
    with v1.variable_scope(name, "recall_at_precision", (predictions, labels, weights)):

        def compute(found: Counted, name: str) -> Any:
            tp, fp, fn = found["tp"], found["fp"], found["fn"]
            precisions = v1.div(tp, tp + fp + _EPSILON)
            if strict_mode:
                at = tf.argmax(v1.div(1.0, precisions - precision + _EPSILON), 0, output_type=tf.int32)
            else:
                at = tf.argmin(tf.abs(precisions - precision), 0, output_type=tf.int32)

            def recall() -> Any:
                return v1.div(tp[at], tp[at] + fn[at] + _EPSILON, name)

            return v1.cond(precisions[at] >= precision, recall, lambda: 0.0) if strict_mode else recall()

        values, updates = counts(predictions, labels, evenly(num_thresholds), weights)
        both = _of_both(values, updates, compute, ("value", "update_op"))
        return collected(*both, metrics_collections, updates_collections)


def f1_score(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """(value, update): the best of 2 * precision * recall / (precision + recall) at any threshold.

    Predictions are from 0 to 1; others raise InvalidArgumentError when it is run.
    """
    with v1.variable_scope(name, "f1", (labels, predictions, weights)):
        predictions, labels, weights = _tf.metric_inputs(predictions=predictions, labels=labels, weights=weights)
        values, updates = _tf.counts_at_thresholds(
            labels, predictions, evenly(num_thresholds), weights, includes=("tp", "fp", "fn")
        )

        def compute(found: Counted, name: str) -> Any:
            tp, fp, fn = found["tp"], found["fp"], found["fn"]
            precision = v1.div(tp, _EPSILON + tp + fp, name=f"precision_{name}")
            recall = v1.div(tp, _EPSILON + tp + fn, name=f"recall_{name}")
            return tf.reduce_max(2.0 * precision * recall / (precision + recall + _EPSILON))

        both = _of_both(values, updates, compute, ("value", "update"))
        return collected(*both, metrics_collections, updates_collections)
