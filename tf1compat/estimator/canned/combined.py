"""A linear model and a network, trained together: the logits are added, each part has its own optimizer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import train

from ..estimator import Estimator
from ..heads import Head
from .common import (
    SUM,
    add_layer_summary,
    checked_features,
    classifier_head,
    optimizer_of,
    partitioner_of,
    regressor_head,
)
from .dnn import dnn_logit_fn_builder
from .linear import linear_logit_fn_builder

__all__ = ["DNNLinearCombinedClassifier", "DNNLinearCombinedEstimator", "DNNLinearCombinedRegressor"]

v1 = tf.compat.v1
_DNN_LEARNING_RATE, _LINEAR_LEARNING_RATE = 0.001, 0.005


def _optimizer(given: Any, learning_rate: float) -> Any:
    found = optimizer_of(given, learning_rate)
    if isinstance(found, train.SyncReplicasOptimizer):
        raise ValueError(
            "SyncReplicasOptimizer does not support multi optimizers case. Therefore, it is not supported in "
            "DNNLinearCombined model. If you want to use this optimizer, please use either DNN or Linear model."
        )
    return found


def _model_fn(
    head: Head,
    linear_feature_columns: Any,
    linear_optimizer: Any,
    dnn_feature_columns: Any,
    dnn_optimizer: Any,
    dnn_hidden_units: Any,
    dnn_activation_fn: Any,
    dnn_dropout: Any,
    input_layer_partitioner: Any,
    linear_sparse_combiner: Any,
    batch_norm: Any = False,
) -> Callable[..., Any]:
    linear_columns, dnn_columns = tuple(linear_feature_columns or ()), tuple(dnn_feature_columns or ())
    if not (linear_columns or dnn_columns):
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
    if dnn_columns and not dnn_hidden_units:
        raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        checked_features(features)
        inputs = input_layer_partitioner or partitioner_of(config, 64 << 20)
        logits, rules = [], []
        if dnn_columns:
            rules.append(("dnn", _optimizer(dnn_optimizer, _DNN_LEARNING_RATE)))
            with v1.variable_scope("dnn", partitioner=partitioner_of(config)):
                dnn_logit_fn = dnn_logit_fn_builder(
                    head.logits_dimension,
                    dnn_hidden_units,
                    dnn_columns,
                    dnn_activation_fn,
                    dnn_dropout,
                    inputs,
                    batch_norm,
                )
                logits.append(dnn_logit_fn(features, mode))
        if linear_columns:
            rate = min(_LINEAR_LEARNING_RATE, 1.0 / math.sqrt(len(linear_columns)))
            rules.append(("linear", _optimizer(linear_optimizer, rate)))
            with v1.variable_scope("linear", partitioner=inputs):
                logit_fn = linear_logit_fn_builder(head.logits_dimension, linear_columns, linear_sparse_combiner)
                logits.append(logit_fn(features))
                add_layer_summary(logits[-1], "linear")

        def train_op_fn(loss: Any) -> Any:
            ops = []
            for scope, rule in rules:
                variables = v1.get_collection(v1.GraphKeys.TRAINABLE_VARIABLES, scope)
                ops.append(rule.minimize(loss, var_list=variables))
            with tf.control_dependencies(ops):
                return v1.assign_add(v1.train.get_global_step(), 1).op

        both = logits[0] if len(logits) == 1 else logits[0] + logits[1]
        return head.create_estimator_spec(features, mode, both, labels, train_op_fn=train_op_fn)

    return model_fn


class DNNLinearCombinedClassifier(Estimator):
    """A linear model and a network of dense layers that classify together.

    Args:
      linear_feature_columns, linear_optimizer, linear_sparse_combiner: of the linear part, as of `LinearClassifier`;
        the optimizer by name has the smaller of 0.005 and 1/sqrt(number of columns) as its learning rate.
      dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm: of the
        network, as of `DNNClassifier`; the optimizer by name has learning rate 0.001.
      n_classes, weight_column, label_vocabulary, input_layer_partitioner, loss_reduction: as of `DNNClassifier`.
      model_dir, config, warm_start_from: as of `Estimator`.

    Raises:
      ValueError: for no feature columns, or a network without hidden units.
    """

    def __init__(
        self,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Any = tf.nn.relu,
        dnn_dropout: float | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Sequence[str] | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        head = classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        linear = (linear_feature_columns, linear_optimizer)
        dnn = (dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout)
        model_fn = _model_fn(head, *linear, *dnn, input_layer_partitioner, linear_sparse_combiner, batch_norm)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedRegressor(Estimator):
    """A linear model and a network that give `label_dimension` numbers together; the rest as of
    `DNNLinearCombinedClassifier`."""

    def __init__(
        self,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Any = tf.nn.relu,
        dnn_dropout: float | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        head = regressor_head(label_dimension, weight_column, loss_reduction)
        linear = (linear_feature_columns, linear_optimizer)
        dnn = (dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout)
        model_fn = _model_fn(head, *linear, *dnn, input_layer_partitioner, linear_sparse_combiner, batch_norm)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedEstimator(Estimator):
    """A linear model and a network with the head given; the rest as of `DNNLinearCombinedClassifier`."""

    def __init__(
        self,
        head: Head,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Any = tf.nn.relu,
        dnn_dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        linear = (linear_feature_columns, linear_optimizer)
        dnn = (dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout)
        model_fn = _model_fn(head, *linear, *dnn, input_layer_partitioner, linear_sparse_combiner)
        super().__init__(model_fn, model_dir, config)
