"""Cells whose units see only themselves in the state (Li et al., 2018, arXiv:1803.04831): IndRNN, IndyGRU, IndyLSTM."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .base import depth_of
from .gates import lstm_step
from .simple import UnitsCell
from .states import LSTMStateTuple

__all__ = ["IndRNNCell", "IndyGRUCell", "IndyLSTMCell"]

v1 = tf.compat.v1


class _IndependentCell(UnitsCell):
    """`kernel_w` maps the inputs, the row `kernel_u`, which begins uniform in [-1, 1], multiplies the state."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    def _gate_variables(
        self, depth: int, gates: int, prefix: str = "", bias: float = 0.0, kernel: str = "kernel_w"
    ) -> tuple[Any, Any, Any]:
        columns = gates * self._num_units
        first = self._bias_initializer
        return (
            self.add_variable(f"{prefix}{kernel}", shape=[depth, columns], initializer=self._kernel_initializer),
            self.add_variable(
                f"{prefix}kernel_u",
                shape=[1, columns],
                initializer=v1.random_uniform_initializer(-1, 1, dtype=tf.as_dtype(self.dtype or tf.float32)),
            ),
            self.add_variable(
                f"{prefix}bias",
                shape=[columns],
                initializer=v1.constant_initializer(bias) if first is None else first,
            ),
        )

    @staticmethod
    def _gates(inputs: Any, state: Any, variables: tuple[Any, Any, Any], number: int = 1) -> tf.Tensor:
        kernel, row, bias = variables
        repeated = state if number == 1 else tf.tile(state, [1, number])
        return tf.nn.bias_add(tf.matmul(inputs, kernel) + repeated * row, bias)


class IndRNNCell(_IndependentCell):
    """output = new state = activation(inputs W + u * state + b)."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, None, None, name, dtype)

    def build(self, inputs_shape: Any) -> None:
        self._variables = self._gate_variables(depth_of(inputs_shape), 1)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        output = self._activation(self._gates(inputs, state, self._variables))
        return output, output


class IndyGRUCell(_IndependentCell):
    """`GRUCell` with independent units."""

    def build(self, inputs_shape: Any) -> None:
        depth = depth_of(inputs_shape)
        self._gate = self._gate_variables(depth, 2, "gates/", 1.0)
        # TF1 gave this one kernel no suffix.
        self._candidate = self._gate_variables(depth, 1, "candidate/", kernel="kernel")
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        r, u = tf.split(tf.sigmoid(self._gates(inputs, state, self._gate, 2)), 2, 1)
        c = self._activation(self._gates(inputs, r * state, self._candidate))
        h = u * state + (1 - u) * c
        return h, h


class IndyLSTMCell(_IndependentCell):
    """`BasicLSTMCell` with independent units."""

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        activation: Any = None,
        reuse: bool | None = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, kernel_initializer, bias_initializer, name, dtype)
        self._forget_bias = forget_bias

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    def build(self, inputs_shape: Any) -> None:
        self._variables = self._gate_variables(depth_of(inputs_shape), 4)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        gates = tf.split(self._gates(inputs, h, self._variables, 4), 4, 1)
        new_c, new_h = lstm_step(gates, c, forget_bias=self._forget_bias, activation=self._activation)
        return new_h, LSTMStateTuple(new_c, new_h)
