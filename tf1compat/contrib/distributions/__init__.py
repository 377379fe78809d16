"""`tf.contrib.distributions` beyond what TensorFlow kept, on TensorFlow Probability.

TensorFlow Probability is not needed until one of these is used; without it they say what to install. What
TensorFlow kept (`Normal`, `Gamma`, …) is TensorFlow's own, and becomes Probability's where one of these is made of it.
"""

from __future__ import annotations

from .from_probability import DISTRIBUTIONS, given

__all__ = list(DISTRIBUTIONS)


def __getattr__(name: str) -> object:
    if name in DISTRIBUTIONS:
        return given(name, DISTRIBUTIONS[name], "contrib.distributions")
    raise AttributeError(name)
