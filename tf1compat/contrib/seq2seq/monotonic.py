"""Attention that never goes back in the memory (Raffel et al., 2017, arXiv:1704.00784)."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from .attending import additive_score, multiplicative_score, projection
from .mechanisms import BaseAttentionMechanism

__all__ = [
    "BahdanauMonotonicAttention",
    "BaseMonotonicAttentionMechanism",
    "LuongMonotonicAttention",
    "monotonic_attention",
    "monotonic_probabilities",
    "safe_cumprod",
]

v1 = tf.compat.v1


def safe_cumprod(x: Any, *args: Any, **kwargs: Any) -> tf.Tensor:
    """exp(cumsum(log(x))), x between the least positive number and 1: `tf.cumprod` that does not underflow.

    Further arguments are those of `tf.cumsum`.
    """
    with v1.name_scope(None, "SafeCumprod"):
        x = tf.convert_to_tensor(x, name="x")
        least = np.finfo(x.dtype.as_numpy_dtype).tiny
        return tf.exp(tf.cumsum(tf.math.log(tf.clip_by_value(x, least, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i: Any, previous_attention: Any, mode: str) -> tf.Tensor:
    """The probability of attending to each step: at or after the last one, chosen with its probability, [B, T].

        q[i] = (1 - p[i - 1]) q[i - 1] + previous[i],  attention[i] = p[i] q[i]

    Args:
      p_choose_i: p, the probability of choosing step i once it is reached, [B, T].
      previous_attention: that of the last output, [B, T]; at first 1 for the first step.
      mode: 'recursive' computes this step by step; 'parallel' by cumulative sums and products, which is fast and not
        exact where p is near 0 or 1; 'hard' takes p of 0 and 1 alone.

    Raises:
      ValueError: for another mode.
    """
    p = tf.convert_to_tensor(p_choose_i, name="p_choose_i")
    previous = tf.convert_to_tensor(previous_attention, name="previous_attention")
    if mode == "recursive":
        passed = tf.concat([tf.ones_like(p[:, :1]), 1 - p[:, :-1]], 1)
        reached = tf.scan(
            lambda q, step: tf.ensure_shape(step[0] * q + step[1], q.shape),
            [tf.transpose(passed), tf.transpose(previous)],
            tf.zeros_like(p[:, 0]),
        )
        return p * tf.transpose(reached)
    if mode == "parallel":
        passed = safe_cumprod(1 - p, axis=1, exclusive=True)
        return p * passed * tf.cumsum(previous / tf.clip_by_value(passed, 1e-10, 1.0), axis=1)
    if mode == "hard":
        p *= tf.cumsum(previous, axis=1)
        return p * tf.math.cumprod(1 - p, axis=1, exclusive=True)
    raise ValueError(f"mode must be 'recursive', 'parallel', or 'hard', saw {mode!r}.")


def monotonic_probabilities(
    score: Any, previous_alignments: Any, sigmoid_noise: float, mode: str, seed: int | None = None
) -> tf.Tensor:
    """`monotonic_attention` of sigmoid(score + sigmoid_noise * N(0, 1)), or of score > 0 where the mode is 'hard'."""
    if sigmoid_noise > 0:
        score += sigmoid_noise * v1.random_normal(tf.shape(score), dtype=score.dtype, seed=seed)
    p = tf.cast(score > 0, score.dtype) if mode == "hard" else tf.sigmoid(score)
    return monotonic_attention(p, previous_alignments, mode)


class BaseMonotonicAttentionMechanism(BaseAttentionMechanism):
    """An attention that begins at the first step of the memory."""

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """1 for the first step, 0 for the others, [B, T]."""
        return tf.one_hot(tf.zeros([batch_size], tf.int32), self._alignments_size, dtype=dtype)

    def _biased(self, score: Any, first: Any) -> Any:
        """The score and the variable `attention_score_bias`."""
        return score + v1.get_variable("attention_score_bias", dtype=score.dtype, initializer=first)


class BahdanauMonotonicAttention(BaseMonotonicAttentionMechanism):
    """`monotonic_attention` of Bahdanau's scores.

    Args:
      num_units, memory, memory_sequence_length, normalize, score_mask_value, dtype, name: as for BahdanauAttention.
      sigmoid_noise, sigmoid_noise_seed: the noise that is added to scores makes them great ones.
      score_bias_init: of the variable `attention_score_bias`.
      mode: see `monotonic_attention`.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "BahdanauMonotonicAttention",
    ) -> None:
        super().__init__(
            query_layer=projection(num_units, "query_layer", dtype),
            memory_layer=projection(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=lambda score, state: monotonic_probabilities(
                score, state, sigmoid_noise, mode, sigmoid_noise_seed
            ),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units = num_units
        self._normalize = normalize
        self._name = name
        self._score_bias_init = score_bias_init

    def __call__(self, query: Any, state: Any) -> Any:
        """`(alignments, alignments)` for a query [B, ...] and the last alignments."""
        with v1.variable_scope(None, "bahdanau_monotonic_attention", [query]):
            score = self._biased(additive_score(self, query), self._score_bias_init)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class LuongMonotonicAttention(BaseMonotonicAttentionMechanism):
    """`monotonic_attention` of Luong's scores.

    Args:
      num_units, memory, memory_sequence_length, scale, score_mask_value, dtype, name: as for LuongAttention.
      sigmoid_noise, sigmoid_noise_seed, score_bias_init, mode: as for BahdanauMonotonicAttention.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "LuongMonotonicAttention",
    ) -> None:
        super().__init__(
            query_layer=None,
            memory_layer=projection(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=lambda score, state: monotonic_probabilities(
                score, state, sigmoid_noise, mode, sigmoid_noise_seed
            ),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units = num_units
        self._scale = scale
        self._score_bias_init = score_bias_init
        self._name = name

    def __call__(self, query: Any, state: Any) -> Any:
        """`(alignments, alignments)` for a query [B, U] and the last alignments."""
        with v1.variable_scope(None, "luong_monotonic_attention", [query]):
            score = self._biased(multiplicative_score(self, query), self._score_bias_init)
        alignments = self._probability_fn(score, state)
        return alignments, alignments
