"""Encoders and decoders, unrolled: whole models from lists of inputs to lists of outputs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.rnn.base import RNNCell
from tf1compat.rnn.projections import EmbeddingWrapper, OutputProjectionWrapper

from .decoders import (
    check_projection,
    embedding_attention_decoder,
    embedding_loop,
    embedding_rnn_decoder,
    rnn_decoder,
)

__all__ = [
    "basic_rnn_seq2seq",
    "embedding_attention_seq2seq",
    "embedding_rnn_seq2seq",
    "embedding_tied_rnn_seq2seq",
    "one2many_rnn_seq2seq",
    "tied_rnn_seq2seq",
]

v1 = tf.compat.v1

Outputs = tuple[list[tf.Tensor], Any]


def _fed(feed_previous: Any, decode: Callable[[bool, bool], Outputs], like: Any, count: int) -> Outputs:
    """`decode(feed_previous, update_embedding)`: built once for a bool, both ways in a cond for a tensor.

    `like` is a nest like the state, `count` the number of outputs. Gradients do not reach the embedding through fed
    outputs in a cond.
    """
    if isinstance(feed_previous, bool):
        return decode(feed_previous, True)

    def branch(fed: bool) -> list[tf.Tensor]:
        with v1.variable_scope(v1.get_variable_scope(), reuse=None if fed else True):
            outputs, state = decode(fed, False)
            return outputs + tf.nest.flatten(state)

    found = v1.cond(feed_previous, lambda: branch(True), lambda: branch(False))
    return found[:count], tf.nest.pack_sequence_as(like, found[count:])


def basic_rnn_seq2seq(
    encoder_inputs: list[Any], decoder_inputs: list[Any], cell: Any, dtype: Any = tf.float32, scope: Any = None
) -> Outputs:
    """A copy of the cell encodes a list of [batch, depth] tensors; the cell decodes, from its last state on.

    The scope is `basic_rnn_seq2seq` unless one is given.
    """
    with v1.variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = v1.nn.static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    loop_function: Callable[[Any, int], Any] | None = None,
    dtype: Any = tf.float32,
    scope: Any = None,
) -> Outputs:
    """One cell, with the same variables, encodes and decodes. Args are those of `rnn_decoder`.

    The scope is `combined_tied_rnn_seq2seq/tied_rnn_seq2seq`, or with another second name.
    """
    with v1.variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = v1.nn.static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        v1.get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def embedding_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Outputs:
    """A copy of the cell encodes symbols, the cell decodes symbols, each with an embedding.

    Args:
      encoder_inputs, decoder_inputs: lists of [batch] integers.
      cell: an RNNCell.
      num_encoder_symbols, num_decoder_symbols, embedding_size: of the two embeddings.
      output_projection: see `embedding_rnn_decoder`; if None the outputs are [batch, num_decoder_symbols].
      feed_previous: see `embedding_rnn_decoder`; may be a scalar tensor.
      dtype: of the state and the variables; the scope's if None.
      scope: `embedding_rnn_seq2seq` if None.
    """
    with v1.variable_scope(scope or "embedding_rnn_seq2seq") as scope:
        if dtype is not None:
            scope.set_dtype(dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = v1.nn.static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        decoder = cell if output_projection is not None else OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(fed: bool, update_embedding: bool) -> Outputs:
            return embedding_rnn_decoder(
                decoder_inputs,
                state,
                decoder,
                num_decoder_symbols,
                embedding_size,
                output_projection=output_projection,
                feed_previous=fed,
                update_embedding_for_previous=update_embedding,
            )

        return _fed(feed_previous, decode, state, len(decoder_inputs))


def embedding_tied_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_decoder_symbols: int | None = None,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Outputs:
    """One cell and one embedding, `embedding` [num_symbols, embedding_size], encode and decode symbols.

    Args:
      num_decoder_symbols: how many of the symbols are decoded; all if None.

    The others are those of `embedding_rnn_seq2seq`; the scope is `embedding_tied_rnn_seq2seq`.
    """
    with v1.variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        check_projection(output_projection, num_symbols, dtype)
        embedding = v1.get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        embedded_in, embedded_out = (
            [v1.nn.embedding_lookup(embedding, symbols) for symbols in inputs]
            for inputs in (encoder_inputs, decoder_inputs)
        )
        symbols_out = num_symbols if num_decoder_symbols is None else num_decoder_symbols
        wrapped = cell if output_projection is not None else OutputProjectionWrapper(cell, symbols_out)

        def decode(fed: bool, update_embedding: bool) -> Outputs:
            loop = embedding_loop(embedding, output_projection, update_embedding) if fed else None
            return tied_rnn_seq2seq(embedded_in, embedded_out, wrapped, loop_function=loop, dtype=dtype)

        return _fed(feed_previous, decode, wrapped.state_size, len(decoder_inputs))


def embedding_attention_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> Outputs:
    """`embedding_rnn_seq2seq` whose decoder attends to all outputs of the encoder.

    Args:
      num_heads, initial_state_attention: see `attention_decoder`.

    The others are those of `embedding_rnn_seq2seq`; the scope is `embedding_attention_seq2seq`.
    """
    with v1.variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        encoded, state = v1.nn.static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        attended = tf.concat([tf.reshape(each, [-1, 1, cell.output_size]) for each in encoded], 1)
        decoder, output_size = cell, None
        if output_projection is None:
            decoder, output_size = OutputProjectionWrapper(cell, num_decoder_symbols), num_decoder_symbols

        def decode(fed: bool, update_embedding: bool) -> Outputs:
            return embedding_attention_decoder(
                decoder_inputs,
                state,
                attended,
                decoder,
                num_decoder_symbols,
                embedding_size,
                num_heads=num_heads,
                output_size=output_size,
                output_projection=output_projection,
                feed_previous=fed,
                update_embedding_for_previous=update_embedding,
                initial_state_attention=initial_state_attention,
            )

        return _fed(feed_previous, decode, state, len(decoder_inputs))


def one2many_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs_dict: dict[Any, list[Any]],
    enc_cell: Any,
    dec_cells_dict: dict[Any, Any],
    num_encoder_symbols: int,
    num_decoder_symbols_dict: dict[Any, int],
    embedding_size: int,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[dict[Any, list[tf.Tensor]], dict[Any, Any]]:
    """One encoder and a decoder for each key: `({key: outputs}, {key: state})` (Luong et al., 2015, arXiv:1511.06114).

    Args:
      encoder_inputs: a list of [batch] integers.
      decoder_inputs_dict, dec_cells_dict, num_decoder_symbols_dict: inputs, RNNCell and symbols of each decoder.
      enc_cell: the encoder's RNNCell.
      num_encoder_symbols, embedding_size: of the embeddings.
      feed_previous, dtype: see `embedding_rnn_seq2seq`.
      scope: `one2many_rnn_seq2seq` if None; that of a decoder below it is `one2many_decoder_KEY`.

    Raises:
      TypeError: for a cell that is none.
      ValueError: for cells and inputs of other keys.
    """
    if not isinstance(enc_cell, RNNCell):
        raise TypeError(f"enc_cell is not an RNNCell: {type(enc_cell)}")
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError("keys of dec_cells_dict != keys of decoder_inputs_dict")
    for cell in dec_cells_dict.values():
        if not isinstance(cell, RNNCell):
            raise TypeError(f"dec_cell is not an RNNCell: {type(cell)}")
    outputs, states = {}, {}
    with v1.variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(enc_cell, num_encoder_symbols, embedding_size)
        _, state = v1.nn.static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        for key, inputs in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[key]
            with v1.variable_scope(f"one2many_decoder_{key}"):
                decoder = OutputProjectionWrapper(dec_cells_dict[key], symbols)

                def decode(
                    fed: bool, _: bool, inputs: Any = inputs, decoder: Any = decoder, symbols: int = symbols
                ) -> Outputs:
                    return embedding_rnn_decoder(inputs, state, decoder, symbols, embedding_size, feed_previous=fed)

                outputs[key], states[key] = _fed(feed_previous, decode, state, len(inputs))
    return outputs, states
