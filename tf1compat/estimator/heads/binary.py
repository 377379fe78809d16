"""The head of two classes: one logit, sigmoid cross entropy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from . import checks, classes, metrics
from .base import CLASSIFY, PREDICT, REGRESS, SERVING, BuiltHead

__all__ = ["BinaryClassHead"]

v1 = tf.compat.v1


class BinaryClassHead(BuiltHead):
    """Two classes: labels of shape [D0, ... DN, 1], 0 or 1 or between, or names of `label_vocabulary`.

    Args:
      thresholds: of probabilities, for more metrics.
      label_vocabulary: the names of the two classes.
      weight_column, loss_reduction, loss_fn, name: as of every head.
    """

    def __init__(
        self,
        weight_column: Any = None,
        thresholds: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        loss_reduction: str = "sum_over_batch_size",
        loss_fn: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._thresholds = checks.checked_thresholds(thresholds)
        self._vocabulary = checks.checked_vocabulary(label_vocabulary)

    @property
    def logits_dimension(self) -> int:
        return 1

    def _numbers(self, labels: Any, logits: tf.Tensor) -> tf.Tensor:
        labels = checks.labels_like(labels, logits, 1)
        if self._vocabulary:
            labels = classes.numbers_of(labels, self._vocabulary)
        return checks.in_range(tf.cast(labels, tf.float32), 2)

    def _example_loss(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[str, Any]:
        logits = checks.checked_logits(logits, 1)
        with tf.name_scope("predictions"):
            both = tf.concat((tf.zeros_like(logits), logits), -1, name="two_class_logits")
            class_ids = tf.expand_dims(tf.argmax(both, -1), -1, name="class_ids")
            found = {
                "logits": logits,
                "logistic": tf.sigmoid(logits, name="logistic"),
                "probabilities": tf.nn.softmax(both, name="probabilities"),
                "class_ids": class_ids,
                "classes": classes.class_names(class_ids, self._vocabulary),
                "all_class_ids": classes.all_class_ids(logits, 2),
                "all_classes": classes.all_classes(logits, 2, self._vocabulary),
            }
            return classes.chosen(found, keys)

    def _own_metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, tuple[Any, Any]]:
        class_ids, logistic = predictions["class_ids"], predictions["logistic"]
        labels_mean = metrics.mean(labels, weights, "label/mean")
        return {
            "accuracy": v1.metrics.accuracy(labels, class_ids, weights, name="accuracy"),
            "precision": v1.metrics.precision(labels, class_ids, weights, name="precision"),
            "recall": v1.metrics.recall(labels, class_ids, weights, name="recall"),
            "prediction/mean": metrics.mean(logistic, weights, "prediction/mean"),
            "label/mean": labels_mean,
            "accuracy_baseline": metrics.baseline(labels_mean),
            "auc": metrics.auc(labels, logistic, weights, "ROC", self._newer, "auc"),
            "auc_precision_recall": metrics.auc(labels, logistic, weights, "PR", self._newer, "auc_precision_recall"),
            **metrics.at_thresholds(labels, logistic, weights, self._thresholds),
        }

    def _export_outputs(self, predictions: Mapping[str, Any]) -> dict[str, Any]:
        classified = classes.classification(predictions["probabilities"], 2, self._vocabulary)
        return {
            SERVING: classified,
            CLASSIFY: classified,
            REGRESS: _tf.model_utils.RegressionOutput(value=predictions["logistic"]),
            PREDICT: _tf.model_utils.PredictOutput(predictions),
        }
