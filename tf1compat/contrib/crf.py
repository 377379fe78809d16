"""`tf.contrib.crf`: linear-chain conditional random fields.

Shapes: B examples, T steps, O tags. `inputs` (the unary potentials) [B, T, O], `tag_indices` [B, T],
`sequence_lengths` [B], `transition_params` [O, O], from the row's tag to the column's. The score of tags y is

    sum over t < length of inputs[t, y[t]]  +  sum over 0 < t < length of transitions[y[t - 1], y[t]]

and the log likelihood of y its score minus the log of the sum of exp(score) over all tags.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from tf1compat.rnn.base import RNNCell

__all__ = [
    "CrfDecodeBackwardRnnCell",
    "CrfDecodeForwardRnnCell",
    "CrfForwardRnnCell",
    "crf_binary_score",
    "crf_decode",
    "crf_log_likelihood",
    "crf_log_norm",
    "crf_multitag_sequence_score",
    "crf_sequence_score",
    "crf_unary_score",
    "viterbi_decode",
]

v1 = tf.compat.v1


# --- scores --------------------------------------------------------------------------------------


def crf_unary_score(tag_indices: Any, sequence_lengths: Any, inputs: tf.Tensor) -> tf.Tensor:
    """The unary part of the score of each example, [B]."""
    scores = tf.gather(inputs, tag_indices, batch_dims=2)
    return tf.reduce_sum(scores * tf.sequence_mask(sequence_lengths, tf.shape(tag_indices)[1], inputs.dtype), 1)


def crf_binary_score(tag_indices: Any, sequence_lengths: Any, transition_params: Any) -> tf.Tensor:
    """The transitions' part of the score of each example, [B]."""
    tag_indices, transitions = tf.convert_to_tensor(tag_indices), tf.convert_to_tensor(transition_params)
    scores = tf.gather_nd(transitions, tf.stack([tag_indices[:, :-1], tag_indices[:, 1:]], axis=-1))
    return tf.reduce_sum(scores * tf.sequence_mask(sequence_lengths, tf.shape(tag_indices)[1], scores.dtype)[:, 1:], 1)


def crf_sequence_score(inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any) -> tf.Tensor:
    """The score of the tags of each example, [B]; 0 for an example of length 0."""
    inputs = tf.convert_to_tensor(inputs)
    unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
    return unary + crf_binary_score(tag_indices, sequence_lengths, transition_params)


def crf_multitag_sequence_score(
    inputs: Any, tag_bitmap: Any, sequence_lengths: Any, transition_params: Any
) -> tf.Tensor:
    """The log of the sum of exp(score) over the tags that `tag_bitmap`, [B, T, O] of bool, allows, [B]."""
    inputs = tf.convert_to_tensor(inputs)
    allowed = tf.where(tag_bitmap, inputs, tf.fill(tf.shape(inputs), tf.constant(-np.inf, inputs.dtype)))
    return crf_log_norm(allowed, sequence_lengths, transition_params)


def crf_log_norm(inputs: Any, sequence_lengths: Any, transition_params: Any) -> tf.Tensor:
    """The log of the sum of exp(score) over all tags, [B]; 0 for an example of length 0."""
    inputs, lengths = tf.convert_to_tensor(inputs), tf.convert_to_tensor(sequence_lengths)
    cell = CrfForwardRnnCell(transition_params)
    _, alphas = v1.nn.dynamic_rnn(cell, _later(inputs), _steps(lengths), initial_state=inputs[:, 0])
    norm = tf.reduce_logsumexp(alphas, [1])
    return tf.where(lengths <= 0, tf.zeros_like(norm), norm)


def crf_log_likelihood(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any = None
) -> tuple[tf.Tensor, Any]:
    """(log likelihood of the tags of each example, [B]; the transitions).

    transition_params: where None, the variable `transitions` of the current scope.
    """
    inputs = tf.convert_to_tensor(inputs)
    if transition_params is None:
        transition_params = v1.get_variable("transitions", [inputs.shape[2], inputs.shape[2]])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


# --- the best tags -------------------------------------------------------------------------------


def crf_decode(potentials: Any, transition_params: Any, sequence_length: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """(the tags of the highest score, [B, T] of int32, 0 beyond an example's length; that score, [B])."""
    potentials, lengths = tf.convert_to_tensor(potentials), tf.convert_to_tensor(sequence_length)
    steps = _steps(lengths)
    forward = CrfDecodeForwardRnnCell(transition_params)
    # `dtype` is that of the outputs here.
    pointers, last = v1.nn.dynamic_rnn(forward, _later(potentials), steps, potentials[:, 0], dtype=tf.int32)
    backward = CrfDecodeBackwardRnnCell(potentials.shape[2])
    final = tf.argmax(last, axis=1, output_type=tf.int32)[:, tf.newaxis]
    pointers = tf.reverse_sequence(pointers, steps, seq_axis=1)
    earlier, _ = v1.nn.dynamic_rnn(backward, pointers, steps, initial_state=final)
    reversed_tags = tf.concat([final, tf.squeeze(earlier, [2])[:, :-1]], axis=1)
    return tf.reverse_sequence(reversed_tags, lengths, seq_axis=1), tf.reduce_max(last, axis=1)


def viterbi_decode(score: np.ndarray, transition_params: np.ndarray) -> tuple[list[Any], Any]:
    """(the list of the T tags of the highest score; that score) of one example, on arrays: `score` is [T, O]."""
    best = np.array(score[0])
    pointers = []
    for unary in score[1:]:
        through = best[:, np.newaxis] + transition_params
        pointers.append(np.argmax(through, 0))
        best = unary + np.max(through, 0)
    tags: list[Any] = [np.argmax(best)]
    for pointer in reversed(pointers):
        tags.append(pointer[tags[-1]])
    return tags[::-1], np.max(best)


# --- the cells that the loops run ----------------------------------------------------------------


def _later(inputs: tf.Tensor) -> tf.Tensor:
    """The steps after the first, and one more that no example reaches: a loop has a step to run when T is 1."""
    return tf.concat([inputs[:, 1:], tf.zeros_like(inputs[:, :1])], axis=1)


def _steps(lengths: tf.Tensor) -> tf.Tensor:
    """How many steps follow the first."""
    return tf.maximum(tf.constant(0, lengths.dtype), lengths - 1)


class _TagCell(RNNCell):
    """A cell whose state and output are a number for each tag."""

    def __init__(self, transition_params: Any) -> None:
        super().__init__()
        self._transitions = tf.convert_to_tensor(transition_params)[tf.newaxis]

    @property
    def state_size(self) -> int:
        return self._transitions.shape[1]

    @property
    def output_size(self) -> int:
        return self._transitions.shape[1]

    def _through(self, state: tf.Tensor) -> tf.Tensor:
        """[B, from, to]"""
        return state[:, :, tf.newaxis] + self._transitions


class CrfForwardRnnCell(_TagCell):
    """The forward algorithm: alpha'[j] = inputs[j] + logsumexp over i of (alpha[i] + transitions[i, j])."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> tuple[tf.Tensor, tf.Tensor]:
        alphas = inputs + tf.reduce_logsumexp(self._through(state), [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_TagCell):
    """The Viterbi algorithm: the state is the best score for each tag, the output where each came from, int32."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> tuple[tf.Tensor, tf.Tensor]:
        through = self._through(state)
        return tf.argmax(through, 1, output_type=tf.int32), inputs + tf.reduce_max(through, [1])


class CrfDecodeBackwardRnnCell(RNNCell):
    """Follows the pointers, `inputs` [B, O], from the tag in `state`, [B, 1]."""

    def __init__(self, num_tags: int) -> None:
        super().__init__()
        self._num_tags = num_tags

    @property
    def state_size(self) -> int:
        return 1

    @property
    def output_size(self) -> int:
        return 1

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> tuple[tf.Tensor, tf.Tensor]:
        tags = tf.gather(inputs, state, batch_dims=1)
        return tags, tags
