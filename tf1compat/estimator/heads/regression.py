"""Heads of numbers: squared error, Poisson's and the logistic loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from . import checks, classes, metrics
from .base import PREDICT, REGRESS, SERVING, BuiltHead

__all__ = ["LogisticRegressionHead", "PoissonRegressionHead", "RegressionHead"]

v1 = tf.compat.v1


class RegressionHead(BuiltHead):
    """Numbers, `label_dimension` of them: the loss is (label - logit)^2.

    Args:
      inverse_link_fn: from logits to predictions, where they are not the same.
      weight_column: as of every head; weights may be given for each number.
      loss_reduction, loss_fn, name: as of every head.
    """

    _per_logit = True

    def __init__(
        self,
        label_dimension: int = 1,
        weight_column: Any = None,
        loss_reduction: str = "sum_over_batch_size",
        loss_fn: Any = None,
        inverse_link_fn: Callable[[Any], Any] | None = None,
        name: str | None = None,
    ) -> None:
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._dimension, self._inverse_link_fn = label_dimension, inverse_link_fn

    @property
    def logits_dimension(self) -> int:
        return self._dimension

    def _numbers(self, labels: Any, logits: tf.Tensor) -> tf.Tensor:
        return tf.cast(checks.labels_like(labels, logits, self._dimension), tf.float32)

    def _example_loss(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        return v1.losses.mean_squared_error(labels, logits, reduction=v1.losses.Reduction.NONE)

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[str, Any]:
        logits = checks.checked_logits(logits, self._dimension)
        if self._inverse_link_fn is None:
            return classes.chosen({"predictions": logits}, keys)
        with tf.name_scope("predictions"):
            return classes.chosen({"predictions": self._inverse_link_fn(logits), "logits": logits}, keys)

    def _own_metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, tuple[Any, Any]]:
        return {
            "prediction/mean": metrics.mean(predictions["predictions"], weights, "prediction/mean"),
            "label/mean": metrics.mean(labels, weights, "label/mean"),
        }

    def _export_outputs(self, predictions: Mapping[str, Any]) -> dict[str, Any]:
        value = _tf.model_utils.RegressionOutput(value=predictions["predictions"])
        return {SERVING: value, REGRESS: value, PREDICT: _tf.model_utils.PredictOutput(predictions)}


class PoissonRegressionHead(RegressionHead):
    """Counts: the loss is exp(logit) - label * logit, the prediction exp(logit).

    Args:
      compute_full_loss: whether Stirling's approximation of log(label!) is added.
    """

    def __init__(
        self,
        label_dimension: int = 1,
        weight_column: Any = None,
        loss_reduction: str = "sum_over_batch_size",
        compute_full_loss: bool = True,
        name: str | None = None,
    ) -> None:
        def loss_fn(labels: Any, logits: Any) -> Any:
            return tf.nn.log_poisson_loss(labels, logits, compute_full_loss=compute_full_loss)

        super().__init__(label_dimension, weight_column, loss_reduction, loss_fn, tf.exp, name)


class LogisticRegressionHead(RegressionHead):
    """A number between 0 and 1: the loss is sigmoid cross entropy, the prediction sigmoid(logit)."""

    def __init__(
        self, weight_column: Any = None, loss_reduction: str = "sum_over_batch_size", name: str | None = None
    ) -> None:
        def loss_fn(labels: Any, logits: Any) -> Any:
            labels = checks.in_range(labels, 2, "Labels must be in range [0, 1]")
            return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

        super().__init__(1, weight_column, loss_reduction, loss_fn, tf.sigmoid, name)
