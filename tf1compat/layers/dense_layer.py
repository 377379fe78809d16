"""Densely connected layers."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from . import identifiers
from .functional import functional
from .input_spec import InputSpec
from .weighted import Weighted

__all__ = ["Dense", "dense"]

_v1 = tf.compat.v1


class Dense(Weighted):
    """`activation(inputs @ kernel + bias)`, along the last axis of inputs of rank 2 or more; they may be sparse.

    Variables: `kernel` [last size of the inputs, units] and `bias` [units].

    Args:
      units: How many outputs.
      activation: A function, or the name of one; None for none.
      use_bias: Whether to add a bias.
      kernel_initializer: If None, the variable scope's, or glorot_uniform.
      bias_initializer: Makes the bias's first value.
      kernel_regularizer, bias_regularizer: Functions of the variable whose result becomes a loss.
      activity_regularizer: One of the output, whose result by the batch's size becomes a loss.
      kernel_constraint, bias_constraint: Functions that project the variable after an optimizer's step.
      trainable: Whether the variables are added to TRAINABLE_VARIABLES.
      name: The layer's name.

    Raises:
      TypeError: when it is built, if the dtype is not floating nor complex.
      ValueError: when it is built, if the inputs' last size is not known.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = _v1.zeros_initializer(),  # noqa: B008 - it has no state
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=identifiers.regularizer(activity_regularizer), **kwargs)
        self.units = int(units)
        self.activation = identifiers.activation(activation)
        self.use_bias = use_bias
        self._describe("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._describe("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape: Any) -> None:
        dtype = tf.as_dtype(self.dtype or tf.float32)
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(f"Unable to build `Dense` layer with non-floating point dtype {dtype}")
        size = tf.TensorShape(input_shape).as_list()[-1]
        if size is None:
            raise ValueError(
                f"The last dimension of the inputs to `Dense` should be defined. Found `None` in {input_shape}."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: size})
        self.kernel = self._make("kernel", [size, self.units])
        self.bias = self._make("bias", [self.units]) if self.use_bias else None
        self.built = True

    def call(self, inputs: Any) -> Any:
        rank = len(inputs.shape)
        if rank > 2:
            outputs = tf.tensordot(inputs, self.kernel, [[rank - 1], [0]])
            if not tf.executing_eagerly():
                outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        else:
            inputs = tf.cast(inputs, self._compute_dtype)
            if isinstance(inputs, tf.SparseTensor):
                outputs = tf.sparse.sparse_dense_matmul(inputs, self.kernel)
            else:
                outputs = tf.matmul(inputs, self.kernel)
        if self.bias is not None:
            outputs = tf.nn.bias_add(outputs, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> tf.TensorShape:
        shape = tf.TensorShape(input_shape).with_rank_at_least(2)
        if shape.as_list()[-1] is None:
            raise ValueError(f"The innermost dimension of input_shape must be defined, but saw: {input_shape}")
        return shape[:-1].concatenate(self.units)


dense = functional(Dense, "dense")
