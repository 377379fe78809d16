"""The metrics of heads: pairs of value and update op, weighted by example."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tensorflow as tf

__all__ = ["at_thresholds", "auc", "baseline", "mean"]

v1 = tf.compat.v1
Metric = tuple[Any, Any]


def mean(values: Any, weights: Any, name: str) -> Metric:
    """The weighted mean; weights of [batch, 1] count for all of a row's values."""
    values = tf.cast(values, tf.float32)
    return v1.metrics.mean(values, _broadcast(weights, values), name=name)


def auc(labels: Any, probabilities: Any, weights: Any, curve: str, newer: bool, name: str) -> Metric:
    """The area under the ROC or PR curve, by 200 thresholds: trapezoids, and interpolated for PR in newer heads."""
    method = "careful_interpolation" if newer and curve == "PR" else "trapezoidal"
    return v1.metrics.auc(
        labels, probabilities, _broadcast(weights, probabilities), curve=curve, summation_method=method, name=name
    )


def baseline(labels_mean: Metric) -> Metric:
    """The accuracy of the best constant answer."""
    value, update = labels_mean
    return tf.maximum(value, 1.0 - value), tf.maximum(update, 1.0 - update)


def at_thresholds(labels: Any, probabilities: Any, weights: Any, thresholds: Iterable[float]) -> dict[str, Metric]:
    """Accuracy, precision and recall where what is at or above a threshold is taken for positive."""
    found: dict[str, Metric] = {}
    for threshold in thresholds:
        positive = tf.cast(tf.greater_equal(probabilities, threshold), tf.float32)
        weight = _broadcast(weights, positive)
        found[f"accuracy/positive_threshold_{threshold:g}"] = v1.metrics.accuracy(labels, positive, weight)
        for name, function in (
            ("precision", v1.metrics.precision_at_thresholds),
            ("recall", v1.metrics.recall_at_thresholds),
        ):
            value, update = function(labels, probabilities, [threshold], weight)
            found[f"{name}/positive_threshold_{threshold:g}"] = (tf.squeeze(value), tf.squeeze(update))
    return found


def _broadcast(weights: Any, values: Any) -> Any:
    return None if weights is None else tf.ones_like(values, tf.float32) * weights
