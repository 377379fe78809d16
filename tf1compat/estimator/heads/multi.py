"""Several heads as one: a model with several objectives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from ..spec import EstimatorSpec, ModeKeys
from .base import PREDICT, SERVING, Head, train_op_of

__all__ = ["MultiHead"]

v1 = tf.compat.v1


class MultiHead(Head):
    """Several heads, each with a name: labels are {name: labels}, logits that too or one tensor, side by side.

    The loss is the sum of theirs, each times its weight of `head_weights`.
    """

    def __init__(self, heads: Sequence[Head], head_weights: Sequence[float] | None = None) -> None:
        if not heads:
            raise ValueError(f"Must specify heads. Given: {heads}")
        if head_weights and len(head_weights) != len(heads):
            raise ValueError(
                "heads and head_weights must have the same size. "
                f"Given len(heads): {len(heads)}. Given len(head_weights): {len(head_weights)}."
            )
        for head in heads:
            if head.name is None:
                raise ValueError(f"All given heads must have name specified. Given: {head}")
        self._heads: dict[str, Head] = {str(head.name): head for head in heads}
        self._weights = tuple(head_weights or (1.0,) * len(heads))

    @property
    def name(self) -> str:
        return "_".join(self._heads)

    @property
    def logits_dimension(self) -> int:
        return sum(head.logits_dimension for head in self._heads.values())

    @property
    def loss_reduction(self) -> str:
        found = {head.loss_reduction for head in self._heads.values()}
        if len(found) > 1:
            raise ValueError(f"The loss_reduction must be the same for different heads. Given: {sorted(found)}")
        return found.pop()

    def _logits(self, logits: Any) -> dict[str, Any]:
        if isinstance(logits, Mapping):
            missing = [name for name in self._heads if name not in logits]
            if missing:
                raise ValueError(f"logits has missing values for head(s): {missing}")
            return dict(logits)
        sizes = [head.logits_dimension for head in self._heads.values()]
        logits = tf.convert_to_tensor(logits)
        if logits.shape.as_list()[-1] not in (None, sum(sizes)):
            raise ValueError(
                f"Could not split logits of shape {logits.shape} among the heads with individual logits dimensions: "
                f"{sizes}. The last dimension of the logits tensor should equal {sum(sizes)}."
            )
        return dict(zip(self._heads, tf.split(logits, sizes, -1), strict=True))

    def _labels(self, labels: Any) -> Mapping[str, Any]:
        if not isinstance(labels, Mapping):
            raise ValueError(f"labels must be a dict. Given: {labels}")
        missing = [name for name in self._heads if name not in labels]
        if missing:
            raise ValueError(f"labels has missing values for head(s): {missing}")
        return labels

    def _sum(self, losses: Sequence[Any], regularization_losses: Any) -> Any:
        weighted = [loss * weight for loss, weight in zip(losses, self._weights, strict=True)]
        return tf.add_n([*weighted, *(regularization_losses or ())])

    def loss(
        self, labels: Any, logits: Any, features: Any = None, mode: Any = None, regularization_losses: Any = None
    ) -> Any:
        by_name, labels = self._logits(logits), self._labels(labels)
        losses = [head.loss(labels[name], by_name[name], features, mode) for name, head in self._heads.items()]
        return self._sum(losses, regularization_losses)

    def predictions(self, logits: Any, keys: Any = None) -> dict[Any, Any]:
        by_name = self._logits(logits)
        found = {
            (name, key): value
            for name, head in self._heads.items()
            for key, value in head.predictions(by_name[name]).items()
        }
        return {key: found[key] for key in keys} if keys else found

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
        by_name = self._logits(logits)
        labels = None if mode == ModeKeys.PREDICT else self._labels(labels)
        specs = {
            name: head.create_estimator_spec(
                features, mode, by_name[name], labels[name] if labels else None, train_op_fn=lambda _: tf.no_op()
            )
            for name, head in self._heads.items()
        }
        predictions = {(name, key): value for name, s in specs.items() for key, value in s.predictions.items()}
        if mode == ModeKeys.PREDICT:
            return EstimatorSpec(mode, predictions, export_outputs=self._exports(specs))
        loss = self._sum([spec.loss for spec in specs.values()], regularization_losses)
        if mode == ModeKeys.TRAIN:
            with v1.name_scope(""):
                v1.summary.scalar("loss", loss)
            train_op = train_op_of(loss, optimizer, trainable_variables, train_op_fn, update_ops)
            return EstimatorSpec(mode, predictions, loss, train_op)
        metrics = {key: metric for spec in specs.values() for key, metric in spec.eval_metric_ops.items()}
        for name, spec in specs.items():
            metrics[f"loss/{name}"] = v1.metrics.mean(spec.loss, name=f"loss/{name}")
        if regularization_losses:
            metrics[f"regularization_loss/{self.name}"] = v1.metrics.mean(tf.add_n(regularization_losses))
        return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)

    def _exports(self, specs: Mapping[str, EstimatorSpec]) -> dict[str, Any]:
        first = next(iter(specs.values()))
        found, merged = {SERVING: first.export_outputs[SERVING]}, {}
        for name, spec in specs.items():
            for key, output in spec.export_outputs.items():
                found[name if key == SERVING else f"{name}/{key}"] = output
                if key == PREDICT:
                    merged.update({f"{name}/{inner}": tensor for inner, tensor in output.outputs.items()})
        return {**found, PREDICT: _tf.model_utils.PredictOutput(merged)}
