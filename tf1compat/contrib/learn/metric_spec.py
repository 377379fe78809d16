"""MetricSpec: a metric, and which of the predictions, labels and features it is of."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["MetricSpec", "metric_ops_of"]

_LABELS, _PREDICTIONS = ("labels", "label", "targets", "target"), ("predictions", "prediction", "logits", "logit")
_WEIGHTS = ("weights", "weight")


class MetricSpec:
    """A metric: `metric_fn` of predictions and labels, and weights.

    Args:
      metric_fn: a function of the arguments `predictions` (or `logits`), `labels` (or `targets`) and `weights`, in
        any order. Where none is called `predictions` or so, the first is, or the second if the first are labels.
      prediction_key, label_key: which of a dictionary.
      weight_key: which of the features.

    Raises:
      ValueError: where a key is given, and the function has no argument for it, or two.
    """

    def __init__(
        self,
        metric_fn: Callable[..., Any],
        prediction_key: str | None = None,
        label_key: str | None = None,
        weight_key: str | None = None,
    ) -> None:
        self._name = getattr(metric_fn, "__name__", str(metric_fn))
        self.metric_fn, self.prediction_key = metric_fn, prediction_key
        self.label_key, self.weight_key = label_key, weight_key
        taken = list(inspect.signature(metric_fn).parameters)
        self._labels_first = taken[:1] != [] and taken[0] in _LABELS
        self._arguments: dict[str, str | None] = {}
        for canonical, names in (("labels", _LABELS), ("predictions", _PREDICTIONS), ("weights", _WEIGHTS)):
            found = [name for name in taken if name in names]
            if len(found) > 1:
                raise ValueError(f"Ambiguous arguments {found}, must provide only one of {names}.")
            self._arguments[canonical] = found[0] if found else None
        for key, canonical in ((label_key, "labels"), (weight_key, "weights")):
            if key is not None and self._arguments[canonical] is None:
                raise ValueError(f"{canonical} missing from {self._name}({', '.join(taken)}).")

    def __str__(self) -> str:
        return (
            f"MetricSpec(metric_fn={self._name}, prediction_key={self.prediction_key}, label_key={self.label_key}, "
            f"weight_key={self.weight_key})"
        )

    def create_metric_ops(self, inputs: Any, labels: Any, predictions: Any) -> Any:
        """(value, update) of the metric.

        Raises:
          ValueError: for a key where there is no dictionary, or none where one has several.
          KeyError: for a key that is not there.
        """
        given = {
            "predictions": _one("prediction", predictions, self.prediction_key),
            "labels": _one("label", labels, self.label_key),
            "weights": inputs[self.weight_key] if self.weight_key else None,
        }
        named = {
            argument: given[key]
            for key, argument in self._arguments.items()
            if argument is not None and not (key == "weights" and given[key] is None)
        }
        if self._arguments["predictions"]:
            return self.metric_fn(**named)
        if self._labels_first:
            named.pop(str(self._arguments["labels"]))
            return self.metric_fn(given["labels"], given["predictions"], **named)
        return self.metric_fn(given["predictions"], **named)


def metric_ops_of(metrics: Mapping[Any, Any] | None, features: Any, labels: Any, predictions: Any) -> dict[str, Any]:
    """{name: (value, update)} of {name: `MetricSpec`}, or of functions of predictions and labels, whose key may be a
    pair of the name and the prediction's key."""
    found = {}
    for name, metric in (metrics or {}).items():
        if isinstance(metric, MetricSpec):
            found[name] = metric.create_metric_ops(features, labels, predictions)
        elif isinstance(name, tuple):
            if len(name) != 2:
                raise ValueError(f"Invalid metric for {name}. It returned a tuple with len {len(name)}, expected 2.")
            own = labels.get(name[1], labels) if isinstance(labels, Mapping) else labels
            found[name[0]] = metric(_one("prediction", predictions, name[1]), _one("label", own, None))
        elif isinstance(predictions, Mapping):
            raise ValueError(
                f"Metric {name!r} is given by name only, without which prediction, but predictions are a dictionary of "
                f"{sorted(predictions)}: write {{({name!r}, key): ...}} or a MetricSpec."
            )
        else:
            found[name] = metric(predictions, _one("label", labels, None))
    return found


def _one(name: str, given: Any, key: str | None) -> Any:
    if key:
        if not isinstance(given, Mapping):
            raise ValueError(
                f"MetricSpec with {name}_key specified requires {name}s dict, got {given}. You must not provide a "
                f"{name}_key if you only have a single Tensor as {name}s."
            )
        if key not in given:
            raise KeyError(f"Key '{key}' missing from {sorted(given)}.")
        return given[key]
    if isinstance(given, Mapping):
        if len(given) != 1:
            raise ValueError(
                f"MetricSpec without specified {name}_key requires {name}s tensor or single element dict, got {given}"
            )
        return next(iter(given.values()))
    return given
