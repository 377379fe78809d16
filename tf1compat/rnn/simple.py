"""The cells without a memory of their own: `BasicRNNCell` and `GRUCell`."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.layers.base import InputSpec

from .base import LayerRNNCell, check_dtypes, check_inputs, depth_of
from .configs import activation_config, activation_of, initializer_config, initializer_of

__all__ = ["BasicRNNCell", "GRUCell", "UnitsCell"]

v1 = tf.compat.v1


class UnitsCell(LayerRNNCell):
    """A cell whose output and state are the same [batch, num_units] kind of tensor.

    Args:
      num_units: how many units.
      activation: a callable or the name of one; tanh if None.
      reuse: whether variables that stand in the scope already are taken; True insists that they do.
      name: the layer's name, which is its scope's.
      dtype: of the variables; that of the first inputs if None.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_dtypes(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_of(activation)

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_units": self._num_units,
            "activation": activation_config(self._activation),
            "reuse": self._reuse,
        }


class BasicRNNCell(UnitsCell):
    """output = new state = activation([inputs, state] W + b)."""

    def build(self, inputs_shape: Any) -> None:
        depth = depth_of(inputs_shape)
        check_dtypes(self.dtype)
        self._kernel = self.add_variable("kernel", shape=[depth + self._num_units, self._num_units])
        self._bias = self.add_variable(
            "bias", shape=[self._num_units], initializer=v1.zeros_initializer()
        )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_inputs(inputs, state)
        output = tf.nn.bias_add(tf.matmul(tf.concat([inputs, state], 1), self._kernel), self._bias)
        output = self._activation(output)
        return output, output


class GRUCell(UnitsCell):
    """Gated recurrent unit (Cho et al., 2014, arXiv:1406.1078), the reset gate before the product:

        r, u = sigmoid([inputs, h] W_gates + b_gates)
        c = activation([inputs, r * h] W_candidate + b_candidate)
        h' = u * h + (1 - u) * c

    `kernel_initializer` and `bias_initializer` are for both pairs of variables; without them kernels begin as the
    scope says and biases with 1 (gates) and 0 (candidate).
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: bool | None = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = initializer_of(kernel_initializer)
        self._bias_initializer = initializer_of(bias_initializer)

    def build(self, inputs_shape: Any) -> None:
        rows = depth_of(inputs_shape) + self._num_units
        check_dtypes(self.dtype)
        begins = self._bias_initializer

        def pair(scope: str, columns: int, bias: float) -> tuple[Any, Any]:
            first = begins if begins is not None else v1.constant_initializer(bias)
            return (
                self.add_variable(f"{scope}/kernel", shape=[rows, columns], initializer=self._kernel_initializer),
                self.add_variable(f"{scope}/bias", shape=[columns], initializer=first),
            )

        self._gate_kernel, self._gate_bias = pair("gates", 2 * self._num_units, 1.0)
        self._candidate_kernel, self._candidate_bias = pair("candidate", self._num_units, 0.0)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_inputs(inputs, state)
        gates = tf.matmul(tf.concat([inputs, state], 1), self._gate_kernel)
        r, u = tf.split(tf.sigmoid(tf.nn.bias_add(gates, self._gate_bias)), 2, 1)
        candidate = tf.matmul(tf.concat([inputs, r * state], 1), self._candidate_kernel)
        c = self._activation(tf.nn.bias_add(candidate, self._candidate_bias))
        h = u * state + (1 - u) * c
        return h, h

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_initializer": initializer_config(self._kernel_initializer),
            "bias_initializer": initializer_config(self._bias_initializer),
        }
