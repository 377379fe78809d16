"""`BasicDecoder`: a cell, a helper that chooses its inputs, and a layer on top of its outputs."""

from __future__ import annotations

import collections
from typing import Any

import tensorflow as tf

from tf1compat.layers.base import Layer
from tf1compat.rnn.base import assert_like_rnncell

from .decoding import Decoder
from .helpers import Helper

__all__ = ["BasicDecoder", "BasicDecoderOutput", "size_after"]

v1 = tf.compat.v1


class BasicDecoderOutput(collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))):
    """A step's outputs: of the cell (and the layer on it), and what the helper sampled of these."""


def size_after(layer: Any, size: Any) -> Any:
    """The size of a cell's output (an int, a TensorShape, or a nest of them) after a layer."""
    if layer is None:
        return size
    batched = tf.nest.map_structure(lambda s: tf.TensorShape([None]).concatenate(s), size)
    if not isinstance(layer, Layer):  # a layer of Keras 3 takes and gives tuples
        return tf.TensorShape(layer.compute_output_shape(tuple(batched.as_list()))[1:])
    return tf.nest.map_structure(lambda shape: shape[1:], layer.compute_output_shape(batched))


class BasicDecoder(Decoder):
    """Runs `cell`, applies `output_layer`, samples by `helper`.

    Args:
      cell: an RNNCell.
      helper: a Helper.
      initial_state: the cell's; the outputs have the dtype of its first tensor.
      output_layer: a layer of `tf.layers`, or None.

    Raises:
      TypeError: for arguments that are not those.
    """

    def __init__(self, cell: Any, helper: Helper, initial_state: Any, output_layer: Any = None) -> None:
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")
        self._cell = cell
        self._helper = helper
        self._initial_state = initial_state
        self._output_layer = output_layer

    @property
    def batch_size(self) -> Any:
        return self._helper.batch_size

    def _rnn_output_size(self) -> Any:
        return size_after(self._output_layer, self._cell.output_size)

    @property
    def output_size(self) -> Any:
        return BasicDecoderOutput(self._rnn_output_size(), self._helper.sample_ids_shape)

    @property
    def output_dtype(self) -> Any:
        dtype = tf.nest.flatten(self._initial_state)[0].dtype
        return BasicDecoderOutput(
            tf.nest.map_structure(lambda _: dtype, self._rnn_output_size()), self._helper.sample_ids_dtype
        )

    def initialize(self, name: str | None = None) -> Any:
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        with v1.name_scope(name, "BasicDecoderStep"):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            samples = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=samples
            )
        return BasicDecoderOutput(outputs, samples), state, inputs, finished
