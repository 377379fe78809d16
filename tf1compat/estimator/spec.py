"""What a `model_fn` gives an Estimator: EstimatorSpec; and for what: ModeKeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat import _tensorflow as _tf

__all__ = ["EstimatorSpec", "ModeKeys", "LOSS_METRIC_KEY"]

v1 = tf.compat.v1
#: The metric that every Estimator adds: the mean of the loss over the batches.
LOSS_METRIC_KEY = "loss"


class ModeKeys:
    """What a graph is built for. `PREDICT` is called "infer", as always."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


class _Fields(NamedTuple):
    mode: str
    predictions: Any
    loss: Any
    train_op: Any
    eval_metric_ops: Mapping[str, tuple[Any, Any]]
    export_outputs: Any
    training_chief_hooks: tuple[Any, ...]
    training_hooks: tuple[Any, ...]
    scaffold: Any
    evaluation_hooks: tuple[Any, ...]
    prediction_hooks: tuple[Any, ...]


class EstimatorSpec(_Fields):
    """The ops of a model, for one mode.

    Args:
      mode: of `ModeKeys`.
      predictions: a tensor or a dictionary of them; needed to predict.
      loss: a scalar; needed to train and to evaluate.
      train_op: needed to train.
      eval_metric_ops: {name: (value, update)}, as `tf.metrics` gives them, or Keras metrics that were updated.
      export_outputs: {signature's name: `tf.estimator.export.PredictOutput` or another ExportOutput}; where None, the
        predictions are exported.
      training_chief_hooks, training_hooks, evaluation_hooks, prediction_hooks: more `tf.train.SessionRunHook`s.
      scaffold: a `tf.train.Scaffold`.

    Raises:
      ValueError: naming what the mode needs and is missing, or is of another graph than the default one.
      TypeError: naming what is of another type.
    """

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Mapping[str, Any] | None = None,
        export_outputs: Any = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> EstimatorSpec:
        predictions = _checked_predictions(predictions, mode)
        return super().__new__(
            cls,
            mode=mode,
            predictions=predictions,
            loss=_checked_loss(loss, mode),
            train_op=_checked_train_op(train_op, mode),
            eval_metric_ops=_checked_metrics(eval_metric_ops),
            export_outputs=(
                _tf.model_utils.get_export_outputs(export_outputs, predictions)
                if mode == ModeKeys.PREDICT
                else export_outputs
            ),
            training_chief_hooks=_checked_hooks(training_chief_hooks),
            training_hooks=_checked_hooks(training_hooks),
            scaffold=_checked_scaffold(scaffold),
            evaluation_hooks=_checked_hooks(evaluation_hooks),
            prediction_hooks=_checked_hooks(prediction_hooks),
        )

    def _replace(self, **kwargs: Any) -> EstimatorSpec:
        """Another spec, with other fields, checked again; the mode stays."""
        if kwargs.get("mode", self.mode) != self.mode:
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        return EstimatorSpec(**{**self._asdict(), **kwargs})


def _here(element: Any, what: str) -> Any:
    """`element`, which must be of the default graph."""
    if getattr(element, "graph", None) is not v1.get_default_graph() and not tf.executing_eagerly():
        raise ValueError(
            f'{what} with "{element.name}" must be from the default graph. Possible causes of this error include: '
            f"1) {what} was created outside the context of the default graph. 2) The object passed through to "
            'EstimatorSpec was not created in the most recent call to "model_fn".'
        )
    return element


def _tensor(element: Any, what: str) -> Any:
    if not isinstance(element, (tf.Tensor, tf.Variable)):
        raise TypeError(f"{what} must be Tensor, given: {element}")
    return element


def _checked_train_op(train_op: Any, mode: str) -> Any:
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        return None
    if isinstance(train_op, tf.Variable):
        train_op = train_op.op
    if not isinstance(train_op, (tf.Operation, tf.Tensor)):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op}")
    return _here(train_op, "train_op")


def _checked_loss(loss: Any, mode: str) -> Any:
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    loss = _tensor(loss, "loss")
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    return _here(loss if loss.shape.is_compatible_with([]) else tf.reshape(loss, []), "loss")


def _checked_predictions(predictions: Any, mode: str) -> Any:
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        return {}
    if isinstance(predictions, Mapping):
        return {
            key: _here(_tensor(value, f"predictions[{key}]"), f"prediction values {key}:")
            for key, value in predictions.items()
        }
    return _here(_tensor(predictions, "predictions"), "prediction values")


def _checked_hooks(hooks: Any) -> tuple[Any, ...]:
    for hook in hooks or ():
        if not isinstance(hook, v1.train.SessionRunHook):
            raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
    return tuple(hooks or ())


def _checked_scaffold(scaffold: Any) -> Any:
    scaffold = scaffold or v1.train.Scaffold()
    if not isinstance(scaffold, v1.train.Scaffold):
        raise TypeError(f"scaffold must be tf.train.Scaffold. Given: {scaffold}")
    return scaffold


def _checked_metrics(metrics: Any) -> dict[str, tuple[Any, Any]]:
    if metrics is not None and not isinstance(metrics, Mapping):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics}")
    checked = {}
    for key, value in (metrics or {}).items():
        if not isinstance(value, tuple) or len(value) != 2:
            raise TypeError(
                "Values of eval_metric_ops must be (metric_value, update_op) tuples, as tf.metrics gives them. "
                f"Given: {value} for key: {key}"
            )
        for element in tf.nest.flatten(value):
            _here(element, f"eval_metric_ops {key}:")
        checked[key] = value
    return checked
