"""Networks of dense layers over feature columns: DNNClassifier, DNNRegressor, and DNNEstimator with any head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import layers

from ..estimator import Estimator
from ..heads import Head
from ..spec import ModeKeys
from .common import (
    SUM,
    add_layer_summary,
    checked_features,
    classifier_head,
    optimizer_of,
    partitioner_of,
    regressor_head,
)

__all__ = ["DNNClassifier", "DNNEstimator", "DNNRegressor", "dnn_logit_fn_builder"]

v1 = tf.compat.v1
_LEARNING_RATE = 0.05


def dnn_logit_fn_builder(
    units: int,
    hidden_units: Sequence[int],
    feature_columns: Any,
    activation_fn: Callable[[Any], Any] | None,
    dropout: float | None,
    input_layer_partitioner: Any,
    batch_norm: bool,
) -> Callable[..., Any]:
    """`logit_fn(features, mode)` of a network of dense layers, which gives [batch, `units`].

    The variables are `input_from_feature_columns/input_layer/...`, `hiddenlayer_<n>/kernel` and `bias`, and
    `logits/kernel` and `bias`, below the current scope. After each hidden layer come dropout, when training, and
    batch normalization.
    """
    if not isinstance(units, int):
        raise ValueError(f"units must be an int.  Given type: {type(units)}")

    def logit_fn(features: Any, mode: str) -> Any:
        training = mode == ModeKeys.TRAIN
        scope = v1.get_variable_scope().name
        prefix = f"{scope}/" if scope else ""
        with v1.variable_scope("input_from_feature_columns", partitioner=input_layer_partitioner):
            net = v1.feature_column.input_layer(features, list(feature_columns))
        glorot = v1.glorot_uniform_initializer
        for number, size in enumerate(hidden_units):
            name = f"hiddenlayer_{number}"
            net = layers.dense(net, size, activation=activation_fn, kernel_initializer=glorot(), name=name)
            if dropout is not None and training:
                net = layers.dropout(net, rate=dropout, training=True)
            if batch_norm:
                with v1.variable_scope(name):
                    net = layers.batch_normalization(net, momentum=0.999, training=training, name=f"batchnorm_{number}")
            add_layer_summary(net, prefix + name)
        logits = layers.dense(net, units, kernel_initializer=glorot(), name="logits")
        add_layer_summary(logits, f"{prefix}logits")
        return logits

    return logit_fn


def _model_fn(
    head: Head,
    hidden_units: Sequence[int],
    feature_columns: Any,
    optimizer: Any,
    activation_fn: Any,
    dropout: float | None,
    input_layer_partitioner: Any,
    batch_norm: bool,
) -> Callable[..., Any]:
    columns = tuple(feature_columns or ())

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        checked_features(features)
        rule = optimizer_of(optimizer, _LEARNING_RATE)
        inputs = input_layer_partitioner or partitioner_of(config, 64 << 20)
        with v1.variable_scope("dnn", partitioner=partitioner_of(config)):
            logit_fn = dnn_logit_fn_builder(
                head.logits_dimension, hidden_units, columns, activation_fn, dropout, inputs, batch_norm
            )
            logits = logit_fn(features, mode)
            return head.create_estimator_spec(features, mode, logits, labels, optimizer=rule)

    return model_fn


class DNNClassifier(Estimator):
    """A network of dense layers that classifies.

    Args:
      hidden_units: the sizes of the hidden layers.
      feature_columns: of `tf.feature_column`, dense ones.
      n_classes: two unless given; of two there is one logit.
      weight_column: the key in the features, or `numeric_column`, of the examples' weights.
      label_vocabulary: the classes' names, if labels are strings.
      optimizer: a `tf.train.Optimizer`, a function that gives one, or "Adagrad", "Adam", "Ftrl", "RMSProp" or "SGD",
        of learning rate 0.05.
      activation_fn: of the hidden layers.
      dropout: which part of a hidden layer's outputs is dropped.
      input_layer_partitioner: of the feature columns' variables.
      loss_reduction: of `tf.losses.Reduction`: the sum over the batch unless given.
      batch_norm: whether hidden layers are batch normalized.
      model_dir, config, warm_start_from: as of `Estimator`.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = tf.nn.relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = SUM,
        batch_norm: bool = False,
    ) -> None:
        head = classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        settings = (optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm)
        model_fn = _model_fn(head, hidden_units, feature_columns, *settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNRegressor(Estimator):
    """A network of dense layers that gives `label_dimension` numbers; the rest as of `DNNClassifier`."""

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = tf.nn.relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = SUM,
        batch_norm: bool = False,
    ) -> None:
        head = regressor_head(label_dimension, weight_column, loss_reduction)
        settings = (optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm)
        model_fn = _model_fn(head, hidden_units, feature_columns, *settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNEstimator(Estimator):
    """A network of dense layers with the head given; the rest as of `DNNClassifier`."""

    def __init__(
        self,
        head: Head,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = tf.nn.relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        batch_norm: bool = False,
    ) -> None:
        settings = (optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm)
        model_fn = _model_fn(head, hidden_units, feature_columns, *settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
