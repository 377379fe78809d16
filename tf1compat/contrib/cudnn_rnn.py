"""`tf.contrib.cudnn_rnn`: the cells that run without cuDNN what cuDNN trained.

The layers that need a GPU refuse; TF1's checkpoints of them hold the canonical weights, which these cells load.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.rnn.base import depth_of
from tf1compat.rnn.blocks import LSTMBlockCell
from tf1compat.rnn.simple import GRUCell

__all__ = ["CudnnCompatibleGRUCell", "CudnnCompatibleLSTMCell"]

v1 = tf.compat.v1


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """`LSTMBlockCell` with cuDNN's choices: no forget bias, no clipping, no peepholes."""

    def __init__(self, num_units: int, reuse: bool | None = None) -> None:
        super().__init__(num_units, forget_bias=0, reuse=reuse, name="cudnn_compatible_lstm_cell")


class CudnnCompatibleGRUCell(GRUCell):
    """A GRU whose reset gate comes after the recurrent product, which has a bias of its own:

    r, u = sigmoid([inputs, h] W_gates + b_gates)
    c = activation(inputs W_input + b_input + r * (h W_hidden + b_hidden))
    h' = (1 - u) * c + u * h
    """

    def __init__(
        self, num_units: int, reuse: bool | None = None, kernel_initializer: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(num_units, None, reuse, kernel_initializer, **kwargs)

    def build(self, inputs_shape: Any) -> None:
        depth, units = depth_of(inputs_shape), self._num_units
        zeros = self._bias_initializer if self._bias_initializer is not None else v1.zeros_initializer()
        ones = self._bias_initializer if self._bias_initializer is not None else v1.ones_initializer()

        def pair(scope: str, rows: int, columns: int, first: Any) -> tuple[Any, Any]:
            return (
                self.add_variable(f"{scope}/kernel", [rows, columns], initializer=self._kernel_initializer),
                self.add_variable(f"{scope}/bias", [columns], initializer=first),
            )

        self._gate_kernel, self._gate_bias = pair("gates", depth + units, 2 * units, ones)
        self._candidate_input_kernel = self.add_variable(
            "candidate/input_projection/kernel", [depth, units], initializer=self._kernel_initializer
        )
        self._candidate_hidden_kernel = self.add_variable(
            "candidate/hidden_projection/kernel", [units, units], initializer=self._kernel_initializer
        )
        self._candidate_input_bias = self.add_variable("candidate/input_projection/bias", [units], initializer=zeros)
        self._candidate_hidden_bias = self.add_variable("candidate/hidden_projection/bias", [units], initializer=zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        gates = tf.matmul(tf.concat([inputs, state], 1), self._gate_kernel)
        r, u = tf.split(tf.sigmoid(tf.nn.bias_add(gates, self._gate_bias)), 2, 1)
        from_state = tf.nn.bias_add(tf.matmul(state, self._candidate_hidden_kernel), self._candidate_hidden_bias)
        from_inputs = tf.nn.bias_add(tf.matmul(inputs, self._candidate_input_kernel), self._candidate_input_bias)
        c = self._activation(from_inputs + r * from_state)
        h = (1 - u) * c + u * state
        return h, h
