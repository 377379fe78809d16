"""What the ready-made models share: heads by the number of classes, optimizers by name, partitioners, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from tf1compat import train

from ..heads import BinaryClassHead, Head, MultiClassHead, RegressionHead

__all__ = ["SUM", "add_layer_summary", "checked_features", "classifier_head", "optimizer_of", "partitioner_of"]

v1 = tf.compat.v1
#: The reduction that the ready-made models default to: the sum of the batch's losses.
SUM = v1.losses.Reduction.SUM
_OPTIMIZERS = {
    "Adagrad": train.AdagradOptimizer,
    "Adam": train.AdamOptimizer,
    "Ftrl": train.FtrlOptimizer,
    "RMSProp": train.RMSPropOptimizer,
    "SGD": train.GradientDescentOptimizer,
}


def optimizer_of(given: Any, learning_rate: float) -> Any:
    """A `tf.train.Optimizer`: itself, what a function gives, or by its name with this learning rate.

    Raises:
      ValueError: for an unknown name, or what is no optimizer.
    """
    if isinstance(given, str):
        if given not in _OPTIMIZERS:
            raise ValueError(f"Unsupported optimizer name: {given}. Supported names are: {tuple(sorted(_OPTIMIZERS))}")
        return _OPTIMIZERS[given](learning_rate)
    found = given() if callable(given) else given
    if not isinstance(found, (train.Optimizer, v1.train.Optimizer)):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {found}")
    return found


def classifier_head(n_classes: int, weight_column: Any, label_vocabulary: Any, loss_reduction: str) -> Head:
    """The head of a classifier: of one logit for two classes, of a logit each for more."""
    if n_classes == 2:
        return BinaryClassHead(weight_column, label_vocabulary=label_vocabulary, loss_reduction=loss_reduction)
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)


def regressor_head(label_dimension: int, weight_column: Any, loss_reduction: str) -> Head:
    """The head of a regressor."""
    return RegressionHead(label_dimension, weight_column, loss_reduction)


def checked_features(features: Any) -> Mapping[str, Any]:
    """The features; ValueError where they are no dictionary."""
    if not isinstance(features, Mapping):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: {type(features)}")
    return features


def partitioner_of(config: Any, min_slice_size: int = 256 << 10) -> Any:
    """How TF1 cut variables over parameter servers. Of none there is one part, whose name says so."""
    count = config.num_ps_replicas if config else 0
    return v1.min_max_variable_partitioner(max_partitions=count, min_slice_size=min_slice_size)


def add_layer_summary(value: Any, tag: str) -> None:
    """Summaries of a layer's activations."""
    v1.summary.scalar(f"{tag}/fraction_of_zero_values", tf.nn.zero_fraction(value))
    v1.summary.histogram(f"{tag}/activation", value)
