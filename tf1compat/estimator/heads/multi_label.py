"""The head of classes of which an example has any number: a sigmoid for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from . import checks, classes, metrics
from .base import CLASSIFY, PREDICT, SERVING, BuiltHead

__all__ = ["MultiLabelHead"]

v1 = tf.compat.v1


class MultiLabelHead(BuiltHead):
    """`n_classes` classes, each of which an example has or has not. The loss is the mean over the classes.

    Labels are 0 or 1 for each, [D0, ... DN, n_classes], or a SparseTensor of the classes' numbers or names.

    Args:
      thresholds: of probabilities, for more metrics.
      label_vocabulary: the classes' names.
      classes_for_class_based_metrics: the numbers or names of classes that get metrics of their own.
      weight_column, loss_reduction, loss_fn, name: as of every head.
    """

    def __init__(
        self,
        n_classes: int,
        weight_column: Any = None,
        thresholds: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        loss_reduction: str = "sum_over_batch_size",
        loss_fn: Any = None,
        classes_for_class_based_metrics: Sequence[Any] | None = None,
        name: str | None = None,
    ) -> None:
        if n_classes is None or n_classes < 2:
            raise ValueError(f"n_classes must be > 1 for multi-label classification. Given: {n_classes}")
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._count = n_classes
        self._thresholds = checks.checked_thresholds(thresholds)
        self._vocabulary = checks.checked_vocabulary(label_vocabulary, n_classes)
        self._watched = [self._number(which) for which in classes_for_class_based_metrics or ()]

    def _number(self, which: Any) -> int:
        if isinstance(which, str):
            if not self._vocabulary:
                raise ValueError("label_vocabulary must be provided when classes_for_class_based_metrics are string.")
            return list(self._vocabulary).index(which)
        if not 0 <= which < self._count:
            raise ValueError(
                f"All classes_for_class_based_metrics must be in range [0, {self._count - 1}]. Given: {which}"
            )
        return int(which)

    @property
    def logits_dimension(self) -> int:
        return self._count

    def _numbers(self, labels: Any, logits: tf.Tensor) -> tf.Tensor:
        if isinstance(labels, tf.SparseTensor):
            values = labels.values
            if values.dtype == tf.string:
                values = classes.numbers_of(values, self._vocabulary or ())
            elif not values.dtype.is_integer:
                raise ValueError(f"Labels dtype should be integer. Instead got {values.dtype}.")
            said = f"labels must be an integer SparseTensor with values in [0, {self._count})"
            labels = labels.with_values(checks.in_range(values, self._count, said))
            labels = tf.cast(tf.sparse.to_indicator(labels, self._count), tf.int64)
        elif labels is not None:
            said = "labels must be an integer indicator Tensor with values in [0, 1]"
            labels = checks.in_range(tf.convert_to_tensor(labels), 2, said)
        return checks.labels_like(labels, logits, self._count)

    def _example_loss(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        losses = v1.losses.sigmoid_cross_entropy(labels, logits, reduction=v1.losses.Reduction.NONE)
        return tf.reduce_mean(losses, -1, keepdims=True)

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[str, Any]:
        logits = checks.checked_logits(logits, self._count)
        with tf.name_scope("predictions"):
            found = {"logits": logits, "probabilities": tf.sigmoid(logits, name="probabilities")}
            return classes.chosen(found, keys)

    def _own_metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, tuple[Any, Any]]:
        probabilities, newer = predictions["probabilities"], self._newer
        found = {
            "auc": metrics.auc(labels, probabilities, weights, "ROC", newer, "auc"),
            "auc_precision_recall": metrics.auc(labels, probabilities, weights, "PR", newer, "auc_precision_recall"),
            **metrics.at_thresholds(labels, probabilities, weights, self._thresholds),
        }
        for number in self._watched:
            label, own = labels[..., number : number + 1], probabilities[..., number : number + 1]
            which = self._vocabulary[number] if self._vocabulary else f"class{number}"
            found[f"probability_mean/{which}"] = metrics.mean(own, weights, "probability_mean")
            found[f"auc/{which}"] = metrics.auc(label, own, weights, "ROC", newer, "auc")
            found[f"auc_precision_recall/{which}"] = metrics.auc(label, own, weights, "PR", newer, "auc_pr")
        return found

    def _export_outputs(self, predictions: Mapping[str, Any]) -> dict[str, Any]:
        classified = classes.classification(predictions["probabilities"], self._count, self._vocabulary)
        return {SERVING: classified, CLASSIFY: classified, PREDICT: _tf.model_utils.PredictOutput(predictions)}
