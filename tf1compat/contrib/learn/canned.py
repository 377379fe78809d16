"""The ready-made models of `tf.contrib.learn`, over the columns of `tf.feature_column`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.layers.feature_columns import input_from_feature_columns, weighted_sum_from_feature_columns
from tf1compat.estimator.canned.common import optimizer_of, partitioner_of
from tf1compat.train import FtrlOptimizer, clip_by_global_norm

from .estimator import Estimator
from .heads import Binary, Classes, Numbers, OldHead
from .model_fn import ModeKeys

__all__ = ["DNNClassifier", "DNNRegressor", "LinearClassifier", "LinearRegressor"]

v1 = tf.compat.v1
_DNN_LEARNING_RATE, _LINEAR_LEARNING_RATE = 0.05, 0.2
_ACTIVATIONS = {"relu": tf.nn.relu, "tanh": tf.nn.tanh, "sigmoid": tf.nn.sigmoid}


def _named(features: Any) -> Mapping[str, Any]:
    return features if isinstance(features, Mapping) else {"": features}


def _classes_head(n_classes: int, weight_column_name: str | None, label_keys: Any) -> OldHead:
    if n_classes == 2:
        if label_keys:
            raise ValueError("label_keys is not supported for n_classes=2.")
        return Binary(weight_column_name)
    return Classes(n_classes, weight_column_name, label_keys)


def _refuse(kind: str, **given: Any) -> None:
    for name, value in given.items():
        if value:
            raise NotImplementedError(
                f"tf.contrib.learn.{kind}({name}=...) is not available. tf.estimator.{kind} or a model_fn of your own "
                "can do it."
            )


def _dnn(
    head: OldHead,
    hidden_units: Sequence[int],
    feature_columns: Any,
    optimizer: Any,
    activation_fn: Any,
    dropout: float | None,
    gradient_clip_norm: float | None,
) -> Callable[..., Any]:
    """Dense layers: variables dnn/hiddenlayer_<n>/weights and biases, dnn/logits/weights and biases."""
    activation = _ACTIVATIONS[activation_fn] if isinstance(activation_fn, str) else activation_fn

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        features = _named(features)
        with v1.variable_scope("dnn", partitioner=partitioner_of(config)):
            with v1.variable_scope("input_from_feature_columns", partitioner=partitioner_of(config, 64 << 20)) as scope:
                net = input_from_feature_columns(features, feature_columns, scope=scope)
            for number, size in enumerate(hidden_units):
                net = layers.fully_connected(net, size, activation_fn=activation, scope=f"hiddenlayer_{number}")
                if dropout is not None and mode == ModeKeys.TRAIN:
                    net = layers.dropout(net, keep_prob=1.0 - dropout)
            logits = layers.fully_connected(net, head.logits_dimension, activation_fn=None, scope="logits")

            def train_op_fn(loss: Any) -> Any:
                rule = optimizer() if callable(optimizer) else optimizer
                return layers.optimize_loss(
                    loss,
                    v1.train.get_global_step(),
                    _DNN_LEARNING_RATE,
                    rule or "Adagrad",
                    clip_gradients=gradient_clip_norm,
                    name="dnn",
                    summaries=[],
                )

            return head.ops(features, labels, mode, logits, train_op_fn)

    return model_fn


def _linear(
    head: OldHead, feature_columns: Sequence[Any], optimizer: Any, gradient_clip_norm: float | None
) -> Callable[..., Any]:
    """A weight for each value of each column, and a bias."""

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        features = _named(features)
        with v1.variable_scope("linear", partitioner=partitioner_of(config, 64 << 20)) as scope:
            count = head.logits_dimension
            logits, _, _ = weighted_sum_from_feature_columns(features, feature_columns, count, scope=scope)

            def train_op_fn(loss: Any) -> Any:
                rate = min(_LINEAR_LEARNING_RATE, 1.0 / math.sqrt(len(feature_columns)))
                rule = optimizer_of(optimizer, rate) if optimizer else FtrlOptimizer(rate)
                variables = v1.get_collection(v1.GraphKeys.TRAINABLE_VARIABLES, "linear")
                gradients = v1.gradients(loss, variables)
                if gradient_clip_norm:
                    gradients, _ = clip_by_global_norm(gradients, gradient_clip_norm)
                pairs = list(zip(gradients, variables, strict=True))
                return rule.apply_gradients(pairs, global_step=v1.train.get_global_step())

            return head.ops(features, labels, mode, logits, train_op_fn)

    return model_fn


class _Classifier(Estimator):
    """What gives classes unless asked for more."""

    def predict(
        self,
        x: Any = None,
        input_fn: Callable[[], Any] | None = None,
        batch_size: int | None = None,
        outputs: Sequence[str] | None = None,
        as_iterable: bool = True,
        iterate_batches: bool = False,
    ) -> Any:
        """The classes, or a dictionary of `outputs`: "classes", "probabilities", "logits", and "logistic" of two."""
        if not outputs:
            return self.predict_classes(x, input_fn, batch_size, as_iterable)
        return super().predict(x, input_fn, batch_size, outputs, as_iterable, iterate_batches)

    def predict_classes(
        self, x: Any = None, input_fn: Any = None, batch_size: int | None = None, as_iterable: bool = True
    ) -> Any:
        """The classes: an iterator over the examples, or an array."""
        found = super().predict(x, input_fn, batch_size, ["classes"], as_iterable)
        return (each["classes"] for each in found) if as_iterable else found["classes"].reshape(-1)

    def predict_proba(
        self, x: Any = None, input_fn: Any = None, batch_size: int | None = None, as_iterable: bool = True
    ) -> Any:
        """The classes' probabilities: an iterator over the examples, or an array."""
        found = super().predict(x, input_fn, batch_size, ["probabilities"], as_iterable)
        return (each["probabilities"] for each in found) if as_iterable else found["probabilities"]


class _Regressor(Estimator):
    """What gives scores unless asked for more."""

    def predict(
        self,
        x: Any = None,
        input_fn: Callable[[], Any] | None = None,
        batch_size: int | None = None,
        outputs: Sequence[str] | None = None,
        as_iterable: bool = True,
        iterate_batches: bool = False,
    ) -> Any:
        """The scores, or a dictionary of `outputs`."""
        if not outputs:
            return self.predict_scores(x, input_fn, batch_size, as_iterable)
        return super().predict(x, input_fn, batch_size, outputs, as_iterable, iterate_batches)

    def predict_scores(
        self, x: Any = None, input_fn: Any = None, batch_size: int | None = None, as_iterable: bool = True
    ) -> Any:
        """The scores: an iterator over the examples, or an array."""
        found = super().predict(x, input_fn, batch_size, ["scores"], as_iterable)
        return (each["scores"] for each in found) if as_iterable else found["scores"]


class DNNClassifier(_Classifier):
    """A network of dense layers that classifies; its loss is the mean over the batch.

    Args:
      hidden_units: the sizes of the hidden layers.
      feature_columns: of `tf.feature_column`, `tf.contrib.layers`, or `infer_real_valued_columns_from_input`.
      optimizer: a `tf.train.Optimizer`, a function that gives one, or a name; Adagrad(0.05) unless given.
      weight_column_name: the key in the features of the examples' weights.
      gradient_clip_norm: the norm that gradients together are cut to.
      label_keys: the classes' names.
      others: as of `Estimator`.

    Raises:
      NotImplementedError: for `enable_centered_bias` and `embedding_lr_multipliers`.
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        activation_fn: Any = tf.nn.relu,
        dropout: float | None = None,
        gradient_clip_norm: float | None = None,
        enable_centered_bias: bool = False,
        config: Any = None,
        feature_engineering_fn: Any = None,
        embedding_lr_multipliers: Any = None,
        input_layer_min_slice_size: int | None = None,
        label_keys: Any = None,
    ) -> None:
        _refuse(
            "DNNClassifier",
            enable_centered_bias=enable_centered_bias,
            embedding_lr_multipliers=embedding_lr_multipliers,
        )
        head = _classes_head(n_classes, weight_column_name, label_keys)
        model_fn = _dnn(head, hidden_units, feature_columns, optimizer, activation_fn, dropout, gradient_clip_norm)
        super().__init__(model_fn, model_dir, config, feature_engineering_fn=feature_engineering_fn)


class DNNRegressor(_Regressor):
    """A network of dense layers that gives `label_dimension` numbers; the rest as of `DNNClassifier`."""

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: Any = None,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        activation_fn: Any = tf.nn.relu,
        dropout: float | None = None,
        gradient_clip_norm: float | None = None,
        enable_centered_bias: bool = False,
        config: Any = None,
        feature_engineering_fn: Any = None,
        label_dimension: int = 1,
        embedding_lr_multipliers: Any = None,
        input_layer_min_slice_size: int | None = None,
    ) -> None:
        _refuse("DNNRegressor", enable_centered_bias=enable_centered_bias)
        _refuse("DNNRegressor", embedding_lr_multipliers=embedding_lr_multipliers)
        head = Numbers(label_dimension, weight_column_name)
        model_fn = _dnn(head, hidden_units, feature_columns, optimizer, activation_fn, dropout, gradient_clip_norm)
        super().__init__(model_fn, model_dir, config, feature_engineering_fn=feature_engineering_fn)


class LinearClassifier(_Classifier):
    """A linear model that classifies; its loss is the mean over the batch; arguments as of `DNNClassifier`, but Ftrl
    of the smaller of 0.2 and 1/sqrt(number of columns) is the optimizer unless given."""

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        gradient_clip_norm: float | None = None,
        enable_centered_bias: bool = False,
        _joint_weight: bool = False,
        config: Any = None,
        feature_engineering_fn: Any = None,
        label_keys: Any = None,
    ) -> None:
        _refuse("LinearClassifier", enable_centered_bias=enable_centered_bias, _joint_weight=_joint_weight)
        head = _classes_head(n_classes, weight_column_name, label_keys)
        model_fn = _linear(head, tuple(feature_columns), optimizer, gradient_clip_norm)
        super().__init__(model_fn, model_dir, config, feature_engineering_fn=feature_engineering_fn)


class LinearRegressor(_Regressor):
    """A linear model that gives `label_dimension` numbers; the rest as of `LinearClassifier`."""

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        weight_column_name: str | None = None,
        optimizer: Any = None,
        gradient_clip_norm: float | None = None,
        enable_centered_bias: bool = False,
        label_dimension: int = 1,
        _joint_weights: bool = False,
        config: Any = None,
        feature_engineering_fn: Any = None,
    ) -> None:
        _refuse("LinearRegressor", enable_centered_bias=enable_centered_bias, _joint_weights=_joint_weights)
        model_fn = _linear(
            Numbers(label_dimension, weight_column_name), tuple(feature_columns), optimizer, gradient_clip_norm
        )
        super().__init__(model_fn, model_dir, config, feature_engineering_fn=feature_engineering_fn)
