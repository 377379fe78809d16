"""How k-means chooses its first centers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

__all__ = [
    "COSINE_DISTANCE",
    "KMC2_INIT",
    "KMEANS_PLUS_PLUS_INIT",
    "RANDOM_INIT",
    "SQUARED_EUCLIDEAN_DISTANCE",
    "Chooser",
    "normalized",
]

v1 = tf.compat.v1

SQUARED_EUCLIDEAN_DISTANCE = "squared_euclidean"
COSINE_DISTANCE = "cosine"
RANDOM_INIT = "random"
KMEANS_PLUS_PLUS_INIT = "kmeans_plus_plus"
KMC2_INIT = "kmc2"


def normalized(rows: Any) -> tf.Tensor:
    return tf.math.l2_normalize(rows, axis=1)


class Chooser:
    """Fills the variable of centers from the inputs, in as many runs of `op()` as that takes.

    Args:
      inputs: the rows, [rows, features] each.
      wanted: how many centers.
      how: one of the `..._INIT`s, a function of (inputs, how many remain), or the centers themselves.
      cosine: whether centers are unit vectors.
      seed, retries: of the random choice, and how often k-means++ draws for one center.
      centers, also: the variable, and another one that gets the same values (the same variable, or a copy).
      done: a boolean variable that tells when all are there.
    """

    def __init__(
        self,
        inputs: Sequence[Any],
        wanted: Any,
        how: Any,
        cosine: bool,
        seed: int,
        retries: int,
        centers: Any,
        also: Any,
        done: Any,
    ) -> None:
        self.inputs, self.how, self.cosine, self.seed, self.retries = list(inputs), how, cosine, seed, retries
        self.wanted, self.centers, self.also, self.done = wanted, centers, also, done
        self.chosen = tf.shape(centers)[0]
        self.remaining = wanted - self.chosen
        self.rows = tf.add_n([tf.shape(each)[0] for each in self.inputs])

    def op(self) -> Any:
        """The operation that adds centers, or asserts that all are there."""
        return v1.cond(
            tf.equal(self.remaining, 0),
            lambda: v1.assert_equal(self.done, True),
            self._initialize,
        )

    def _initialize(self) -> Any:
        with tf.control_dependencies([v1.assert_positive(self.remaining)]):
            new = self._new()
            new = normalized(new) if self.cosine else new
            every = v1.cond(tf.equal(self.chosen, 0), lambda: new, lambda: tf.concat([self.centers, new], 0))
            written = v1.assign(self.centers, every, validate_shape=False)
            if self.also is not self.centers:
                written = v1.assign(self.also, written, validate_shape=False)
            left = self.wanted - tf.shape(written)[0]
            return v1.cond(tf.equal(left, 0), lambda: v1.assign(self.done, True).op, tf.no_op)

    def _new(self) -> Any:
        if callable(self.how):
            return self.how(self.inputs, self.remaining)
        if not isinstance(self.how, str):
            with tf.control_dependencies([v1.assert_equal(self.remaining, tf.shape(self.how)[0])]):
                return tf.identity(self.how)
        if self.how == RANDOM_INIT:
            few = self.rows <= self.remaining
            return v1.cond(few, lambda: tf.concat(self.inputs, 0), self._random)
        with tf.control_dependencies([v1.assert_greater_equal(self.rows, self.remaining)]):
            return self._plus_plus()

    def _random(self) -> Any:
        places = v1.random_uniform(
            tf.reshape(self.remaining, [-1]), 0, tf.cast(self.rows, tf.int64), seed=self.seed, dtype=tf.int64
        )
        return v1.nn.embedding_lookup(self.inputs, places, partition_strategy="div")

    def _plus_plus(self) -> Any:
        rows = normalized(self.inputs[0]) if self.cosine else self.inputs[0]
        return tf.raw_ops.KmeansPlusPlusInitialization(
            points=rows,
            num_to_sample=tf.cast(self.remaining, tf.int64),
            seed=tf.cast(self.seed, tf.int64),
            num_retries_per_sample=tf.cast(self.retries, tf.int64),
        )


