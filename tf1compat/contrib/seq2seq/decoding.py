"""`dynamic_decode`: runs a `Decoder` until every sequence of the batch is finished."""

from __future__ import annotations

import abc
from typing import Any

import tensorflow as tf

from tf1compat.rnn import states
from tf1compat.rnn.stacking import transpose_batch_time

__all__ = ["Decoder", "dynamic_decode"]

v1 = tf.compat.v1


class Decoder(abc.ABC):
    """What `dynamic_decode` runs: `initialize` once, then `step` after `step`, and `finalize`.

    Inputs, states and outputs are nests of tensors with the batch in front; states may hold TensorArrays, too.
    """

    @property
    def batch_size(self) -> Any:
        """How many sequences, an int or a scalar tensor."""
        raise NotImplementedError

    @property
    def output_size(self) -> Any:
        """A nest of ints or TensorShapes: those of one step's outputs, without the batch."""
        raise NotImplementedError

    @property
    def output_dtype(self) -> Any:
        """A nest of dtypes like `output_size`."""
        raise NotImplementedError

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> Any:
        """`(finished, inputs, state)` before the first step."""

    @abc.abstractmethod
    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """`(outputs, next state, next inputs, finished)` of step `time`, a scalar int32."""

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """`(outputs, state)` made of all steps' outputs, time first; as they are where this is not implemented."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self) -> bool:
        """Whether `step` gives all that have finished until now, not only those that finish now."""
        return False


def dynamic_decode(
    decoder: Decoder,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: Any = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Any = None,
    **kwargs: Any,
) -> tuple[Any, Any, tf.Tensor]:
    """`(outputs, state, sequence_lengths)` when every sequence is finished, or after `maximum_iterations` steps.

    Args:
      decoder: the Decoder.
      output_time_major: whether outputs are [time, batch, ...] rather than [batch, time, ...].
      impute_finished: whether a finished sequence's outputs are zeros and its state stays.
      maximum_iterations: a scalar, or None for no limit.
      parallel_iterations, swap_memory: as `tf.while_loop` takes them.
      scope: of the variables; `decoder` if None.

    Raises:
      TypeError: unless it is a Decoder, and for another keyword.
      ValueError: for `maximum_iterations` that is not a scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    if kwargs:
        raise TypeError(f"dynamic_decode got an unexpected keyword argument: {', '.join(sorted(kwargs))}")
    with v1.variable_scope(scope, "decoder"):
        limit = None
        if maximum_iterations is not None:
            limit = tf.convert_to_tensor(maximum_iterations, tf.int32, name="maximum_iterations")
            if limit.shape.rank != 0:
                raise ValueError("maximum_iterations must be a scalar")
        finished, inputs, state = decoder.initialize()
        if limit is not None:
            finished = tf.logical_or(finished, limit <= 0)
        size, dtype, batch = decoder.output_size, decoder.output_dtype, decoder.batch_size
        zeros = tf.nest.map_structure(lambda s, d: states.zeros(s, batch, d), size, dtype)
        arrays = tf.nest.map_structure(lambda s, d: _outputs_of(s, d, batch), size, dtype)
        start = (tf.constant(0), arrays, state, inputs, finished, tf.zeros_like(finished, dtype=tf.int32))

        def body(time: Any, arrays: Any, state: Any, inputs: Any, finished: Any, lengths: Any) -> Any:
            outputs, next_state, next_inputs, now = decoder.step(time, inputs, state)
            next_finished = now if decoder.tracks_own_finished else tf.logical_or(now, finished)
            lengths = tf.where(finished, lengths, tf.fill(tf.shape(lengths), time + 1))
            for before, after in ((state, next_state), (arrays, outputs), (inputs, next_inputs)):
                tf.nest.assert_same_structure(before, after)
            if impute_finished:
                outputs = tf.nest.map_structure(lambda out, zero: v1.where(finished, zero, out), outputs, zeros)
                next_state = tf.nest.map_structure(lambda new, old: _unless(finished, new, old), next_state, state)
            arrays = tf.nest.map_structure(lambda array, out: array.write(time, out), arrays, outputs)
            return time + 1, arrays, next_state, next_inputs, next_finished, lengths

        _, arrays, state, _, _, lengths = v1.while_loop(
            lambda time, arrays, state, inputs, finished, lengths: tf.logical_not(tf.reduce_all(finished)),
            body,
            loop_vars=start,
            parallel_iterations=parallel_iterations,
            maximum_iterations=limit,
            swap_memory=swap_memory,
        )
        outputs = tf.nest.map_structure(lambda array: array.stack(), arrays)
        try:
            outputs, state = decoder.finalize(outputs, state, lengths)
        except NotImplementedError:
            pass
        if not output_time_major:
            outputs = tf.nest.map_structure(transpose_batch_time, outputs)
    return outputs, state, lengths


def _outputs_of(size: Any, dtype: Any, batch: Any) -> tf.TensorArray:
    """A growing array for one output of every step."""
    shape = None
    if isinstance(size, tf.TensorShape) and size.rank != 0:
        known = tf.get_static_value(tf.convert_to_tensor(batch, name="batch_size"))
        shape = tf.TensorShape([None if known is None else int(known)]).concatenate(size)
    return tf.TensorArray(dtype, size=0, dynamic_size=True, element_shape=shape)


def _unless(finished: tf.Tensor, new: Any, old: Any) -> Any:
    """`old` where finished; TensorArrays and scalars are not any one sequence's and are `new`."""
    if isinstance(old, tf.TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.rank == 0 else v1.where(finished, old, new)
