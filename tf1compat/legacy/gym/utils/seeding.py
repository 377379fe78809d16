"""The random generator of an environment."""

from __future__ import annotations

import secrets

import numpy as np

__all__ = ["np_random"]


def np_random(seed: int | None = None) -> tuple[np.random.RandomState, int]:
    """A `RandomState`, as gym's environments had, and the seed it has."""
    if seed is None:
        seed = secrets.randbits(31)
    return np.random.RandomState(seed % 2**32), seed
