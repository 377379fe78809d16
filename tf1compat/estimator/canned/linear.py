"""Linear models over feature columns: LinearClassifier, LinearRegressor, and LinearEstimator with any head."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from ..estimator import Estimator
from ..heads import Head
from .common import SUM, checked_features, classifier_head, optimizer_of, partitioner_of, regressor_head

__all__ = ["LinearClassifier", "LinearEstimator", "LinearRegressor", "linear_logit_fn_builder"]

v1 = tf.compat.v1
_LEARNING_RATE = 0.2


def linear_logit_fn_builder(units: int, feature_columns: Any, sparse_combiner: str = "sum") -> Callable[..., Any]:
    """`logit_fn(features)` of a linear model, which gives [batch, `units`].

    The variables are `linear_model/<column>/weights` and `linear_model/bias_weights`, below the current scope.
    """

    def logit_fn(features: Any) -> Any:
        variables: dict[Any, Any] = {}
        logits = v1.feature_column.linear_model(
            features, list(feature_columns), units, sparse_combiner, cols_to_vars=variables
        )
        bias = tf.concat([tf.reshape(part, [-1]) for part in tf.nest.flatten(variables.pop("bias"))], 0)
        if units > 1:
            v1.summary.histogram("bias", bias)
        else:
            v1.summary.scalar("bias", bias[0])
        v1.summary.scalar("fraction_of_zero_weights", _fraction_of_zero(tf.nest.flatten(list(variables.values()))))
        return logits

    return logit_fn


def _fraction_of_zero(variables: Sequence[Any]) -> Any:
    with tf.name_scope("zero_fraction"):
        sizes = [tf.cast(tf.size(variable), tf.float32) for variable in variables]
        zeros = [tf.nn.zero_fraction(v) * size for v, size in zip(variables, sizes, strict=True)]
        return tf.add_n(zeros) / tf.add_n(sizes)


def _model_fn(
    head: Head, feature_columns: Any, optimizer: Any, partitioner: Any, sparse_combiner: str
) -> Callable[..., Any]:
    columns = tuple(feature_columns or ())

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        checked_features(features)
        with v1.variable_scope("linear", partitioner=partitioner or partitioner_of(config, 64 << 20)):
            logits = linear_logit_fn_builder(head.logits_dimension, columns, sparse_combiner)(features)
            rate = _LEARNING_RATE if optimizer else min(_LEARNING_RATE, 1.0 / math.sqrt(len(columns)))
            rule = optimizer_of(optimizer or "Ftrl", rate)
            return head.create_estimator_spec(features, mode, logits, labels, optimizer=rule)

    return model_fn


class LinearClassifier(Estimator):
    """A linear model that classifies.

    Args:
      feature_columns: of `tf.feature_column`, dense or categorical.
      n_classes: two unless given; of two there is one logit.
      weight_column: the key in the features, or `numeric_column`, of the examples' weights.
      label_vocabulary: the classes' names, if labels are strings.
      optimizer: a `tf.train.Optimizer`, a function that gives one, or "Adagrad", "Adam", "Ftrl", "RMSProp" or "SGD",
        of learning rate 0.2; None is Ftrl of the smaller of 0.2 and 1/sqrt(number of columns).
      partitioner: of the variables.
      loss_reduction: of `tf.losses.Reduction`: the sum over the batch unless given.
      sparse_combiner: how several values of a categorical column go together: "sum", "mean" or "sqrtn".
      model_dir, config, warm_start_from: as of `Estimator`.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = _model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearRegressor(Estimator):
    """A linear model that gives `label_dimension` numbers; the rest as of `LinearClassifier`."""

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = regressor_head(label_dimension, weight_column, loss_reduction)
        model_fn = _model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearEstimator(Estimator):
    """A linear model with the head given; the rest as of `LinearClassifier`."""

    def __init__(
        self,
        head: Head,
        feature_columns: Any,
        model_dir: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        sparse_combiner: str = "sum",
    ) -> None:
        super().__init__(_model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner), model_dir, config)
