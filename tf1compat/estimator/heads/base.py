"""Head: the interface; and what all heads of this package have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

import tensorflow as tf

from tf1compat import train

from ..spec import EstimatorSpec, ModeKeys
from . import checks

__all__ = ["BuiltHead", "Head", "LossParts", "SERVING", "train_op_of"]

v1 = tf.compat.v1
#: The signatures' names.
SERVING, CLASSIFY, REGRESS, PREDICT = "serving_default", "classification", "regression", "predict"
#: How heads reduce a loss: TF1's names, and the newer ones, which `tf.estimator`'s heads default to.
_NEWER = {
    "auto": v1.losses.Reduction.SUM_OVER_BATCH_SIZE,
    "sum": v1.losses.Reduction.SUM,
    "sum_over_batch_size": v1.losses.Reduction.SUM_OVER_BATCH_SIZE,
}


class LossParts(NamedTuple):
    """`training_loss`, a scalar; the loss of each example before weights; the weights; the labels as numbers."""

    training_loss: Any
    unreduced_loss: Any
    weights: Any
    processed_labels: Any


class Head:
    """What makes an `EstimatorSpec` of logits. A subclass writes what it needs of these."""

    def _missing(self, what: str) -> NoReturn:
        raise NotImplementedError(f"{type(self).__name__}.{what}: write it in the subclass of tf.estimator.Head.")

    @property
    def name(self) -> str | None:
        """Part of the names of metrics and summaries, where there is one."""
        self._missing("name")

    @property
    def logits_dimension(self) -> int:
        """The last dimension of the logits."""
        self._missing("logits_dimension")

    @property
    def loss_reduction(self) -> str:
        """How the examples' losses become one."""
        self._missing("loss_reduction")

    def loss(
        self, labels: Any, logits: Any, features: Any = None, mode: Any = None, regularization_losses: Any = None
    ) -> Any:
        """The training loss, a scalar, with the regularization losses."""
        self._missing("loss")

    def predictions(self, logits: Any, keys: Sequence[str] | None = None) -> dict[Any, Any]:
        """{key: tensor}; of the keys given only."""
        self._missing("predictions")

    def metrics(self, regularization_losses: Any = None) -> Any:
        """TF1's Keras metrics, which Keras 3 has not: a head's metrics come with `create_estimator_spec`."""
        raise NotImplementedError(
            f"{type(self).__name__}.metrics: TF1's Keras metrics of a graph are not available. Take eval_metric_ops of "
            "create_estimator_spec(mode=tf.estimator.ModeKeys.EVAL, ...), or tf.metrics."
        )

    def update_metrics(self, eval_metrics: Any, features: Any, logits: Any, labels: Any, **kwargs: Any) -> Any:
        """See `metrics`."""
        self.metrics()

    def create_estimator_spec(
        self,
        features: Any,
        mode: str,
        logits: Any,
        labels: Any = None,
        optimizer: Any = None,
        trainable_variables: Any = None,
        train_op_fn: Callable[[Any], Any] | None = None,
        update_ops: Any = None,
        regularization_losses: Any = None,
    ) -> EstimatorSpec:
        """What a `model_fn` gives.

        Args:
          features: a dictionary of tensors.
          mode: of `ModeKeys`.
          logits: [D0, ... DN, logits_dimension].
          labels: a tensor, or what the head takes.
          optimizer: a `tf.train.Optimizer`, to train.
          trainable_variables: what it trains; all trainable variables where None.
          train_op_fn: instead of `optimizer`: from the loss to the training op.
          update_ops: what runs with each step of training, besides the graph's UPDATE_OPS.
          regularization_losses: scalars that are added to the loss.
        """
        self._missing("create_estimator_spec")


class BuiltHead(Head):
    """A head by four things: labels as numbers, the loss of an example, predictions, metrics.

    Args:
      weight_column: the key in the features, or `numeric_column`, of the examples' weights.
      loss_reduction: of `tf.losses.Reduction` (TF1's heads), or "sum_over_batch_size" or "sum" (`tf.estimator`'s).
      loss_fn: `loss_fn(labels, logits[, features])`, each example's loss instead of the head's own.
      name: part of the names of metrics and summaries, and the scope of ops.
    """

    #: Whether weights may be given for each logit, and how wide a loss by `loss_fn` is: 1, or all logits.
    _per_logit = False

    def __init__(self, weight_column: Any, loss_reduction: str, loss_fn: Any, name: str | None) -> None:
        valid = [r for r in v1.losses.Reduction.all() if r != v1.losses.Reduction.NONE]
        if loss_reduction not in (*valid, *_NEWER):
            raise ValueError(f"Invalid loss_reduction: {loss_reduction}. See `tf.losses.Reduction` for valid options.")
        # TF1 had two generations of heads; which one this is shows in the reduction.
        self._newer = loss_reduction in _NEWER
        self._weight_column, self._loss_reduction, self._name = weight_column, loss_reduction, name
        self._loss_fn = checks.checked_loss_fn(loss_fn)

    @property
    def name(self) -> str | None:
        return self._name

    @property
    def loss_reduction(self) -> str:
        return self._loss_reduction

    def _key(self, key: str) -> str:
        return f"{key}/{self.name}" if self.name else key

    # --- what a kind of head writes --------------------------------------------------------------

    def _numbers(self, labels: Any, logits: tf.Tensor) -> tf.Tensor:
        self._missing("_numbers")

    def _example_loss(self, labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        self._missing("_example_loss")

    def _own_metrics(self, labels: Any, predictions: Mapping[Any, Any], weights: Any) -> dict[str, tuple[Any, Any]]:
        self._missing("_own_metrics")

    def _export_outputs(self, predictions: Mapping[Any, Any]) -> dict[str, Any]:
        self._missing("_export_outputs")

    # --- what all have ---------------------------------------------------------------------------

    def create_loss(self, features: Any, mode: str, logits: Any, labels: Any) -> LossParts:
        """The parts of the loss, without regularization."""
        logits = checks.checked_logits(logits, self.logits_dimension)
        numbers = self._numbers(labels, logits)
        if self._loss_fn is None:
            unreduced = self._example_loss(numbers, logits)
        else:
            width = self.logits_dimension if self._per_logit else 1
            unreduced = checks.loss_by(self._loss_fn, numbers, logits, features, width)
        weights = checks.weights_like(features, self._weight_column, logits, self._per_logit)
        loss = v1.losses.compute_weighted_loss(
            unreduced,
            1.0 if weights is None else weights,
            loss_collection=None if self._newer else v1.GraphKeys.LOSSES,
            reduction=_NEWER.get(self._loss_reduction, self._loss_reduction),
        )
        return LossParts(loss, unreduced, weights, numbers)

    def loss(
        self, labels: Any, logits: Any, features: Any = None, mode: Any = None, regularization_losses: Any = None
    ) -> Any:
        with tf.name_scope("losses"):
            loss = self.create_loss(features, mode, logits, labels).training_loss
            return tf.add_n([loss, *regularization_losses]) if regularization_losses else loss

    def create_estimator_spec(
        self,
        features: Any,
        mode: str,
        logits: Any,
        labels: Any = None,
        optimizer: Any = None,
        trainable_variables: Any = None,
        train_op_fn: Callable[[Any], Any] | None = None,
        update_ops: Any = None,
        regularization_losses: Any = None,
    ) -> EstimatorSpec:
        with tf.name_scope(self.name or "head"):
            logits = checks.checked_logits(logits, self.logits_dimension)
            predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions, export_outputs=self._export_outputs(predictions))
            parts = self.create_loss(features, mode, logits, labels)
            loss, extra = parts.training_loss, None
            if regularization_losses:
                extra = tf.add_n(regularization_losses)
                loss = tf.add_n([loss, extra])
            if mode == ModeKeys.EVAL:
                metrics = {"average_loss": v1.metrics.mean(parts.unreduced_loss, parts.weights, name="average_loss")}
                metrics |= self._own_metrics(parts.processed_labels, predictions, parts.weights)
                if extra is not None:
                    metrics["regularization_loss"] = v1.metrics.mean(extra, name="regularization_loss")
                named = {self._key(key): metric for key, metric in metrics.items()}
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=named)
            train_op = train_op_of(loss, optimizer, trainable_variables, train_op_fn, update_ops)
            mean = None
            if self._loss_reduction == v1.losses.Reduction.SUM:
                weight = tf.ones_like(parts.unreduced_loss) * (1.0 if parts.weights is None else parts.weights)
                mean = parts.training_loss / tf.reduce_sum(weight)
        with v1.name_scope(""):
            for key, value in (("loss", loss), ("average_loss", mean), ("regularization_loss", extra)):
                if value is not None:
                    v1.summary.scalar(self._key(key), value)
        return EstimatorSpec(mode, predictions, loss, train_op)


def train_op_of(
    loss: Any, optimizer: Any, variables: Any, train_op_fn: Callable[[Any], Any] | None, update_ops: Any
) -> Any:
    """The op of a step of training: by the optimizer or the function, and with the update ops of the graph."""
    if (optimizer is None) == (train_op_fn is None):
        raise ValueError(f"train_op_fn and optimizer cannot both be {'None' if optimizer is None else 'set'}.")
    if train_op_fn is not None:
        train_op = train_op_fn(loss)
    elif not isinstance(optimizer, (train.Optimizer, v1.train.Optimizer)):
        raise ValueError(
            f"The given optimizer is not a tf.train.Optimizer instance, which it has to be here: {optimizer!r}. For "
            "any other, write train_op_fn."
        )
    else:
        train_op = optimizer.minimize(loss, global_step=v1.train.get_global_step(), var_list=variables)
    updates = [*v1.get_collection(v1.GraphKeys.UPDATE_OPS), *(update_ops or ())]
    return tf.group(train_op, *updates) if updates else train_op
