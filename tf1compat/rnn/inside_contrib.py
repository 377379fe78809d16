"""What programs imported from `tensorflow.contrib.rnn.python.ops` that `tf.contrib.rnn` itself did not show."""

from __future__ import annotations

from .base import RNNCell
from .block_sequences import block_lstm as _block_lstm
from .linear import Linear as _Linear
from .linear import linear as _linear
from .loops import bidirectional_dynamic_rnn, dynamic_rnn, raw_rnn, static_rnn
from .normed import LayerNormLSTMCell, WeightNormLSTMCell
from .variants import CFNCell, MinimalRNNCell

__all__ = [
    "CFNCell",
    "LayerNormLSTMCell",
    "MinimalRNNCell",
    "RNNCell",
    "WeightNormLSTMCell",
    "_Linear",
    "_block_lstm",
    "_linear",
    "bidirectional_dynamic_rnn",
    "dynamic_rnn",
    "raw_rnn",
    "static_rnn",
]
