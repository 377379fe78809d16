"""Cells around a cell that add no variables: `ResidualWrapper`, `DeviceWrapper`, and their base."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

from .base import RNNCell, assert_like_rnncell

__all__ = ["CellWrapper", "DeviceWrapper", "ResidualWrapper"]


class CellWrapper(RNNCell):
    """A cell with the sizes and the zero state of `cell`, which it calls in the scope that it is called in."""

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell
        _tf.track(self, "cell", cell)

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self.cell

    @property
    def state_size(self) -> Any:
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        return self.cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        return self.step(inputs, state, lambda *values: self.cell(*values, scope=scope))

    def call(self, inputs: Any, state: Any) -> Any:
        """`__call__` without a scope."""
        return self.step(inputs, state, self.cell)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another such wrapper; functions among them are themselves, not described."""
        cell = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return {**super().get_config(), "cell": cell}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The wrapper described, whose `cell` must be a cell, not the description of one, as in TF1."""
        try:
            assert_like_rnncell("cell", config["cell"])
        except TypeError:
            raise ValueError(
                f"{cls.__name__}.from_config cannot make the cell inside; put a cell in the config's place of 'cell'."
            ) from None
        return cls(**config)

    def step(self, inputs: Any, state: Any, cell: Callable[[Any, Any], Any]) -> Any:
        """What the wrapper makes of the step `cell(inputs, state)`."""
        raise NotImplementedError("Abstract method")


class ResidualWrapper(CellWrapper):
    """Adds the inputs to the outputs of `cell`, or gives `residual_fn(inputs, outputs)`."""

    def __init__(self, cell: Any, residual_fn: Callable[[Any, Any], Any] | None = None, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def step(self, inputs: Any, state: Any, cell: Callable[[Any, Any], Any]) -> Any:
        outputs, new_state = cell(inputs, state)
        return (self._residual_fn or _sum)(inputs, outputs), new_state

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **({"residual_fn": self._residual_fn} if self._residual_fn else {})}


def assert_same_shapes(inputs: Any, outputs: Any) -> None:
    """TypeError or ValueError unless the two nests and the shapes in them agree."""
    tf.nest.assert_same_structure(inputs, outputs)
    tf.nest.map_structure(lambda i, o: i.shape.assert_is_compatible_with(o.shape), inputs, outputs)


def _sum(inputs: Any, outputs: Any) -> Any:
    assert_same_shapes(inputs, outputs)
    return tf.nest.map_structure(lambda i, o: i + o, inputs, outputs)


class DeviceWrapper(CellWrapper):
    """Runs `cell` under `tf.device(device)`, its zero state too."""

    def __init__(self, cell: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with tf.compat.v1.device(self._device):
            return super().zero_state(batch_size, dtype)

    def step(self, inputs: Any, state: Any, cell: Callable[[Any, Any], Any]) -> Any:
        with tf.compat.v1.device(self._device):
            return cell(inputs, state)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "device": self._device}
