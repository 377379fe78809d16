"""`tf.contrib.seq2seq`: decoders, what chooses their inputs, and attention.

helper = tf.contrib.seq2seq.TrainingHelper(embedded, lengths)
cell = tf.contrib.seq2seq.AttentionWrapper(cell, tf.contrib.seq2seq.LuongAttention(units, memory))
decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, cell.zero_state(batch, tf.float32), output_layer)
outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder)
"""

from __future__ import annotations

from .attending import hardmax
from .basic import BasicDecoder, BasicDecoderOutput
from .beam_search import BeamSearchDecoder, FinalBeamSearchDecoderOutput
from .decoding import Decoder, dynamic_decode
from .feeding import GreedyEmbeddingHelper, InferenceHelper, SampleEmbeddingHelper
from .helpers import CustomHelper, Helper, TrainingHelper
from .loss import sequence_loss
from .mechanisms import AttentionMechanism, BahdanauAttention, LuongAttention
from .monotonic import BahdanauMonotonicAttention, LuongMonotonicAttention, monotonic_attention, safe_cumprod
from .scheduled import ScheduledEmbeddingTrainingHelper, ScheduledOutputTrainingHelper
from .scores import BeamSearchDecoderOutput, BeamSearchDecoderState
from .trees import gather_tree, tile_batch
from .wrapper import AttentionWrapper, AttentionWrapperState

__all__ = [
    "AttentionMechanism",
    "AttentionWrapper",
    "AttentionWrapperState",
    "BahdanauAttention",
    "BahdanauMonotonicAttention",
    "BasicDecoder",
    "BasicDecoderOutput",
    "BeamSearchDecoder",
    "BeamSearchDecoderOutput",
    "BeamSearchDecoderState",
    "CustomHelper",
    "Decoder",
    "FinalBeamSearchDecoderOutput",
    "GreedyEmbeddingHelper",
    "Helper",
    "InferenceHelper",
    "LuongAttention",
    "LuongMonotonicAttention",
    "SampleEmbeddingHelper",
    "ScheduledEmbeddingTrainingHelper",
    "ScheduledOutputTrainingHelper",
    "TrainingHelper",
    "dynamic_decode",
    "gather_tree",
    "hardmax",
    "monotonic_attention",
    "safe_cumprod",
    "sequence_loss",
    "tile_batch",
]
