"""Dropout."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .base import Layer
from .functional import functional
from .utils import smart_cond

__all__ = ["Dropout", "dropout"]


class Dropout(Layer):
    """In training, sets each input to 0 with a probability of `rate` and divides the others by `1 - rate`.

    Args:
      rate: The probability, a number or a scalar tensor.
      noise_shape: The shape of what is drawn, where a 1 has one draw for a whole axis; None in it is the
        inputs' size there. If None, the inputs' shape.
      seed: The op's seed.
      name: The layer's name.

    Called with `training`, a bool or a scalar tensor; without it, the output is the input.
    """

    def __init__(
        self, rate: Any = 0.5, noise_shape: Any = None, seed: int | None = None, name: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def call(self, inputs: Any, training: Any = False) -> Any:
        def dropped() -> Any:
            return tf.compat.v1.nn.dropout(
                inputs, noise_shape=self._get_noise_shape(inputs), seed=self.seed, rate=self.rate
            )

        return smart_cond(False if training is None else training, dropped, lambda: tf.identity(inputs))

    def _get_noise_shape(self, inputs: Any) -> Any:
        if self.noise_shape is None or tf.is_tensor(self.noise_shape):
            return self.noise_shape
        shape = tf.shape(inputs)
        return tf.convert_to_tensor([shape[i] if size is None else size for i, size in enumerate(self.noise_shape)])

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


dropout = functional(Dropout, "dropout", "rate noise_shape seed training name", {"training": False})
