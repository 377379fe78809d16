"""How a beam search scores hypotheses, and its step (Wu et al., 2016, arXiv:1609.08144).

Shapes: B examples, K beams, V symbols, T steps of memory.
"""

from __future__ import annotations

import collections
from typing import Any

import tensorflow as tf

from .wrapper import AttentionWrapperState

__all__ = [
    "BeamSearchDecoderOutput",
    "BeamSearchDecoderState",
    "attention_probs",
    "attention_probs_from_attn_state",
    "beam_search_step",
    "length_penalty",
    "masked_probs",
    "scores_of",
    "taken",
    "taken_of_beams",
]

v1 = tf.compat.v1


class BeamSearchDecoderState(
    collections.namedtuple(
        "BeamSearchDecoderState", ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs")
    )
):
    """The cell's state and, all [B, K], each hypothesis' log probability, whether it has ended, and its length; and
    [B, K, T] how much it has attended to each step of the memory, or () where that does not count."""


class BeamSearchDecoderOutput(
    collections.namedtuple("BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))
):
    """What a step adds, all [B, K]: the scores, the symbols, and which hypotheses they are added to."""


def length_penalty(sequence_lengths: Any, penalty_factor: Any) -> Any:
    """((5 + length) / 6) ** factor, float32; 1.0 where the factor is known to be 0."""
    factor = tf.convert_to_tensor(penalty_factor, name="penalty_factor")
    factor.set_shape(())
    if tf.get_static_value(factor) == 0:
        return 1.0
    return (5.0 + tf.cast(sequence_lengths, tf.float32)) ** factor / (5.0 + 1.0) ** factor


def scores_of(
    log_probs: Any,
    sequence_lengths: Any,
    length_penalty_weight: Any,
    coverage_penalty_weight: Any,
    finished: Any,
    accumulated_attention_probs: Any,
) -> Any:
    """log_probs / length penalty + weight * sum over memory of log(min(attention, 1)), the latter of the finished.

    All but `finished`, [B, K], and the attention, [B, K, T], are [B, K, V]. Memory that got no attention at all is
    taken to be beyond the example's length.
    """
    scores = log_probs / tf.cast(length_penalty(sequence_lengths, length_penalty_weight), log_probs.dtype)
    weight = tf.convert_to_tensor(coverage_penalty_weight, name="coverage_penalty_weight")
    if weight.shape.rank != 0:
        raise ValueError(f"coverage_penalty_weight should be a scalar, but saw shape: {weight.shape}")
    if tf.get_static_value(weight) == 0.0:
        return scores
    if accumulated_attention_probs is None:
        raise ValueError("accumulated_attention_probs can be None only if coverage penalty is disabled.")
    attended = tf.where(
        tf.equal(accumulated_attention_probs, 0.0),
        tf.ones_like(accumulated_attention_probs),
        accumulated_attention_probs,
    )
    penalty = tf.reduce_sum(tf.math.log(tf.minimum(attended, 1.0)), 2) * tf.cast(finished, tf.float32)
    return scores + tf.expand_dims(penalty * weight, 2)


def masked_probs(probs: Any, eos_token: Any, finished: Any) -> Any:
    """The log probabilities [B, K, V], where those of a finished hypothesis are 0 for `eos_token`, else the least."""
    row = tf.one_hot(
        eos_token,
        tf.shape(probs)[2],
        dtype=probs.dtype,
        on_value=tf.constant(0.0, probs.dtype),
        off_value=tf.constant(probs.dtype.min, probs.dtype),
    )
    return tf.where(tf.expand_dims(finished, 2), row, probs)


def attention_probs_from_attn_state(attention_state: AttentionWrapperState) -> Any:
    """The alignments, [B, K, T], or the mean of those of several mechanisms."""
    alignments = attention_state.alignments
    return tf.reduce_mean(tf.stack(alignments, -1), -1) if isinstance(alignments, tuple) else alignments


def attention_probs(next_cell_state: Any, coverage_penalty_weight: Any) -> Any:
    """The alignments of a state, or the mean of those of several cells; None where they do not count."""
    if not tf.is_tensor(coverage_penalty_weight) and coverage_penalty_weight == 0.0:
        return None
    each = next_cell_state if isinstance(next_cell_state, tuple) else ()
    states = [next_cell_state] if isinstance(next_cell_state, AttentionWrapperState) else each
    found = [attention_probs_from_attn_state(s) for s in states if isinstance(s, AttentionWrapperState)]
    if not found:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return found[0] if len(found) == 1 else tf.reduce_mean(tf.stack(found, -1), -1)


def taken(
    gather_indices: Any, gather_from: Any, batch_size: Any, range_size: Any, gather_shape: list[Any], name: Any = None
) -> tf.Tensor:
    """Of each example's `range_size` entries, those with its indices, in the shape that `gather_from` has.

    `gather_from` is taken as `gather_shape`, whose first dimension numbers all examples' entries.
    """
    with v1.name_scope(name, "tensor_gather_helper"):
        first = tf.expand_dims(tf.range(batch_size) * range_size, 1)
        rows = tf.gather(tf.reshape(gather_from, gather_shape), tf.reshape(gather_indices + first, [-1]))
        ahead = 1 + len(gather_shape)
        result = tf.reshape(rows, tf.shape(gather_from)[:ahead], name="output")
        known = tf.get_static_value(batch_size) if tf.is_tensor(batch_size) else batch_size
        result.set_shape(tf.TensorShape([known]).concatenate(gather_from.shape[1:ahead]))
        return result


def taken_of_beams(
    gather_indices: Any, gather_from: Any, batch_size: Any, range_size: Any, gather_shape: list[Any]
) -> Any:
    """`taken`, but for TensorArrays and tensors of fewer dimensions than `gather_shape`, which stay as they are."""
    if isinstance(gather_from, tf.TensorArray):
        return gather_from
    check_rank(gather_from)
    if gather_from.shape.rank < len(gather_shape):
        return gather_from
    return taken(gather_indices, gather_from, batch_size, range_size, gather_shape)


def check_rank(t: Any) -> None:
    """ValueError for a tensor of unknown rank."""
    if t.shape.rank is None:
        raise ValueError(f"Expected tensor ({t}) to have known rank, but ndims == None.")


def beam_search_step(
    time: Any,
    logits: Any,
    next_cell_state: Any,
    beam_state: BeamSearchDecoderState,
    batch_size: Any,
    beam_width: int,
    end_token: Any,
    length_penalty_weight: Any,
    coverage_penalty_weight: Any,
) -> tuple[BeamSearchDecoderOutput, BeamSearchDecoderState]:
    """Of all hypotheses, each with one symbol more by `logits` [B, K, V], the K of the highest scores.

    One that has ended is kept, as its own only continuation, with `end_token`.
    """
    ended = beam_state.finished
    symbols = logits.shape.as_list()[-1] or tf.shape(logits)[-1]
    steps = masked_probs(tf.nn.log_softmax(logits), end_token, ended)
    log_probs = tf.expand_dims(beam_state.log_probs, 2) + steps
    not_end = tf.one_hot(
        tf.fill([batch_size, beam_width], end_token),
        symbols,
        on_value=tf.constant(0, tf.int64),
        off_value=tf.constant(1, tf.int64),
        dtype=tf.int64,
    )
    going_on = tf.logical_not(ended)
    lengths = not_end * tf.expand_dims(tf.cast(going_on, tf.int64), 2) + tf.expand_dims(beam_state.lengths, 2)

    attended = None
    probs = attention_probs(next_cell_state, coverage_penalty_weight)
    if probs is not None:
        probs *= tf.expand_dims(tf.cast(going_on, tf.float32), 2)
        attended = beam_state.accumulated_attention_probs + probs
    scores = scores_of(log_probs, lengths, length_penalty_weight, coverage_penalty_weight, ended, attended)

    best, places = tf.math.top_k(tf.reshape(scores, [batch_size, -1]), k=beam_width)
    known = tf.get_static_value(batch_size) if tf.is_tensor(batch_size) else batch_size
    best.set_shape([known, beam_width])
    places.set_shape([known, beam_width])
    words = tf.cast(places % symbols, tf.int32, name="next_beam_word_ids")
    parents = tf.cast(places // symbols, tf.int32, name="next_beam_parent_ids")

    def of_parents(values: Any, name: str | None = None) -> tf.Tensor:
        return taken(parents, values, batch_size, beam_width, [-1], name)

    had_ended = of_parents(ended)
    rows = [batch_size * beam_width, -1]
    state = BeamSearchDecoderState(
        cell_state=tf.nest.map_structure(
            lambda s: taken_of_beams(parents, s, batch_size, beam_width, rows), next_cell_state
        ),
        log_probs=taken(places, log_probs, batch_size, beam_width * symbols, [-1], "next_beam_probs"),
        finished=tf.logical_or(had_ended, tf.equal(words, end_token), name="next_beam_finished"),
        lengths=of_parents(beam_state.lengths) + tf.cast(tf.logical_not(had_ended), tf.int64),
        accumulated_attention_probs=()
        if attended is None
        else taken(parents, attended, batch_size, beam_width, rows, "next_accumulated_attention_probs"),
    )
    return BeamSearchDecoderOutput(best, words, parents), state
