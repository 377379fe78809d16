"""Drawing from the distributions that logits describe, in the order of random numbers that TF1 drew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["bernoulli_sample", "categorical_sample"]

v1 = tf.compat.v1


def _shaped(sample: Callable[[Any], tf.Tensor], sample_shape: Any) -> tf.Tensor:
    """The samples of `sample(how many)`, their first dimension replaced by `sample_shape`, a scalar or a vector."""
    shape = tf.convert_to_tensor(sample_shape, tf.int32, name="sample_shape")
    if shape.shape.rank is None or shape.shape.rank == 0:
        shape = tf.reshape(shape, [-1])
    samples = sample(tf.reduce_prod(shape))
    return tf.reshape(samples, tf.concat([shape, tf.shape(samples)[1:]], 0))


def bernoulli_sample(
    probs: Any = None, logits: Any = None, dtype: Any = tf.int32, sample_shape: Any = (), seed: int | None = None
) -> tf.Tensor:
    """1 with the probability `probs` (sigmoid(logits) if None): [*sample_shape, *probs.shape] of `dtype`."""
    chances = tf.sigmoid(logits) if probs is None else tf.convert_to_tensor(probs, name="probs")

    def sample(count: Any) -> tf.Tensor:
        shape = tf.concat([[count], tf.shape(chances)], 0)
        return tf.cast(v1.random_uniform(shape, seed=seed, dtype=chances.dtype) < chances, dtype)

    return _shaped(sample, sample_shape)


def categorical_sample(
    logits: Any, dtype: Any = tf.int32, sample_shape: Any = (), seed: int | None = None
) -> tf.Tensor:
    """i with the probability softmax(logits)[i]: [*sample_shape, *logits.shape[:-1]] of `dtype`."""
    logits = tf.convert_to_tensor(logits, name="logits")

    def sample(count: Any) -> tf.Tensor:
        rows = logits if logits.shape.rank == 2 else tf.reshape(logits, [-1, tf.shape(logits)[-1]])
        # The kernel's stream depends on the dtype it draws.
        drawn_as = tf.int64 if logits.dtype.size > 4 else tf.int32
        drawn = v1.multinomial(rows, count, seed=seed, output_dtype=drawn_as)
        return tf.cast(tf.reshape(tf.transpose(drawn), tf.concat([[count], tf.shape(logits)[:-1]], 0)), dtype)

    return _shaped(sample, sample_shape)
