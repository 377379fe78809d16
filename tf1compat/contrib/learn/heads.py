"""The heads of `tf.contrib.learn`'s ready-made models: the mean of the losses, and metrics under old names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from tf1compat.estimator.heads import classes, metrics

from .model_fn import ModeKeys, ModelFnOps

__all__ = ["Binary", "Classes", "Numbers", "OldHead"]

v1 = tf.compat.v1


class OldHead:
    """From logits to `ModelFnOps`: a kind of head writes its numbers of labels, loss, predictions and metrics."""

    logits_dimension = 1
    scope = "head"

    def __init__(self, weight_column_name: str | None) -> None:
        self._weight_column_name = weight_column_name

    def numbers(self, labels: Any) -> Any:
        """The labels as numbers."""
        return labels

    def losses(self, labels: Any, logits: Any) -> Any:
        """Each example's loss."""
        raise NotImplementedError(f"{type(self).__name__}.losses")

    def predictions(self, logits: Any) -> dict[str, Any]:
        """{key: tensor}."""
        raise NotImplementedError(f"{type(self).__name__}.predictions")

    def metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, Any]:
        """{name: (value, update)}, besides the loss."""
        return {}

    def ops(self, features: Any, labels: Any, mode: str, logits: Any, train_op_fn: Callable[[Any], Any]) -> ModelFnOps:
        """The ops of a model with these logits. The loss that is trained is the mean of weight times loss; the one
        that is told is divided by the sum of the weights."""
        with v1.variable_scope(None, self.scope):
            predictions = self.predictions(logits)
            if mode == ModeKeys.INFER:
                return ModelFnOps(mode, predictions)
            losses = self.losses(self.numbers(labels), logits)
            weights = self._weights(features)
            trained = told = tf.reduce_mean(losses)
            if weights is not None:
                weights_like = tf.ones_like(losses) * weights
                trained = tf.reduce_mean(losses * weights_like)
                told = tf.reduce_sum(losses * weights_like) / tf.reduce_sum(weights_like)
            if mode == ModeKeys.EVAL:
                return ModelFnOps(mode, predictions, told, eval_metric_ops=self.metrics(labels, predictions, weights))
            with v1.name_scope(""):
                v1.summary.scalar("loss", told)
            return ModelFnOps(mode, predictions, trained, train_op_fn(trained))

    def _weights(self, features: Any) -> Any:
        name = self._weight_column_name
        if name is None:
            return None
        if name not in features:
            raise ValueError(f"Weights {name} missing from features.")
        weights = tf.cast(features[name], tf.float32)
        return tf.reshape(weights, [-1, 1]) if weights.shape.rank == 1 else weights


def _column(labels: Any) -> Any:
    return tf.expand_dims(labels, 1) if labels.shape.rank == 1 else labels


class Numbers(OldHead):
    """Numbers: squared error; the predictions are called "scores"."""

    scope = "regression_head"

    def __init__(self, label_dimension: int, weight_column_name: str | None) -> None:
        super().__init__(weight_column_name)
        self.logits_dimension = label_dimension

    def losses(self, labels: Any, logits: Any) -> Any:
        labels = _column(tf.cast(labels, tf.float32))
        logits.shape.assert_is_compatible_with(labels.shape)
        return tf.math.squared_difference(logits, labels)

    def predictions(self, logits: Any) -> dict[str, Any]:
        return {"scores": tf.squeeze(logits, [1]) if self.logits_dimension == 1 else logits}


class Binary(OldHead):
    """Two classes: sigmoid cross entropy of one logit."""

    scope = "binary_logistic_head"

    def losses(self, labels: Any, logits: Any) -> Any:
        labels = _column(tf.cast(labels, tf.float32))
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def predictions(self, logits: Any) -> dict[str, Any]:
        both = tf.concat((tf.zeros_like(logits), logits), 1)
        return {
            "logits": logits,
            "logistic": tf.sigmoid(logits),
            "probabilities": tf.nn.softmax(both),
            "classes": tf.argmax(both, 1),
        }

    def metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, Any]:
        logistic = predictions["logistic"]
        column = _column(labels)
        label_mean = metrics.mean(column, weights, "actual_label_mean")
        at_half = metrics.at_thresholds(column, logistic, weights, [0.5])
        return {
            "accuracy": v1.metrics.accuracy(column, tf.expand_dims(predictions["classes"], 1), weights),
            "labels/prediction_mean": metrics.mean(logistic, weights, "prediction_mean"),
            "labels/actual_label_mean": label_mean,
            "accuracy/baseline_label_mean": label_mean,
            "auc": metrics.auc(tf.cast(column, tf.bool), logistic, weights, "ROC", False, "auc"),
            "auc_precision_recall": metrics.auc(tf.cast(column, tf.bool), logistic, weights, "PR", False, "auc_pr"),
            "accuracy/threshold_0.500000_mean": at_half["accuracy/positive_threshold_0.5"],
            "precision/positive_threshold_0.500000_mean": at_half["precision/positive_threshold_0.5"],
            "recall/positive_threshold_0.500000_mean": at_half["recall/positive_threshold_0.5"],
        }


class Classes(OldHead):
    """More than two classes: softmax cross entropy. Classes may have names, which labels then are."""

    scope = "multi_class_head"

    def __init__(self, n_classes: int, weight_column_name: str | None, label_keys: Any) -> None:
        if n_classes is None or n_classes <= 2:
            raise ValueError(f"n_classes must be > 2: {n_classes}.")
        if label_keys and len(label_keys) != n_classes:
            raise ValueError("Length of label_keys must equal n_classes.")
        super().__init__(weight_column_name)
        self.logits_dimension, self._label_keys = n_classes, label_keys

    def numbers(self, labels: Any) -> Any:
        return classes.numbers_of(labels, self._label_keys) if self._label_keys else labels

    def losses(self, labels: Any, logits: Any) -> Any:
        if not labels.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer Instead got {labels.dtype}.")
        labels = tf.squeeze(labels, [1]) if labels.shape.rank == 2 else labels
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        return losses if self._weight_column_name is None else tf.expand_dims(losses, 1)

    def predictions(self, logits: Any) -> dict[str, Any]:
        class_ids = tf.argmax(logits, 1)
        names = classes.class_names(class_ids, self._label_keys) if self._label_keys else class_ids
        return {"logits": logits, "probabilities": tf.nn.softmax(logits), "classes": names}

    def metrics(self, labels: Any, predictions: Mapping[str, Any], weights: Any) -> dict[str, Any]:
        found = tf.expand_dims(predictions["classes"], 1)
        return {"accuracy": v1.metrics.accuracy(_column(labels), found, weights)}
