"""Flattening."""

from __future__ import annotations

import math
from typing import Any

import tensorflow as tf

from .base import Layer
from .functional import functional
from .input_spec import InputSpec
from .utils import normalize_data_format

__all__ = ["Flatten", "flatten"]


class Flatten(Layer):
    """The inputs as a matrix: the batch's axis, and all others in one. Inputs of rank 1 become a column.

    Args:
      data_format: `channels_last` or `channels_first`; channels that come first are moved to the end before.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format or "channels_last")
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Any:
        rank = inputs.shape.rank
        if self.data_format == "channels_first" and rank > 1:
            inputs = tf.transpose(inputs, [0, *range(2, rank), 1])
        batch = inputs.shape.as_list()[0] or tf.shape(inputs)[0]
        outputs = tf.reshape(inputs, (batch, -1))
        if not tf.executing_eagerly():
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> tf.TensorShape:
        batch, *sizes = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([batch, math.prod(sizes) if all(sizes) else None])


flatten = functional(Flatten, "flatten", "name data_format", {"name": None})
