"""`BeamSearchDecoder`: keeps the best hypotheses of each example at every step."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np
import tensorflow as tf

from tf1compat.layers.base import Layer
from tf1compat.rnn.base import assert_like_rnncell

from . import scores, trees
from .basic import size_after
from .decoding import Decoder
from .helpers import embedder
from .scores import BeamSearchDecoderOutput, BeamSearchDecoderState

__all__ = ["BeamSearchDecoder", "FinalBeamSearchDecoderOutput"]

v1 = tf.compat.v1


class FinalBeamSearchDecoderOutput(
    collections.namedtuple("FinalBeamDecoderOutput", ["predicted_ids", "beam_search_decoder_output"])
):
    """`predicted_ids`, [batch, time, beams], the best beam first; and what all steps put out."""


class BeamSearchDecoder(Decoder):
    """Keeps the `beam_width` hypotheses of the highest scores, B examples of them.

    A cell that attends needs memory and lengths from `tile_batch(..., multiplier=beam_width)`, a `zero_state` of
    B * beam_width and in it an encoder's state from `tile_batch`.

    Args:
      cell: an RNNCell.
      embedding: a function of ids, [B, beam_width], or what `tf.nn.embedding_lookup` looks them up in.
      start_tokens: [B] of int32, not tiled.
      end_token: a scalar int32, with which a hypothesis ends.
      initial_state: the cell's, of B * beam_width.
      beam_width: an int.
      output_layer: a layer that makes logits of the cell's outputs, or None.
      length_penalty_weight: see `scores.length_penalty`.
      coverage_penalty_weight: see `scores.scores_of`; only for cells that attend.
      reorder_tensor_arrays: whether TensorArrays in the final state become tensors in the order of the final beams.

    Raises:
      TypeError: for a cell or a layer that is none.
      ValueError: for tokens of other ranks, or a state of another batch size.
    """

    def __init__(
        self,
        cell: Any,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        initial_state: Any,
        beam_width: int,
        output_layer: Any = None,
        length_penalty_weight: Any = 0.0,
        coverage_penalty_weight: Any = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:
        assert_like_rnncell("cell", cell)
        if output_layer is not None and not isinstance(output_layer, (Layer, tf.keras.layers.Layer)):
            raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")
        self._cell = cell
        self._output_layer = output_layer
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._beam_width = beam_width
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._embedding_fn = embedder(embedding)
        tokens = tf.convert_to_tensor(start_tokens, tf.int32, name="start_tokens")
        if tokens.shape.rank != 1:
            raise ValueError("start_tokens must be a vector")
        self._end_token = tf.convert_to_tensor(end_token, tf.int32, name="end_token")
        if self._end_token.shape.rank != 0:
            raise ValueError("end_token must be a scalar")
        self._batch_size = tf.size(tokens)
        self._initial_cell_state = tf.nest.map_structure(self._split_if_batched, initial_state, cell.state_size)
        self._start_tokens = tf.tile(tf.expand_dims(tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        # At first all beams of an example are the same: only the first one counts.
        self._finished = tf.one_hot(
            tf.zeros([self._batch_size], tf.int32), beam_width, on_value=False, off_value=True, dtype=tf.bool
        )

    @property
    def batch_size(self) -> Any:
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """True: beams change their places from step to step."""
        return True

    @property
    def output_size(self) -> BeamSearchDecoderOutput:
        return BeamSearchDecoderOutput(*[tf.TensorShape([self._beam_width])] * 3)

    @property
    def _dtype(self) -> Any:
        return tf.nest.flatten(self._initial_cell_state)[0].dtype

    @property
    def output_dtype(self) -> BeamSearchDecoderOutput:
        size = size_after(self._output_layer, self._cell.output_size)
        of_scores = tf.nest.map_structure(lambda _: self._dtype, size)
        return BeamSearchDecoderOutput(of_scores, tf.int32, tf.int32)

    def initialize(self, name: str | None = None) -> Any:
        dtype = self._dtype
        log_probs = tf.one_hot(
            tf.zeros([self._batch_size], tf.int32),
            self._beam_width,
            on_value=tf.constant(0.0, dtype),
            off_value=tf.constant(-np.inf, dtype),
            dtype=dtype,
        )
        attended = scores.attention_probs(self._initial_cell_state, self._coverage_penalty_weight)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=log_probs,
            finished=self._finished,
            lengths=tf.zeros([self._batch_size, self._beam_width], tf.int64),
            accumulated_attention_probs=() if attended is None else attended,
        )
        return self._finished, self._start_inputs, state

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        with v1.name_scope(name, "BeamSearchDecoderStep"):
            inputs = tf.nest.map_structure(lambda i: self._merge(i, i.shape[2:]), inputs)
            sizes = self._cell.state_size
            cell_state = tf.nest.map_structure(self._merge_if_batched, state.cell_state, sizes)
            outputs, cell_state = self._cell(inputs, cell_state)
            outputs = tf.nest.map_structure(lambda out: self._split(out, out.shape[1:]), outputs)
            cell_state = tf.nest.map_structure(self._split_if_batched, cell_state, sizes)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            output, state = scores.beam_search_step(
                time=time,
                logits=outputs,
                next_cell_state=cell_state,
                beam_state=state,
                batch_size=self._batch_size,
                beam_width=self._beam_width,
                end_token=self._end_token,
                length_penalty_weight=self._length_penalty_weight,
                coverage_penalty_weight=self._coverage_penalty_weight,
            )
            next_inputs = v1.cond(
                tf.reduce_all(state.finished),
                lambda: self._start_inputs,
                lambda: self._embedding_fn(output.predicted_ids),
            )
        return output, state, next_inputs, state.finished

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        longest = tf.cast(tf.reduce_max(final_state.lengths, axis=1), tf.int32)
        ids = trees.gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorder_tensor_arrays:
            in_order = tf.nest.map_structure(
                lambda t: self._in_order(t, outputs.parent_ids, final_state.lengths), final_state.cell_state
            )
            final_state = final_state._replace(cell_state=in_order)
        return FinalBeamSearchDecoderOutput(predicted_ids=ids, beam_search_decoder_output=outputs), final_state

    def _in_order(self, t: Any, parent_ids: Any, lengths: Any) -> Any:
        """A TensorArray's elements by the final beams, if they are of beams."""
        if not isinstance(t, tf.TensorArray):
            return t
        shape = t.element_shape
        if shape.rank is None or shape.rank < 1:
            v1.logging.warn(
                "The TensorArray %s in the cell state is not amenable to sorting based on the beam search result. For "
                "a TensorArray to be sorted, its elements shape must be defined and have at least a rank of 1, but saw "
                "shape: %s",
                t,
                shape,
            )
            return t
        if not trees.may_be_batch_and_beams(shape, self._known_batch_size, self._beam_width):
            return t
        stacked = t.stack()
        fits = trees.checked_batch_and_beams(stacked, self._batch_size, self._beam_width)
        with tf.control_dependencies([fits]):
            return trees.gather_tree_from_array(stacked, parent_ids, lengths)

    # [batch, beams, ...] for the search, [batch * beams, ...] for the cell.

    @property
    def _known_batch_size(self) -> int | None:
        known = tf.get_static_value(self._batch_size)
        return None if known is None else int(known)

    def _merge(self, t: Any, size: Any) -> Any:
        known = self._known_batch_size
        merged = tf.reshape(t, tf.concat([[self._batch_size * self._beam_width], tf.shape(t)[2:]], 0))
        first = None if known is None else known * self._beam_width
        merged.set_shape(tf.TensorShape([first]).concatenate(_shape_of(size)))
        return merged

    def _split(self, t: Any, size: Any) -> Any:
        split = tf.reshape(t, tf.concat([[self._batch_size, self._beam_width], tf.shape(t)[1:]], 0))
        expected = tf.TensorShape([self._known_batch_size, self._beam_width]).concatenate(_shape_of(size))
        if not split.shape.is_compatible_with(expected):
            raise ValueError(
                "Unexpected behavior when reshaping between beam width and batch size.  The reshaped tensor has shape: "
                f"{split.shape}.  We expected it to have shape (batch_size, beam_width, depth) == {expected}.  Perhaps "
                "you forgot to create a zero_state with batch_size=encoder_batch_size * beam_width?"
            )
        split.set_shape(expected)
        return split

    def _merge_if_batched(self, t: Any, size: Any) -> Any:
        if isinstance(t, tf.TensorArray):
            return t
        scores.check_rank(t)
        return self._merge(t, size) if t.shape.rank >= 2 else t

    def _split_if_batched(self, t: Any, size: Any) -> Any:
        if isinstance(t, tf.TensorArray):
            return t
        scores.check_rank(t)
        return self._split(t, size) if t.shape.rank >= 1 else t


def _shape_of(size: Any) -> tf.TensorShape:
    """The shape of one leaf of a state: an int, a TensorShape, or a tensor that may be known."""
    if tf.is_tensor(size):
        known = tf.get_static_value(size)
        if known is None:
            return tf.TensorShape([None]) if size.shape.rank == 0 else tf.TensorShape(None)
        size = known.tolist()
    return tf.TensorShape([size] if isinstance(size, int) else size)
