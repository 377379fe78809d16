"""An Estimator out of another one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .estimator import Estimator
from .spec import ModeKeys

__all__ = ["add_metrics"]

_TAKEN = ("features", "labels", "predictions", "config")


def add_metrics(estimator: Estimator, metric_fn: Callable[..., dict[str, Any]]) -> Estimator:
    """An Estimator with more metrics: those of `metric_fn`, {name: (value, update)}, go before others of their names.

    Args:
      metric_fn: takes any of `features`, `labels`, `predictions` and `config`.

    Raises:
      ValueError: for a function that takes anything else.
    """
    taken = list(inspect.signature(metric_fn).parameters)
    unknown = [name for name in taken if name not in _TAKEN]
    if unknown:
        raise ValueError(f"metric_fn ({metric_fn}) has following not expected args: {unknown}")

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        spec = estimator.model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        known = {"features": features, "labels": labels, "predictions": spec.predictions, "config": config}
        more = metric_fn(**{name: known[name] for name in taken})
        return spec._replace(eval_metric_ops={**spec.eval_metric_ops, **more})

    return Estimator(model_fn, estimator.model_dir, estimator.config, warm_start_from=estimator._warm_start_settings)
