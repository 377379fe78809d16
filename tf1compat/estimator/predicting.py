"""What an Estimator's predictions are given out as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["chosen", "examples"]


def chosen(predictions: Any, keys: Sequence[str] | None) -> Any:
    """Those of the predictions that have these keys; ValueError if none has."""
    if not keys:
        return predictions
    if not isinstance(predictions, Mapping):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in keys}
    if not chosen:
        raise ValueError(f"Expected to run at least one output from {list(predictions)}, provided {keys}.")
    return chosen


def examples(values: Any) -> Iterator[Any]:
    """The examples of a batch; ValueError where not all values have as many."""
    if not isinstance(values, Mapping):
        yield from values
        return
    lengths = {key: value.shape[0] for key, value in values.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"Batch length of predictions should be same, but they are {lengths}.")
    for place in range(next(iter(lengths.values()), 0)):
        yield {key: value[place] for key, value in values.items()}
