"""Training helpers that now and then give the cell what it made itself (Bengio et al., 2015, arXiv:1506.03099)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.rnn.stacking import transpose_batch_time

from .helpers import TrainingHelper, array_of_steps, embedder
from .sampling import bernoulli_sample, categorical_sample

__all__ = ["ScheduledEmbeddingTrainingHelper", "ScheduledOutputTrainingHelper"]

v1 = tf.compat.v1


def _probability(value: Any) -> tf.Tensor:
    chance = tf.convert_to_tensor(value, name="sampling_probability")
    if chance.shape.rank not in (0, 1):
        raise ValueError(f"sampling_probability must be either a scalar or a vector. saw shape: {chance.shape}")
    return chance


def _indices(mask: tf.Tensor) -> tf.Tensor:
    """Which rows, [n, 1] of int32."""
    return tf.cast(tf.where(mask), tf.int32)


def _mixed(chosen: tf.Tensor, rows: tf.Tensor, others: tf.Tensor) -> tf.Tensor:
    """`others`, with `rows` in the places `chosen`."""
    kept = _indices(tf.logical_not(chosen))
    shape = tf.shape(others)
    return tf.scatter_nd(_indices(chosen), rows, shape) + tf.scatter_nd(kept, tf.gather_nd(others, kept), shape)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """With `sampling_probability`, an id drawn from softmax(outputs) gives the next input; the sample is -1 elsewhere.

    Args:
      inputs, sequence_length, time_major, name: as for a TrainingHelper.
      embedding: a function of ids, or what `tf.nn.embedding_lookup` looks them up in.
      sampling_probability: a scalar, or [1].
      seed: of the ids drawn.
      scheduling_seed: of whether one is drawn.

    Raises:
      ValueError: for a `sampling_probability` of higher rank.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        embedding: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        scheduling_seed: int | None = None,
        name: str | None = None,
    ) -> None:
        with v1.name_scope(name, "ScheduledEmbeddingSamplingWrapper"):
            self._embedding_fn = embedder(embedding)
            self._sampling_probability = _probability(sampling_probability)
            self._seed = seed
            self._scheduling_seed = scheduling_seed
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time: Any, outputs: Any, state: Any = None, name: str | None = None, **unused: Any) -> Any:
        with v1.name_scope(name, "ScheduledEmbeddingTrainingHelperSample"):
            chosen = bernoulli_sample(
                self._sampling_probability,
                dtype=tf.bool,
                sample_shape=self.batch_size,
                seed=self._scheduling_seed,
            )
            drawn = categorical_sample(outputs, seed=self._seed)
            return v1.where(chosen, drawn, tf.fill([self.batch_size], -1))

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any = None, name: str | None = None, **unused: Any
    ) -> Any:
        with v1.name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs"):
            finished, inputs, state = super().next_inputs(time, outputs, state)
            chosen = sample_ids > -1

            def mixed() -> tf.Tensor:
                embedded = self._embedding_fn(tf.gather_nd(sample_ids, _indices(chosen)))
                return _mixed(chosen, embedded, inputs)

            return finished, v1.cond(tf.reduce_all(finished), lambda: inputs, mixed), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """With `sampling_probability`, the output is the next input; the sample is 1 there, 0 elsewhere.

    Args:
      inputs, sequence_length, time_major, name: as for a TrainingHelper.
      sampling_probability: a scalar, or [1].
      seed: of whether an output is taken.
      next_inputs_fn: `outputs -> inputs`; if None, outputs are inputs.
      auxiliary_inputs: like `inputs` but for the last dimension, after which they come, whoever gave those.

    Raises:
      ValueError: for a `sampling_probability` of higher rank.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        next_inputs_fn: Callable[[Any], Any] | None = None,
        auxiliary_inputs: Any = None,
        name: str | None = None,
    ) -> None:
        with v1.name_scope(name, "ScheduledOutputTrainingHelper"):
            self._sampling_probability = _probability(sampling_probability)
            self._auxiliary: tf.TensorArray | None = None
            if auxiliary_inputs is not None:
                inputs = tf.convert_to_tensor(inputs, name="inputs")
                more = tf.convert_to_tensor(auxiliary_inputs, name="auxiliary_inputs")
                inputs = tf.concat([inputs, more], -1)
                self._auxiliary = array_of_steps(more if time_major else transpose_batch_time(more))
            self._seed = seed
            self._next_inputs_fn = next_inputs_fn
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time: Any, outputs: Any, state: Any = None, name: str | None = None, **unused: Any) -> Any:
        with v1.name_scope(name, "ScheduledOutputTrainingHelperSample"):
            return bernoulli_sample(self._sampling_probability, sample_shape=self.batch_size, seed=self._seed)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any = None, name: str | None = None, **unused: Any
    ) -> Any:
        with v1.name_scope(name, "ScheduledOutputTrainingHelperNextInputs"):
            finished, inputs, state = super().next_inputs(time, outputs, state)
            chosen = tf.cast(sample_ids, tf.bool)

            def with_auxiliary(values: tf.Tensor, rows: tf.Tensor | None = None) -> tf.Tensor:
                if self._auxiliary is None:
                    return values
                more = self._auxiliary.read(time + 1)
                return tf.concat([values, more if rows is None else tf.gather_nd(more, rows)], -1)

            def mixed() -> tf.Tensor:
                if self._next_inputs_fn is None:
                    return v1.where(chosen, with_auxiliary(outputs), inputs)
                rows = _indices(chosen)
                return _mixed(chosen, with_auxiliary(self._next_inputs_fn(tf.gather_nd(outputs, rows)), rows), inputs)

            stays = tf.logical_or(tf.reduce_all(finished), tf.logical_not(tf.reduce_any(chosen)))
            return finished, v1.cond(stays, lambda: inputs, mixed), state
