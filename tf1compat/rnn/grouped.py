"""`GLSTMCell`: an LSTM in groups (Kuchaiev and Ginsburg, 2017, arXiv:1703.10722)."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .gates import lstm_step
from .linear import Linear
from .normed import ProjectedCell
from .states import LSTMStateTuple

__all__ = ["GLSTMCell"]

v1 = tf.compat.v1


class GLSTMCell(ProjectedCell):
    """Inputs and output are cut into `number_of_groups` parts, each with gates of its own (`group0/kernel`…);
    biases (`bias_i`, `bias_j`, `bias_f`, `bias_o`) and the `projection` to `num_proj` are common.

    The sizes of inputs, units and projection must be multiples of `number_of_groups`, or ValueError says so.
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        num_proj: int | None = None,
        number_of_groups: int = 1,
        forget_bias: float = 1.0,
        activation: Any = tf.tanh,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        for name, size in (("num_units", num_units), ("num_proj", num_proj or 0)):
            if size % number_of_groups:
                raise ValueError(f"{name} must be divisible by number_of_groups")
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._activation = activation
        self._number_of_groups = number_of_groups
        self._group_shape = [self._output_size // number_of_groups, num_units // number_of_groups]
        self._linear1: list[Linear | None] = [None] * number_of_groups
        self._linear2: Linear | None = None

    def _get_input_for_group(self, inputs: Any, group_id: int, group_size: int) -> tf.Tensor:
        """The columns of one group."""
        name = f"GLSTM_group{group_id}_input_generation"
        return tf.slice(inputs, [0, group_id * group_size], [-1, group_size], name=name)

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        depth, groups = inputs.shape.as_list()[1], self._number_of_groups
        if depth is None:
            raise ValueError("input size must be statically known")
        if depth % groups:
            raise ValueError(f"input size ({depth}) must be divisible by number_of_groups ({groups})")
        rows, columns = self._group_shape
        with v1.variable_scope(v1.get_variable_scope(), initializer=self._initializer):
            parts = []
            for n in range(groups):
                with v1.variable_scope(f"group{n}"):
                    x = self._get_input_for_group(inputs, n, depth // groups)
                    joined = tf.concat([x, self._get_input_for_group(h, n, rows)], 1)
                    linear = self._linear1[n] = self._linear1[n] or Linear(joined, 4 * columns, False)
                    parts.append(tf.split(linear(joined), 4, 1))
            gates = []
            for letter, pieces in zip("ijfo", zip(*parts, strict=True), strict=True):
                bias = v1.get_variable(
                    f"bias_{letter}", [self._num_units], dtype=inputs.dtype, initializer=v1.zeros_initializer()
                )
                gates.append(tf.nn.bias_add(tf.concat(pieces, 1), bias))
        # The new input goes through tanh whatever `activation` is: TF1's choice.
        new_c, _ = lstm_step(gates, c, forget_bias=self._forget_bias, activation=tf.tanh)
        new_h = tf.sigmoid(gates[3]) * self._activation(new_c)
        if self._num_proj is not None:
            with v1.variable_scope("projection"):
                self._linear2 = self._linear2 or Linear(new_h, self._num_proj, False)
                new_h = self._linear2(new_h)
        return new_h, LSTMStateTuple(new_c, new_h)
