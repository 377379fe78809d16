"""What runs over whole sequences: `FusedRNNCell`, plain cells adapted to it, and its reverse."""

from __future__ import annotations

import abc
from typing import Any

import tensorflow as tf

from . import loops

__all__ = ["FusedRNNCell", "FusedRNNCellAdaptor", "TimeReversedFusedRNN"]


class FusedRNNCell(abc.ABC):
    """Something called as `outputs, final state = cell(inputs, …)` on all steps at once."""

    @abc.abstractmethod
    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Outputs, of the kind of `inputs` ([time, batch, depth] or a list of [batch, depth]), and final state.

        Args:
          inputs: see above.
          initial_state: the cell's; zeros of `dtype` if None.
          dtype: of initial state and outputs, where the initial state does not say.
          sequence_length: [batch], how many steps count.
          scope: a VariableScope or its name.
        """


class FusedRNNCellAdaptor(FusedRNNCell):
    """A plain cell run by `static_rnn`, or by `dynamic_rnn` where `use_dynamic_rnn` is True."""

    def __init__(self, cell: Any, use_dynamic_rnn: bool = False) -> None:
        self._cell = cell
        self._use_dynamic_rnn = use_dynamic_rnn

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        is_list = isinstance(inputs, list)
        given = {
            "sequence_length": sequence_length,
            "initial_state": initial_state,
            "dtype": dtype,
            "scope": scope,
        }
        if self._use_dynamic_rnn:
            inputs = tf.stack(inputs) if is_list else inputs
            outputs, state = loops.dynamic_rnn(self._cell, inputs, time_major=True, **given)
            return tf.unstack(outputs) if is_list else outputs, state
        inputs = inputs if is_list else tf.unstack(inputs)
        outputs, state = loops.static_rnn(self._cell, inputs, **given)
        return outputs if is_list else tf.stack(outputs), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell that reads its inputs backwards, within their lengths; its outputs stand in the inputs' order."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def _reverse(self, steps: Any, lengths: Any) -> Any:
        if isinstance(steps, list):
            return steps[::-1]
        return tf.reverse(steps, [0]) if lengths is None else tf.reverse_sequence(steps, lengths, 0, 1)

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        outputs, state = self._cell(
            self._reverse(inputs, sequence_length),
            initial_state=initial_state,
            dtype=dtype,
            sequence_length=sequence_length,
            scope=scope,
        )
        return self._reverse(outputs, sequence_length), state
