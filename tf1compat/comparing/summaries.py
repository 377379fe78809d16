"""How far two of what `tf.summary` ops give are apart; to TensorFlow they are strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from .differences import difference

__all__ = ["summary_difference"]


def summary_difference(there: Any, here: Any) -> float:
    """The largest difference of a part of two serialized `Summary`s; infinite where they have other tags.

    Of a histogram: of its least, greatest, count, sum and sum of squares, for a number near a bucket's border may
    fall on either side of it. What is neither number nor histogram is equal or not.
    """
    try:
        a, b = (tf.compat.v1.Summary.FromString(one) for one in (there, here))
    except (DecodeError, TypeError):
        return difference(there, here)
    if [part.tag for part in a.value] != [part.tag for part in b.value]:
        return float("inf")
    apart = [difference(_content(one), _content(other)) for one, other in zip(a.value, b.value, strict=True)]
    return max(apart, default=0.0)


def _content(part: Any) -> Any:
    kind = part.WhichOneof("value")
    if kind == "simple_value":
        return np.float32(part.simple_value)
    if kind == "histo":
        histogram = part.histo
        return np.array([histogram.min, histogram.max, histogram.num, histogram.sum, histogram.sum_squares])
    return part.SerializeToString()
