"""How far two values are apart."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["difference"]


def difference(there: Any, here: Any) -> float:
    """How far `here` is from `there`: 0 is equal, and different shapes are infinitely far.

    Of numbers with fractions: max|here - there| / max|there|, where equal infinities and NaNs count as equal, and a
    `there` of zeros as a scale of 1. Of integers, booleans and strings: the share of elements that differ.
    """
    a, b = np.asarray(there), np.asarray(here)
    if a.shape != b.shape:
        return float("inf")
    if a.size == 0:
        return 0.0
    if a.dtype.kind not in "fc" or b.dtype.kind not in "fcV":
        return float(np.mean(a != b))
    kind = np.complex128 if "c" in a.dtype.kind + b.dtype.kind else np.float64
    a, b = a.astype(kind), b.astype(kind)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return 0.0
    finite = np.abs(a[np.isfinite(a)])
    scale = float(finite.max()) if finite.size else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        apart = float(np.abs(a - b)[~same].max())
    return float("inf") if np.isnan(apart) else apart / (scale or 1.0)
