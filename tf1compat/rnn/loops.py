"""The loops that run cells: TensorFlow's own, which here take Keras's cells too, as TF 1.15's did."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from . import states

__all__ = [
    "bidirectional_dynamic_rnn",
    "dynamic_rnn",
    "raw_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
]


class KerasCell:
    """A Keras cell under the manners of `RNNCell`: one state is a tensor, not a list of one."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    @property
    def state_size(self) -> Any:
        return _plain(self._cell.state_size)

    @property
    def output_size(self) -> Any:
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        return states.zeros(self.state_size, batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        output, new_state = self._cell(inputs, state if isinstance(state, list) else [state])
        return output, tf.nest.pack_sequence_as(self.state_size, tf.nest.flatten(new_state))


def _plain(sizes: Any) -> Any:
    """Keras's own lists and tuples as plain lists."""
    return [_plain(size) for size in sizes] if isinstance(sizes, (list, tuple)) else sizes


def _adapted(cell: Any, inputs: Any) -> Any:
    """`cell`, or for one of Keras, built outside the loop, what the loops take."""
    if hasattr(cell, "zero_state") or not isinstance(cell, tf.keras.layers.Layer) or not hasattr(cell, "state_size"):
        return cell
    flat = tf.nest.flatten(inputs)
    if not cell.built and flat:
        cell.build((None, tf.convert_to_tensor(flat[0]).shape[-1]))
    return KerasCell(cell)


def _loop(loop: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(loop)

    @functools.wraps(loop)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        for name in ("cell", "cell_fw", "cell_bw"):
            if name in given.arguments:
                given.arguments[name] = _adapted(given.arguments[name], given.arguments.get("inputs", ()))
        return loop(*given.args, **given.kwargs)

    return run


_nn = tf.compat.v1.nn
bidirectional_dynamic_rnn = _loop(_nn.bidirectional_dynamic_rnn)
dynamic_rnn = _loop(_nn.dynamic_rnn)
raw_rnn = _loop(_nn.raw_rnn)
static_bidirectional_rnn = _loop(_nn.static_bidirectional_rnn)
static_rnn = _loop(_nn.static_rnn)
static_state_saving_rnn = _loop(_nn.static_state_saving_rnn)
