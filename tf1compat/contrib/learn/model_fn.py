"""What a `model_fn` of `tf.contrib.learn` gives: ModelFnOps; and for what: ModeKeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat.estimator import EstimatorSpec

__all__ = ["ModeKeys", "ModelFnOps"]


class ModeKeys:
    """What a graph is built for."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"

    @classmethod
    def validate(cls, key: str) -> None:
        """ValueError for another mode."""
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ValueError(f"Invalid mode {key}.")


class _Fields(NamedTuple):
    predictions: Any
    loss: Any
    train_op: Any
    eval_metric_ops: Any
    output_alternatives: Any
    training_chief_hooks: Any
    training_hooks: Any
    scaffold: Any
    mode: str


class ModelFnOps(_Fields):
    """The ops of a model, for one mode: `EstimatorSpec` of old.

    Args:
      mode: of `ModeKeys`.
      predictions: a tensor or a dictionary of them, in any mode but TRAIN.
      loss: a scalar, to train and evaluate.
      train_op: to train.
      eval_metric_ops: {name: (value, update)}.
      output_alternatives: for the export, which is refused: use `tf.estimator.Estimator`.
      training_chief_hooks, training_hooks, scaffold: as of `EstimatorSpec`.

    Raises:
      ValueError: naming what the mode needs and is missing.
    """

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Mapping[str, Any] | None = None,
        output_alternatives: Any = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Any = None,
    ) -> ModelFnOps:
        ModeKeys.validate(mode)
        if mode == ModeKeys.TRAIN and train_op is None:
            raise ValueError("Missing train_op.")
        if mode != ModeKeys.INFER and loss is None:
            raise ValueError("Missing loss.")
        if mode != ModeKeys.TRAIN and predictions is None:
            raise ValueError("Missing predictions.")
        if isinstance(predictions, Mapping):
            predictions = {key: _tensor(value) for key, value in predictions.items()}
        elif predictions is not None:
            predictions = _tensor(predictions)
        if eval_metric_ops is not None and not isinstance(eval_metric_ops, Mapping):
            raise ValueError("eval_metric_ops must be a dict.")
        return super().__new__(
            cls,
            predictions,
            None if loss is None else tf.convert_to_tensor(loss),
            train_op,
            dict(eval_metric_ops or {}),
            output_alternatives,
            list(training_chief_hooks or ()),
            list(training_hooks or ()),
            scaffold,
            mode,
        )

    def estimator_spec(self, default_serving_output_alternative_key: str | None = None) -> EstimatorSpec:
        """The same as an `EstimatorSpec`; a metric "loss" is left out, since every Estimator has it."""
        if self.output_alternatives:
            raise NotImplementedError(
                "ModelFnOps.estimator_spec with output_alternatives: write an EstimatorSpec with export_outputs."
            )
        infer = self.mode == ModeKeys.INFER
        return EstimatorSpec(
            self.mode,
            predictions=self.predictions,
            loss=None if infer else self.loss,
            train_op=self.train_op if self.mode == ModeKeys.TRAIN else None,
            eval_metric_ops={key: metric for key, metric in self.eval_metric_ops.items() if key != "loss"},
            training_chief_hooks=self.training_chief_hooks,
            training_hooks=self.training_hooks,
            scaffold=self.scaffold,
        )


def _tensor(value: Any) -> Any:
    return value if isinstance(value, tf.SparseTensor) else tf.convert_to_tensor(value)
