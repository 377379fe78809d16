"""The streaming metrics that `tf.metrics` has too: other names, and predictions before labels."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

__all__ = ["NAMES", "streaming"]

v1 = tf.compat.v1

_LAST = "metrics_collections=None updates_collections=None name=None"
_PAIR = f"predictions labels weights=None {_LAST}"

#: Name here: (the function of `tf.metrics`, the arguments as they were ordered here).
_ELSEWHERE: dict[str, tuple[Any, str]] = {
    **{
        f"streaming_{name}": (getattr(v1.metrics, name), _PAIR)
        for name in """accuracy false_negatives false_positives mean_absolute_error mean_squared_error precision recall
        root_mean_squared_error true_negatives true_positives""".split()
    },
    "streaming_auc": (
        v1.metrics.auc,
        "predictions labels weights=None num_thresholds=200 metrics_collections=None updates_collections=None "
        "curve='ROC' name=None",
    ),
    "streaming_mean": (v1.metrics.mean, f"values weights=None {_LAST}"),
    "streaming_mean_iou": (v1.metrics.mean_iou, f"predictions labels num_classes weights=None {_LAST}"),
    "streaming_mean_relative_error": (
        v1.metrics.mean_relative_error,
        f"predictions labels normalizer weights=None {_LAST}",
    ),
    "streaming_mean_tensor": (v1.metrics.mean_tensor, f"values weights=None {_LAST}"),
    "streaming_percentage_less": (v1.metrics.percentage_below, f"values threshold weights=None {_LAST}"),
    **{
        f"streaming_{name}": (getattr(v1.metrics, name), f"predictions labels thresholds weights=None {_LAST}")
        for name in ("precision_at_thresholds", "recall_at_thresholds")
    },
    "streaming_sensitivity_at_specificity": (
        v1.metrics.sensitivity_at_specificity,
        f"predictions labels specificity weights=None num_thresholds=200 {_LAST}",
    ),
    "streaming_specificity_at_sensitivity": (
        v1.metrics.specificity_at_sensitivity,
        f"predictions labels sensitivity weights=None num_thresholds=200 {_LAST}",
    ),
    "streaming_sparse_average_precision_at_k": (
        v1.metrics.average_precision_at_k,
        f"predictions labels k weights=None {_LAST}",
    ),
    "streaming_sparse_average_precision_at_top_k": (
        _tf.average_precision_at_top_k,
        f"top_k_predictions=predictions_idx labels weights=None {_LAST}",
    ),
    "streaming_sparse_precision_at_k": (
        v1.metrics.precision_at_k,
        f"predictions labels k class_id=None weights=None {_LAST}",
    ),
    "streaming_sparse_recall_at_k": (
        v1.metrics.recall_at_k,
        f"predictions labels k class_id=None weights=None {_LAST}",
    ),
    "confusion_matrix": (
        v1.confusion_matrix,
        "labels predictions num_classes=None dtype=tf.int32 name=None weights=None",
    ),
}
NAMES = sorted(_ELSEWHERE)


def streaming(name: str) -> Callable[..., Any]:
    """The function of that name: `tf.metrics`' with the arguments in the order they had here."""
    function, written = _ELSEWHERE[name]
    parameters, renamed = [], {}
    for word in written.split():
        argument, _, default = word.partition("=")
        # `argument=other_name` is an argument that is required and called otherwise there.
        known = {"None": None, "200": 200, "'ROC'": "ROC", "tf.int32": tf.int32}
        value = known[default] if default in known else inspect.Parameter.empty
        if default and default not in known:
            renamed[argument] = default
        parameters.append(inspect.Parameter(argument, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value))
    signature = inspect.Signature(parameters)

    def metric(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as wrong:
            raise TypeError(f"{name}(): {wrong}") from None
        return function(**{renamed.get(argument, argument): value for argument, value in given.items()})

    metric.__name__ = metric.__qualname__ = name
    metric.__signature__ = signature  # type: ignore[attr-defined]
    metric.__doc__ = f"`tf.metrics.{function.__name__.lstrip('_')}`, its arguments in the order of {signature}."
    return metric
