"""`tf.contrib.rnn`: the cells of `tf.nn.rnn_cell`, those that were only here, and what runs fused cells."""

from __future__ import annotations

from tf1compat.rnn.attention import AttentionCellWrapper
from tf1compat.rnn.base import LayerRNNCell
from tf1compat.rnn.block_sequences import LSTMBlockFusedCell, LSTMBlockWrapper
from tf1compat.rnn.blocks import GRUBlockCell, GRUBlockCellV2, LSTMBlockCell
from tf1compat.rnn.cells import (
    BasicLSTMCell,
    BasicRNNCell,
    DeviceWrapper,
    DropoutWrapper,
    GRUCell,
    LSTMCell,
    LSTMStateTuple,
    MultiRNNCell,
    ResidualWrapper,
    RNNCell,
)
from tf1compat.rnn.convolutional import Conv1DLSTMCell, Conv2DLSTMCell, Conv3DLSTMCell, ConvLSTMCell
from tf1compat.rnn.coupled import CoupledInputForgetGateLSTMCell
from tf1compat.rnn.fused import FusedRNNCell, FusedRNNCellAdaptor, TimeReversedFusedRNN
from tf1compat.rnn.grids import BidirectionalGridLSTMCell, GridLSTMCell
from tf1compat.rnn.grouped import GLSTMCell
from tf1compat.rnn.independent import IndRNNCell, IndyGRUCell, IndyLSTMCell
from tf1compat.rnn.loops import static_bidirectional_rnn, static_rnn, static_state_saving_rnn
from tf1compat.rnn.normed import LayerNormBasicLSTMCell
from tf1compat.rnn.phased import PhasedLSTMCell
from tf1compat.rnn.projections import (
    CompiledWrapper,
    EmbeddingWrapper,
    HighwayWrapper,
    InputProjectionWrapper,
    OutputProjectionWrapper,
)
from tf1compat.rnn.stacking import (
    best_effort_input_batch_size,
    stack_bidirectional_dynamic_rnn,
    stack_bidirectional_rnn,
    transpose_batch_time,
)
from tf1compat.rnn.time_frequency import TimeFreqLSTMCell
from tf1compat.rnn.variants import IntersectionRNNCell, NASCell, SRUCell, UGRNNCell

__all__ = [
    "AttentionCellWrapper",
    "BasicLSTMCell",
    "BasicRNNCell",
    "BidirectionalGridLSTMCell",
    "CompiledWrapper",
    "Conv1DLSTMCell",
    "Conv2DLSTMCell",
    "Conv3DLSTMCell",
    "ConvLSTMCell",
    "CoupledInputForgetGateLSTMCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "EmbeddingWrapper",
    "FusedRNNCell",
    "FusedRNNCellAdaptor",
    "GLSTMCell",
    "GRUBlockCell",
    "GRUBlockCellV2",
    "GRUCell",
    "GridLSTMCell",
    "HighwayWrapper",
    "IndRNNCell",
    "IndyGRUCell",
    "IndyLSTMCell",
    "InputProjectionWrapper",
    "IntersectionRNNCell",
    "LSTMBlockCell",
    "LSTMBlockFusedCell",
    "LSTMBlockWrapper",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerNormBasicLSTMCell",
    "LayerRNNCell",
    "MultiRNNCell",
    "NASCell",
    "OutputProjectionWrapper",
    "PhasedLSTMCell",
    "RNNCell",
    "ResidualWrapper",
    "SRUCell",
    "TimeFreqLSTMCell",
    "TimeReversedFusedRNN",
    "UGRNNCell",
    "best_effort_input_batch_size",
    "stack_bidirectional_dynamic_rnn",
    "stack_bidirectional_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
    "transpose_batch_time",
]
