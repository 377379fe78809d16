"""What programs imported from `tensorflow.python.ops.rnn_cell_impl` and `rnn_cell`, by the names it had there."""

from __future__ import annotations

from .base import LayerRNNCell, RNNCell, assert_like_rnncell
from .cells import (
    BasicLSTMCell,
    BasicRNNCell,
    DeviceWrapper,
    DropoutWrapper,
    GRUCell,
    LSTMCell,
    LSTMStateTuple,
    MultiRNNCell,
    ResidualWrapper,
)
from .linear import Linear as _Linear
from .linear import linear as _linear
from .states import zeros as _zero_state_tensors

__all__ = [
    "ASSERT_LIKE_RNNCELL_ERROR_REGEXP",
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerRNNCell",
    "MultiRNNCell",
    "RNNCell",
    "ResidualWrapper",
    "_BIAS_VARIABLE_NAME",
    "_Linear",
    "_WEIGHTS_VARIABLE_NAME",
    "_linear",
    "_zero_state_tensors",
    "assert_like_rnncell",
]

ASSERT_LIKE_RNNCELL_ERROR_REGEXP = "is not an RNNCell"
_BIAS_VARIABLE_NAME = "bias"
_WEIGHTS_VARIABLE_NAME = "kernel"
