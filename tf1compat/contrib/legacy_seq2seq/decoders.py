"""Decoders that are unrolled: one output for each tensor of a list.

Shapes: B examples, T steps that are attended to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.rnn.linear import linear

__all__ = [
    "attention_decoder",
    "check_projection",
    "embedding_attention_decoder",
    "embedding_rnn_decoder",
    "embedding_loop",
    "rnn_decoder",
]

v1 = tf.compat.v1


def embedding_loop(embedding: Any, output_projection: Any = None, update_embedding: bool = True) -> Callable[..., Any]:
    """A `loop_function`: the embedding of the greatest of the last output, or of output @ W + B for (W, B).

    Gradients reach the embedding through it only where `update_embedding`.
    """

    def loop_function(previous: Any, _: int) -> Any:
        if output_projection is not None:
            previous = v1.nn.xw_plus_b(previous, output_projection[0], output_projection[1])
        embedded = v1.nn.embedding_lookup(embedding, tf.argmax(previous, 1))
        return embedded if update_embedding else tf.stop_gradient(embedded)

    return loop_function


def check_projection(output_projection: Any, symbols: int, dtype: Any) -> None:
    """ValueError unless (W, B) project to so many symbols."""
    if output_projection is not None:
        weights, biases = (tf.convert_to_tensor(each, dtype=dtype) for each in output_projection)
        weights.shape.assert_is_compatible_with([None, symbols])
        biases.shape.assert_is_compatible_with([symbols])


class _Inputs:
    """The inputs of the steps: those given, or after the first what `loop_function(last output, step)` makes."""

    def __init__(self, given: Any, loop_function: Callable[[Any, int], Any] | None) -> None:
        self._given = given
        self._loop_function = loop_function
        self.last_output: Any = None

    def __iter__(self) -> Any:
        for step, inputs in enumerate(self._given):
            if step > 0:
                v1.get_variable_scope().reuse_variables()
            if self._loop_function is not None and self.last_output is not None:
                with v1.variable_scope("loop_function", reuse=True):
                    inputs = self._loop_function(self.last_output, step)
            yield step, inputs


def rnn_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    cell: Any,
    loop_function: Callable[[Any, int], Any] | None = None,
    scope: Any = None,
) -> tuple[list[tf.Tensor], Any]:
    """`(outputs, last state)` of a cell run on a list of [B, depth] tensors.

    Args:
      decoder_inputs: the list.
      initial_state: the cell's first state.
      cell: an RNNCell.
      loop_function: `(last output, step) -> inputs`, in the place of all inputs but the first.
      scope: of the variables; `rnn_decoder` if None.
    """
    with v1.variable_scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        steps = _Inputs(decoder_inputs, loop_function)
        for _, inputs in steps:
            output, state = cell(inputs, state)
            outputs.append(output)
            steps.last_output = output
    return outputs, state


def embedding_rnn_decoder(
    decoder_inputs: list[Any],
    initial_state: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> tuple[list[tf.Tensor], Any]:
    """`rnn_decoder` of symbols, looked up in a variable `embedding` [num_symbols, embedding_size].

    Args:
      decoder_inputs: a list of [B] integers.
      initial_state, cell: as for `rnn_decoder`.
      num_symbols, embedding_size: of the embedding.
      output_projection: (W [output size, num_symbols], B [num_symbols]), which makes logits of outputs, or None.
      feed_previous: whether every input but the first is the symbol of the greatest logit of the last output.
      update_embedding_for_previous: whether gradients reach the embedding through these.
      scope: of the variables; `embedding_rnn_decoder` if None.

    Raises:
      ValueError: for a projection of other shapes.
    """
    with v1.variable_scope(scope or "embedding_rnn_decoder") as scope:
        check_projection(output_projection, num_symbols, scope.dtype)
        embedding = v1.get_variable("embedding", [num_symbols, embedding_size])
        loop = embedding_loop(embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        embedded = (v1.nn.embedding_lookup(embedding, symbols) for symbols in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop)


class _Heads:
    """Attention to `attention_states` [B, T, size] by heads, each with variables `AttnW_i`, `AttnV_i`, `Attention_i`.

    read = sum_t softmax_t(v . tanh(states_t W + query U + b)) states_t
    """

    def __init__(self, attention_states: Any, heads: int, dtype: Any) -> None:
        _, length, size = attention_states.shape.as_list()
        self._length = tf.shape(attention_states)[1] if length is None else length
        self.size, self.heads, self._dtype = size, heads, dtype
        self._hidden = tf.reshape(attention_states, [-1, self._length, 1, size])
        self._features, self._v = [], []
        for i in range(heads):
            kernel = v1.get_variable(f"AttnW_{i}", [1, 1, size, size], dtype=dtype)
            self._features.append(tf.nn.conv2d(self._hidden, kernel, 1, "SAME"))
            self._v.append(v1.get_variable(f"AttnV_{i}", [size], dtype=dtype))

    def nothing(self, batch_size: Any) -> list[tf.Tensor]:
        """What is read before the first step: zeros."""
        return [tf.ensure_shape(tf.zeros([batch_size, self.size], self._dtype), [None, self.size])] * self.heads

    def read(self, query: Any) -> list[tf.Tensor]:
        """What each head reads for a state, a nest of [B, depth] tensors: [B, size]."""
        joined = query
        if tf.nest.is_nested(query):
            parts = tf.nest.flatten(query)
            if any(part.shape.rank not in (None, 2) for part in parts):
                raise ValueError(f"attention_decoder: states must be of rank 2, saw {[p.shape for p in parts]}")
            joined = tf.concat(parts, 1)
        found = []
        for i, (features, v) in enumerate(zip(self._features, self._v, strict=True)):
            with v1.variable_scope(f"Attention_{i}"):
                asked = tf.cast(tf.reshape(linear(joined, self.size, True), [-1, 1, 1, self.size]), self._dtype)
                score = tf.reduce_sum(v * tf.tanh(features + asked), [2, 3])
                weights = tf.cast(tf.nn.softmax(tf.cast(score, tf.float32)), self._dtype)
                weighed = tf.reshape(weights, [-1, self._length, 1, 1]) * self._hidden
                found.append(tf.reshape(tf.reduce_sum(weighed, [1, 2]), [-1, self.size]))
        return found


def attention_decoder(
    decoder_inputs: list[Any],
    initial_state: Any,
    attention_states: Any,
    cell: Any,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: Callable[[Any, int], Any] | None = None,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[tf.Tensor], Any]:
    """`(outputs, last state)` of a cell that attends to `attention_states` (Vinyals et al., 2014, arXiv:1412.7449).

        output, state = cell(linear(inputs, reads), state);  reads = heads(state);  outputs[i] = linear(output, reads)

    Args:
      decoder_inputs: a list of [B, depth] tensors.
      initial_state: the cell's first state.
      attention_states: [B, T, size].
      cell: an RNNCell.
      output_size: of the outputs; the cell's if None.
      num_heads: how many heads read.
      loop_function: `(last output, step) -> inputs`, in the place of all inputs but the first.
      dtype: of the variables; the scope's if None.
      scope: of the variables; `attention_decoder` if None.
      initial_state_attention: whether the heads read for the first state, too, rather than begin with zeros.

    Raises:
      ValueError: without inputs or heads, and for inputs or states of unknown depth.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.shape.as_list()[2] is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    output_size = cell.output_size if output_size is None else output_size
    with v1.variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        dtype = scope.dtype
        batch_size = tf.shape(decoder_inputs[0])[0]
        heads = _Heads(attention_states, num_heads, dtype)
        reads = heads.read(initial_state) if initial_state_attention else heads.nothing(batch_size)
        state, outputs = initial_state, []
        steps = _Inputs(decoder_inputs, loop_function)
        for step, inputs in steps:
            depth = inputs.shape.with_rank(2).as_list()[1]
            if depth is None:
                raise ValueError(f"Could not infer input size from input: {inputs.name}")
            joined = linear([tf.cast(each, dtype) for each in (inputs, *reads)], depth, True)
            output, state = cell(joined, state)
            # The heads' variables are there already if they read before the first step.
            reuse = True if step == 0 and initial_state_attention else None
            with v1.variable_scope(v1.get_variable_scope(), reuse=reuse):
                reads = heads.read(state)
            with v1.variable_scope("AttnOutputProjection"):
                output = linear([tf.cast(output, dtype), *reads], output_size, True)
            outputs.append(output)
            steps.last_output = output
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs: list[Any],
    initial_state: Any,
    attention_states: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[tf.Tensor], Any]:
    """`attention_decoder` of symbols, looked up in a variable `embedding` [num_symbols, embedding_size].

    Args are those of `attention_decoder` and `embedding_rnn_decoder`; the scope is `embedding_attention_decoder`.
    """
    output_size = cell.output_size if output_size is None else output_size
    if output_projection is not None:
        biases = tf.convert_to_tensor(output_projection[1], dtype=dtype)
        biases.shape.assert_is_compatible_with([num_symbols])
    with v1.variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = v1.get_variable("embedding", [num_symbols, embedding_size])
        loop = embedding_loop(embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        return attention_decoder(
            [v1.nn.embedding_lookup(embedding, symbols) for symbols in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            output_size=output_size,
            num_heads=num_heads,
            loop_function=loop,
            initial_state_attention=initial_state_attention,
        )
