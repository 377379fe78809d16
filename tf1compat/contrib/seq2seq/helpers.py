"""Helpers: what a `BasicDecoder` samples from an output, and what it gives the cell at the next step."""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.rnn.stacking import transpose_batch_time

__all__ = ["CustomHelper", "Helper", "SamplesIds", "TrainingHelper", "array_of_steps", "embedder"]

v1 = tf.compat.v1


def embedder(embedding: Any) -> Callable[[Any], Any]:
    """`embedding` itself if it is a function of ids, otherwise the function that looks ids up in it."""
    return embedding if callable(embedding) else lambda ids: v1.nn.embedding_lookup(embedding, ids)


def array_of_steps(inputs: tf.Tensor) -> tf.TensorArray:
    """A TensorArray of the steps of a time-major tensor."""
    array = tf.TensorArray(inputs.dtype, size=tf.shape(inputs)[0], element_shape=inputs.shape[1:])
    return array.unstack(inputs)


class Helper(abc.ABC):
    """Samples from outputs and chooses inputs. A subclass has all that is listed here."""

    @property
    @abc.abstractmethod
    def batch_size(self) -> Any:
        """How many sequences, a scalar int32 tensor."""

    @property
    @abc.abstractmethod
    def sample_ids_shape(self) -> Any:
        """The TensorShape of one sequence's sample."""

    @property
    @abc.abstractmethod
    def sample_ids_dtype(self) -> Any:
        """The samples' dtype."""

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> Any:
        """`(finished, inputs)` of the first step."""

    @abc.abstractmethod
    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """The samples of a step's outputs."""

    @abc.abstractmethod
    def next_inputs(self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None) -> Any:
        """`(finished, inputs, state)` of the next step."""


class SamplesIds(Helper):
    """A helper whose sample is one int32 a sequence."""

    _batch_size: Any

    @property
    def batch_size(self) -> Any:
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        return tf.TensorShape([])

    @property
    def sample_ids_dtype(self) -> Any:
        return tf.int32


class CustomHelper(Helper):
    """A helper made of functions, which are called by keywords.

    Args:
      initialize_fn: `() -> (finished, inputs)`.
      sample_fn: `(time, outputs, state) -> sample_ids`.
      next_inputs_fn: `(time, outputs, state, sample_ids) -> (finished, inputs, state)`.
      sample_ids_shape: of one sequence's sample; a scalar if None.
      sample_ids_dtype: int32 if None.
    """

    def __init__(
        self,
        initialize_fn: Callable[..., Any],
        sample_fn: Callable[..., Any],
        next_inputs_fn: Callable[..., Any],
        sample_ids_shape: Any = None,
        sample_ids_dtype: Any = None,
    ) -> None:
        self._initialize_fn = initialize_fn
        self._sample_fn = sample_fn
        self._next_inputs_fn = next_inputs_fn
        self._batch_size: Any = None
        self._sample_ids_shape = tf.TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or tf.int32

    @property
    def batch_size(self) -> Any:
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        return self._sample_ids_shape

    @property
    def sample_ids_dtype(self) -> Any:
        return self._sample_ids_dtype

    def initialize(self, name: str | None = None) -> Any:
        with v1.name_scope(name, f"{type(self).__name__}Initialize"):
            finished, inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = tf.size(finished)
        return finished, inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        with v1.name_scope(name, f"{type(self).__name__}Sample"):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None) -> Any:
        with v1.name_scope(name, f"{type(self).__name__}NextInputs"):
            return self._next_inputs_fn(time=time, outputs=outputs, state=state, sample_ids=sample_ids)


class TrainingHelper(SamplesIds):
    """Gives the cell `inputs`, whatever it made of those before; samples the argmax of outputs.

    Args:
      inputs: a [batch, time, ...] tensor, or [time, batch, ...] where `time_major`.
      sequence_length: [batch] of int32; a sequence has finished after so many steps.
      time_major: see `inputs`.
      name: a name scope.

    Raises:
      ValueError: for lengths that are not a vector.
    """

    def __init__(self, inputs: Any, sequence_length: Any, time_major: bool = False, name: str | None = None) -> None:
        with v1.name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            inputs = tf.convert_to_tensor(inputs, name="inputs")
            self._inputs = inputs
            steps = inputs if time_major else transpose_batch_time(inputs)
            self._input_tas = array_of_steps(steps)
            self._sequence_length = tf.convert_to_tensor(sequence_length, name="sequence_length")
            if self._sequence_length.shape.rank != 1:
                raise ValueError(
                    f"Expected sequence_length to be a vector, but received shape: {self._sequence_length.shape}"
                )
            self._zero_inputs = tf.zeros_like(steps[0])
            self._batch_size = tf.size(self._sequence_length)

    @property
    def inputs(self) -> Any:
        """The inputs given."""
        return self._inputs

    @property
    def sequence_length(self) -> Any:
        """The lengths given, a tensor."""
        return self._sequence_length

    def _inputs_of(self, step: Any, finished: tf.Tensor) -> tf.Tensor:
        """The inputs of a step; zeros when all are finished: there may be no such step."""
        return v1.cond(tf.reduce_all(finished), lambda: self._zero_inputs, lambda: self._input_tas.read(step))

    def initialize(self, name: str | None = None) -> Any:
        with v1.name_scope(name, "TrainingHelperInitialize"):
            finished = tf.equal(0, self._sequence_length)
            return finished, self._inputs_of(0, finished)

    def sample(self, time: Any, outputs: Any, state: Any = None, name: str | None = None, **unused: Any) -> Any:
        with v1.name_scope(name, "TrainingHelperSample"):
            return tf.cast(tf.argmax(outputs, axis=-1), tf.int32)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any = None, name: str | None = None, **unused: Any
    ) -> Any:
        with v1.name_scope(name, "TrainingHelperNextInputs"):
            finished = time + 1 >= self._sequence_length
            return finished, self._inputs_of(time + 1, finished), state
