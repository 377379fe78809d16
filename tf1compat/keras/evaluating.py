"""Evaluating and predicting with other values than the variables hold, without touching the variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from .averages import Averages
from .overriding import FunctionInPlace

__all__ = ["Evaluation"]


class Evaluation:
    """Lets a model's `evaluate` or `predict`, which is about to run, compute with averages.

    Each batch runs in a scope in which the variables read as their averages. What else the step assigns,
    such as the state of metrics, is written when the scope ends.

    Args:
      model: A compiled model.
      kind: "test" or "predict".
      averages: Its averages, which have started.
    """

    def __init__(self, model: Any, kind: str, averages: Averages) -> None:
        self._averages = averages
        self._version = averages.version
        self._function = FunctionInPlace(model, kind, self._averaged)

    def serves(self, averages: Averages) -> bool:
        """Whether this is for such averages as they are now: otherwise make another one."""
        return averages is self._averages and averages.version == self._version

    def begin(self) -> None:
        """From `on_test_begin` or `on_predict_begin`."""
        self._function.put()

    def end(self) -> None:
        """From `on_test_end` or `on_predict_end`. Where that is never called, the next `evaluate` does it."""
        self._function.remove()

    def _averaged(self, step: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def averaged_step(data: Any) -> Any:
            pairs = self._averages.pairs()
            with _ReadAs([(variable, tf.convert_to_tensor(shadow)) for variable, shadow in pairs]) as scope:
                outputs = step(data)
            averaged = {id(variable) for variable, _ in pairs}
            for variable, value in scope.assigned.values():
                if id(variable) not in averaged:
                    variable.assign(value)
            return outputs

        return averaged_step


class _ReadAs(keras.StatelessScope):
    """A scope in which variables read as given, and which knows what was assigned in it."""

    def __init__(self, pairs: list[tuple[keras.Variable, tf.Tensor]]) -> None:
        super().__init__(state_mapping=pairs, collect_losses=True)
        self.assigned: dict[int, tuple[keras.Variable, Any]] = {}

    def add_update(self, update: tuple[keras.Variable, Any]) -> None:
        super().add_update(update)
        self.assigned[id(update[0])] = update
