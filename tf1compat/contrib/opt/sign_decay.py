"""Decays for `AddSignOptimizer` and `PowerSignOptimizer`: functions of `global_step`, from 1 to 0."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["get_cosine_decay_fn", "get_linear_decay_fn", "get_restart_decay_fn"]

Decay = Callable[[Any], tf.Tensor]


def _share(global_step: Any, decay_steps: int, kind: str) -> tuple[Any, tf.Tensor]:
    """The step, no later than the last one, and how much of the way that is."""
    if global_step is None:
        raise ValueError(f"global_step is required for {kind}.")
    step = tf.cast(tf.minimum(global_step, decay_steps), tf.float32)
    return step, step / tf.cast(decay_steps, tf.float32)


def get_linear_decay_fn(decay_steps: int) -> Decay:
    """1 - step / decay_steps, then 0."""
    return lambda global_step: tf.maximum(0.0, 1.0 - _share(global_step, decay_steps, "linear_decay")[1])


def get_cosine_decay_fn(decay_steps: int, num_periods: float = 0.5, zero_after: float | None = None) -> Decay:
    """0.5 * (1 + cos(2 pi * num_periods * step / decay_steps)); 0 from the period `zero_after` on."""

    def decay(global_step: Any) -> tf.Tensor:
        fraction = 2.0 * num_periods * _share(global_step, decay_steps, "cosine_decay")[1]
        decayed = 0.5 * (1.0 + tf.cos(math.pi * fraction))
        return decayed if zero_after is None else tf.where(fraction >= 2 * zero_after, 0.0, decayed)

    return decay


def get_restart_decay_fn(decay_steps: int, num_periods: int = 1, zero_after: float | None = None) -> Decay:
    """0.5 * (1 + cos(pi * the share of the period so far)); 0 from the period `zero_after` on."""

    def decay(global_step: Any) -> tf.Tensor:
        step, share = _share(global_step, decay_steps, "cosine_decay")
        fraction = tf.math.floormod(num_periods * step, decay_steps) / tf.cast(decay_steps, tf.float32)
        decayed = 0.5 * (1.0 + tf.cos(math.pi * fraction))
        return decayed if zero_after is None else tf.where(num_periods * share >= zero_after, 0.0, decayed)

    return decay
