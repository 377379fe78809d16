"""`MultiRNNCell`: cells one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.layers.base import Layer

from .base import RNNCell

__all__ = ["MultiRNNCell"]

v1 = tf.compat.v1


class MultiRNNCell(RNNCell):
    """Each cell takes the output of the one before; their variables stand in `cell_0`, `cell_1`…

    Args:
      cells: a list or tuple of cells; the same object twice shares its weights, and TF1's warning says so.
      state_is_tuple: whether the state is the tuple of theirs; otherwise theirs, which must be tensors, joined.
    """

    def __init__(self, cells: Sequence[Any], state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not tf.nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if len({id(cell) for cell in cells}) < len(cells):
            v1.logging.log_first_n(
                v1.logging.WARN,
                "At least two cells provided to MultiRNNCell are the same object and will share weights.",
                1,
            )
        self._cells = cells
        for number, cell in enumerate(cells):
            _tf.track(self, f"cell-{number}", cell)
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(tf.nest.is_nested(cell.state_size) for cell in cells):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set.  "
                f"State sizes are: {[cell.state_size for cell in cells]}"
            )

    @property
    def state_size(self) -> Any:
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        return self._cells[-1].output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            if self._state_is_tuple:
                return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)
            return super().zero_state(batch_size, dtype)

    def _weights_of_cells(self, which: str) -> list[Any]:
        return [w for cell in self._cells if isinstance(cell, Layer) for w in getattr(cell, which)]

    @property
    def trainable_weights(self) -> list[Any]:
        return self._weights_of_cells("trainable_weights") if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        frozen = self._weights_of_cells("non_trainable_weights")
        return frozen if self.trainable else self._weights_of_cells("trainable_weights") + frozen

    def call(self, inputs: Any, state: Any) -> Any:
        sizes = [cell.state_size for cell in self._cells]
        if self._state_is_tuple and not tf.nest.is_nested(state):
            raise ValueError(f"Expected state to be a tuple of length {len(sizes)}, but received: {state}")
        states = state if self._state_is_tuple else tf.split(state, sizes, 1)
        new_states = []
        for number, cell in enumerate(self._cells):
            with v1.variable_scope(f"cell_{number}"):
                inputs, new_state = cell(inputs, states[number])
            new_states.append(new_state)
        return inputs, tuple(new_states) if self._state_is_tuple else tf.concat(new_states, 1)
