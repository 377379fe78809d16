"""The names of `tf.nn.rnn_cell`."""

from __future__ import annotations

from .base import RNNCell
from .dropout import DropoutWrapper
from .lstm import BasicLSTMCell, LSTMCell
from .multi import MultiRNNCell
from .simple import BasicRNNCell, GRUCell
from .states import LSTMStateTuple
from .wrappers import DeviceWrapper, ResidualWrapper

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "MultiRNNCell",
    "RNNCell",
    "ResidualWrapper",
]
