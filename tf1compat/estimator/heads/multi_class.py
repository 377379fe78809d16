"""The head of more than two classes that exclude each other: softmax cross entropy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from . import checks, classes
from .base import CLASSIFY, PREDICT, SERVING, BuiltHead

__all__ = ["MultiClassHead"]

v1 = tf.compat.v1


class MultiClassHead(BuiltHead):
    """`n_classes` classes, more than two: labels of shape [D0, ... DN, 1], their numbers or names.

    Args:
      label_vocabulary: the names, if labels are strings.
      weight_column, loss_reduction, loss_fn, name: as of every head.
    """

    def __init__(
        self,
        n_classes: int,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        loss_reduction: str = "sum_over_batch_size",
        loss_fn: Any = None,
        name: str | None = None,
    ) -> None:
        if n_classes is None:
            raise ValueError("n_classes cannot be None")
        if n_classes <= 2:
            raise ValueError(f"n_classes must be > 2: {n_classes}.")
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._count = n_classes
        self._vocabulary = checks.checked_vocabulary(label_vocabulary, n_classes)

    @property
    def logits_dimension(self) -> int:
        return self._count

    def _numbers(self, labels: Any, logits: tf.Tensor) -> tf.Tensor:
        labels = checks.labels_like(labels, logits, 1)
        if self._vocabulary:
            labels = classes.numbers_of(labels, self._vocabulary)
        elif not labels.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer. Instead got {labels.dtype}.")
        return checks.in_range(labels, self._count)

    def _example_loss(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        losses = v1.losses.sparse_softmax_cross_entropy(labels, logits, reduction=v1.losses.Reduction.NONE)
        return tf.expand_dims(losses, -1)

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[str, Any]:
        logits = checks.checked_logits(logits, self._count)
        with tf.name_scope("predictions"):
            class_ids = tf.expand_dims(tf.argmax(logits, -1), -1, name="class_ids")
            found = {
                "logits": logits,
                "probabilities": tf.nn.softmax(logits, name="probabilities"),
                "class_ids": class_ids,
                "classes": classes.class_names(class_ids, self._vocabulary),
                "all_class_ids": classes.all_class_ids(logits, self._count),
                "all_classes": classes.all_classes(logits, self._count, self._vocabulary),
            }
            return classes.chosen(found, keys)

    def _own_metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, tuple[Any, Any]]:
        return {"accuracy": v1.metrics.accuracy(labels, predictions["class_ids"], weights, name="accuracy")}

    def _export_outputs(self, predictions: Mapping[str, Any]) -> dict[str, Any]:
        classified = classes.classification(predictions["probabilities"], self._count, self._vocabulary)
        return {SERVING: classified, CLASSIFY: classified, PREDICT: _tf.model_utils.PredictOutput(predictions)}
