"""Bidirectional networks in layers, and two helpers for shapes of sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from . import loops

__all__ = [
    "best_effort_input_batch_size",
    "stack_bidirectional_dynamic_rnn",
    "stack_bidirectional_rnn",
    "transpose_batch_time",
]

v1 = tf.compat.v1


def stack_bidirectional_rnn(
    cells_fw: list[Any],
    cells_bw: list[Any],
    inputs: Sequence[Any],
    initial_states_fw: list[Any] | None = None,
    initial_states_bw: list[Any] | None = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """`static_bidirectional_rnn` in layers: each takes the joined outputs of both directions of the one before.

    Args:
      cells_fw, cells_bw: lists of cells, one a layer.
      inputs: a list of [batch, depth] tensors.
      initial_states_fw, initial_states_bw: lists of states, one a layer; zeros of `dtype` if None.
      dtype, sequence_length: as in `static_rnn`.
      scope: a VariableScope or its name; "stack_bidirectional_rnn" if None. Layers stand in `cell_0`, `cell_1`…

    Returns:
      The last layer's outputs, and the final states of each direction, one a layer.
    """
    begins = _checked(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    states_fw, states_bw = [], []
    with v1.variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (cell_fw, cell_bw, state_fw, state_bw) in enumerate(begins):
            with v1.variable_scope(f"cell_{number}") as cell_scope:
                inputs, final_fw, final_bw = loops.static_bidirectional_rnn(
                    cell_fw,
                    cell_bw,
                    inputs,
                    initial_state_fw=state_fw,
                    initial_state_bw=state_bw,
                    sequence_length=sequence_length,
                    dtype=dtype,
                    scope=cell_scope,
                )
            states_fw.append(final_fw)
            states_bw.append(final_bw)
    return inputs, tuple(states_fw), tuple(states_bw)


def stack_bidirectional_dynamic_rnn(
    cells_fw: list[Any],
    cells_bw: list[Any],
    inputs: Any,
    initial_states_fw: list[Any] | None = None,
    initial_states_bw: list[Any] | None = None,
    dtype: Any = None,
    sequence_length: Any = None,
    parallel_iterations: int | None = None,
    time_major: bool = False,
    scope: Any = None,
    swap_memory: bool = False,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """`bidirectional_dynamic_rnn` in layers, as `stack_bidirectional_rnn`.

    `inputs` is [batch, time, depth], or [time, batch, depth] where `time_major`; `parallel_iterations` and
    `swap_memory` are `dynamic_rnn`'s.
    """
    begins = _checked(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    states_fw, states_bw = [], []
    with v1.variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (cell_fw, cell_bw, state_fw, state_bw) in enumerate(begins):
            with v1.variable_scope(f"cell_{number}"):
                outputs, (final_fw, final_bw) = loops.bidirectional_dynamic_rnn(
                    cell_fw,
                    cell_bw,
                    inputs,
                    initial_state_fw=state_fw,
                    initial_state_bw=state_bw,
                    sequence_length=sequence_length,
                    parallel_iterations=parallel_iterations,
                    dtype=dtype,
                    swap_memory=swap_memory,
                    time_major=time_major,
                )
                inputs = tf.concat(outputs, 2)
            states_fw.append(final_fw)
            states_bw.append(final_bw)
    return inputs, tuple(states_fw), tuple(states_bw)


def _checked(cells_fw: Any, cells_bw: Any, states_fw: Any, states_bw: Any) -> list[tuple[Any, Any, Any, Any]]:
    """(forward cell, backward cell, its state, its state) of each layer."""
    for name, cells in (("fw", cells_fw), ("bw", cells_bw)):
        if not cells:
            raise ValueError(f"Must specify at least one {name} cell for BidirectionalRNN.")
        if not isinstance(cells, list):
            raise ValueError(f"cells_{name} must be a list of RNNCells (one per layer).")
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth.")
    for name, states in (("fw", states_fw), ("bw", states_bw)):
        if states is not None and (not isinstance(states, list) or len(states) != len(cells_fw)):
            raise ValueError(f"initial_states_{name} must be a list of state tensors (one per layer).")
    nothing = [None] * len(cells_fw)
    return list(zip(cells_fw, cells_bw, states_fw or nothing, states_bw or nothing, strict=True))


def transpose_batch_time(x: Any) -> Any:
    """`x` with its first two dimensions swapped, the static shape kept; `x` itself below rank 2."""
    shape = x.shape
    if shape.rank is None:
        order = tf.concat([[1, 0], tf.range(2, tf.rank(x))], 0)
        return tf.transpose(x, order)
    return x if shape.rank < 2 else tf.transpose(x, [1, 0, *range(2, shape.rank)])


def best_effort_input_batch_size(flat_input: Sequence[Any]) -> Any:
    """The batch size of time-major inputs: an int if one's shape tells it, otherwise a scalar tensor."""
    for each in flat_input:
        if each.shape.rank is None:
            continue
        if each.shape.rank < 2:
            raise ValueError(f"Expected input tensor {each} to have rank at least 2")
        if each.shape.as_list()[1] is not None:
            return each.shape.as_list()[1]
    return tf.shape(flat_input[0])[1]
