"""What programs imported from `tensorflow.contrib.rnn.python.ops` that `tf.contrib.rnn` itself did not show."""

from __future__ import annotations

import tensorflow as tf

from .base import RNNCell
from .blocks import block_lstm as _block_lstm
from .linear import Linear as _Linear
from .linear import linear as _linear
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

bidirectional_dynamic_rnn = tf.compat.v1.nn.bidirectional_dynamic_rnn
dynamic_rnn = tf.compat.v1.nn.dynamic_rnn
raw_rnn = tf.compat.v1.nn.raw_rnn
static_rnn = tf.compat.v1.nn.static_rnn
