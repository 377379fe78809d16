"""`AttentionCellWrapper`: a cell that attends to its own last outputs (Bahdanau et al., 2014, arXiv:1409.0473)."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .base import RNNCell, assert_like_rnncell
from .linear import Linear
from .lstm import warn_of_joined_state

__all__ = ["AttentionCellWrapper"]

v1 = tf.compat.v1


class AttentionCellWrapper(RNNCell):
    """Gives `cell` its inputs mixed with a summary of the last `attn_length` outputs, chosen by its state.

    Args:
      cell: the cell inside.
      attn_length: how many outputs are kept.
      attn_size: the size of an output; that of `cell` if None.
      attn_vec_size: of the layer that compares; `attn_size` if None.
      input_size: of what `cell` gets; that of the inputs if None.
      state_is_tuple: whether the state is (the cell's, the last summary, the kept outputs) or these joined.
      reuse: as for every cell.

    Raises:
      ValueError: for an attn_length below 1, or a cell whose state cannot be joined.
    """

    def __init__(
        self,
        cell: Any,
        attn_length: int,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        input_size: int | None = None,
        state_is_tuple: bool = True,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if tf.nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError(
                "Cell returns tuple of states, but the flag state_is_tuple is not set. "
                f"State size is: {cell.state_size}"
            )
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        warn_of_joined_state(self, state_is_tuple)
        self._cell = cell
        self._attn_length = attn_length
        self._attn_size: int = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size: int = self._attn_size if attn_vec_size is None else attn_vec_size
        self._input_size = input_size
        self._state_is_tuple = state_is_tuple
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> Any:
        sizes = (self._cell.state_size, self._attn_size, self._attn_size * self._attn_length)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        return self._attn_size

    def _linear(self, which: str, args: Any, size: int) -> tf.Tensor:
        if which not in self._linears:
            self._linears[which] = Linear(args, size, True)
        return self._linears[which](args)

    def call(self, inputs: Any, state: Any) -> Any:
        size, length = self._attn_size, self._attn_length
        if not self._state_is_tuple:
            state = tf.split(state, [self._cell.state_size, size, size * length], 1)
        state, summary, kept = state
        kept = tf.reshape(kept, [-1, length, size])
        width = inputs.shape.as_list()[1] if self._input_size is None else self._input_size
        output, new_state = self._cell(self._linear("inputs", [inputs, summary], width), state)
        query = tf.concat(tf.nest.flatten(new_state), 1) if self._state_is_tuple else new_state
        summary = self._attention(query, kept)
        with v1.variable_scope("attn_output_projection"):
            output = self._linear("output", [output, summary], size)
        kept = tf.concat([kept[:, 1:], tf.expand_dims(output, 1)], 1)
        parts = (new_state, summary, tf.reshape(kept, [-1, length * size]))
        return output, parts if self._state_is_tuple else tf.concat(parts, 1)

    def _attention(self, query: Any, kept: Any) -> tf.Tensor:
        """sum_t softmax_t(v . tanh(kept_t W + query U + b)) kept_t"""
        size, vectors = self._attn_size, self._attn_vec_size
        with v1.variable_scope("attention"):
            kernel = v1.get_variable("attn_w", [1, 1, size, vectors])
            v = v1.get_variable("attn_v", [vectors])
            hidden = tf.reshape(kept, [-1, self._attn_length, 1, size])
            features = tf.nn.conv2d(hidden, kernel, 1, "SAME")
            asked = tf.reshape(self._linear("query", query, vectors), [-1, 1, 1, vectors])
            weights = tf.nn.softmax(tf.reduce_sum(v * tf.tanh(features + asked), [2, 3]))
            weights = tf.reshape(weights, [-1, self._attn_length, 1, 1])
            return tf.reshape(tf.reduce_sum(weights * hidden, [1, 2]), [-1, size])
