"""`tf.contrib.distributions.bijectors`, on TensorFlow Probability."""

from __future__ import annotations

from .from_probability import BIJECTORS, given

__all__ = list(BIJECTORS)


def __getattr__(name: str) -> object:
    if name in BIJECTORS:
        return given(name, BIJECTORS[name], "contrib.distributions.bijectors")
    raise AttributeError(name)
