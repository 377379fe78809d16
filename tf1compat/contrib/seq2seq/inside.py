"""What programs imported from `tensorflow.contrib.seq2seq.python.ops` that `tf.contrib.seq2seq` itself did not show."""

from __future__ import annotations

from tf1compat.rnn.stacking import transpose_batch_time as _transpose_batch_time

from .attending import bahdanau_score as _bahdanau_score
from .attending import luong_score as _luong_score
from .attending import masked_score as _maybe_mask_score
from .attending import prepared_memory as _prepare_memory
from .helpers import array_of_steps as _unstack_ta
from .mechanisms import BaseAttentionMechanism as _BaseAttentionMechanism
from .monotonic import BaseMonotonicAttentionMechanism as _BaseMonotonicAttentionMechanism
from .monotonic import monotonic_probabilities as _monotonic_probability_fn
from .sampling import bernoulli_sample, categorical_sample
from .scores import attention_probs as get_attention_probs
from .scores import attention_probs_from_attn_state
from .scores import beam_search_step as _beam_search_step
from .scores import length_penalty as _length_penalty
from .scores import masked_probs as _mask_probs
from .scores import scores_of as _get_scores
from .scores import taken as _tensor_gather_helper
from .scores import taken_of_beams as _maybe_tensor_gather_helper
from .trees import checked_batch_and_beams as _check_batch_beam
from .trees import gather_tree_from_array
from .trees import may_be_batch_and_beams as _check_static_batch_beam_maybe
from .wrapper import compute_attention as _compute_attention

__all__ = [
    "_BaseAttentionMechanism",
    "_BaseMonotonicAttentionMechanism",
    "_bahdanau_score",
    "_beam_search_step",
    "_check_batch_beam",
    "_check_static_batch_beam_maybe",
    "_compute_attention",
    "_get_scores",
    "_length_penalty",
    "_luong_score",
    "_mask_probs",
    "_maybe_mask_score",
    "_maybe_tensor_gather_helper",
    "_monotonic_probability_fn",
    "_prepare_memory",
    "_tensor_gather_helper",
    "_transpose_batch_time",
    "_unstack_ta",
    "attention_probs_from_attn_state",
    "bernoulli_sample",
    "categorical_sample",
    "gather_tree_from_array",
    "get_attention_probs",
]
