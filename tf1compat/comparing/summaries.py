"""How far two of what `tf.summary` ops give are apart; to TensorFlow they are strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from .differences import difference

__all__ = ["summary_difference"]


def summary_difference(there: Any, here: Any, late: Any = None) -> float:
    """The largest difference of a part of two serialized `Summary`s; infinite where they have other tags.

    late: the same as `here`, of what the run left behind: each part may be as in either.

    Of a histogram: of its least, greatest, count, sum and sum of squares, for a number near a bucket's border may
    fall on either side of it. What is neither number nor histogram is equal or not.
    """
    candidates = [here] if late is None else [here, late]
    try:
        a, *others = (tf.compat.v1.Summary.FromString(one).value for one in (there, *candidates))
    except (DecodeError, TypeError):
        return min(difference(there, candidate) for candidate in candidates)
    if any([part.tag for part in a] != [part.tag for part in b] for b in others):
        return float("inf")
    apart = [min(difference(_content(one), _content(b[at])) for b in others) for at, one in enumerate(a)]
    return max(apart, default=0.0)


def _content(part: Any) -> Any:
    kind = part.WhichOneof("value")
    if kind == "simple_value":
        return np.float32(part.simple_value)
    if kind == "histo":
        histogram = part.histo
        return np.array([histogram.min, histogram.max, histogram.num, histogram.sum, histogram.sum_squares])
    return part.SerializeToString()
