"""The evaluation of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from .spec import LOSS_METRIC_KEY, EstimatorSpec

__all__ = ["Evaluation", "built", "run", "with_steps"]

v1 = tf.compat.v1


class Evaluation(NamedTuple):
    """What is run for each batch, what is read at the end, and with which hooks and scaffold."""

    updates: Any
    values: Mapping[str, Any]
    hooks: Sequence[Any]
    scaffold: Any


def with_steps(hooks: Sequence[Any], steps: int | None) -> list[Any]:
    """The hooks, and one that ends an evaluation after `steps` batches; ValueError for a number below 1."""
    if steps is None:
        return list(hooks)
    if steps <= 0:
        raise ValueError(f"Must specify steps > 0, given: {steps}")
    return [*hooks, _tf.stop_after_n_evals_hook(num_evals=steps)]


def built(spec: EstimatorSpec, step: Any, hooks: Sequence[Any]) -> Evaluation:
    """The evaluation of a model: its metrics, the mean of its loss, and the global step.

    Raises:
      ValueError: for a metric of the names of these two.
    """
    metrics = dict(spec.eval_metric_ops)
    for taken in (LOSS_METRIC_KEY, v1.GraphKeys.GLOBAL_STEP):
        if taken in metrics:
            raise ValueError(
                f'Metric with name "{taken}" is not allowed, because Estimator already defines a default metric with '
                "the same name."
            )
    metrics[LOSS_METRIC_KEY] = v1.metrics.mean(spec.loss)
    updates = tf.group(*(metrics[key][1] for key in sorted(metrics)))
    values = {key: value for key, (value, _) in sorted(metrics.items())}
    values[v1.GraphKeys.GLOBAL_STEP] = step
    scaffold = spec.scaffold
    if scaffold.local_init_op is not None:
        _tf.get_or_create_eval_step()
        both = tf.group(scaffold.local_init_op, v1.train.Scaffold.default_local_init_op())
        scaffold = v1.train.Scaffold(local_init_op=both, copy_from_scaffold=scaffold)
    return Evaluation(updates, values, [*hooks, *spec.evaluation_hooks], scaffold)


def run(evaluation: Evaluation, checkpoint_path: str | None, config: Any) -> dict[str, Any]:
    """{name: value} at the end of the evaluation, in the current graph."""
    return _tf.evaluate_once(
        checkpoint_path=checkpoint_path,
        scaffold=evaluation.scaffold,
        eval_ops=evaluation.updates,
        final_ops=evaluation.values,
        hooks=evaluation.hooks,
        config=config,
    )
