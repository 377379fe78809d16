"""A rule of TF1 at work on variables that a Keras optimizer keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from ...train import Optimizer, variables

__all__ = ["Update"]


class Update:
    """What `tf1compat.train` computes, with Keras's variables as slots and Keras's learning rate.

    It is no `Trackable`, so that a checkpoint holds these variables once, as Keras's.

    Args:
      rule: A class of `tf1compat.train`.
      hyperparameters: Its arguments, without the learning rate and the step.
      optimizer: The Keras optimizer that keeps the variables.
      counts_steps: Whether the rule asks for the number of steps taken: its `global_step`.

    Raises:
      ValueError: for a hyperparameter that the rule refuses.
    """

    def __init__(
        self,
        rule: type[Optimizer],
        hyperparameters: dict[str, Any],
        optimizer: keras.optimizers.Optimizer,
        counts_steps: bool,
    ) -> None:
        self._rate: Any = None
        self._finished = True
        if counts_steps:
            hyperparameters = {**hyperparameters, "global_step": lambda: optimizer.iterations}
        kept = type(rule.__name__, (_KeptByKeras, rule), {})
        self._rule: Any = kept(learning_rate=lambda: self._rate, **hyperparameters)
        self._rule.keeper = optimizer

    def build(self, trained: Sequence[Any]) -> None:
        """Make the rule's variables for these, which are Keras's or TensorFlow's."""
        if trained:
            self._rule._create_slots(list(trained))

    def step(self, gradient: Any, variable: Any, rate: Any) -> None:
        """Update one variable: by TF1's dense rule, or for `tf.IndexedSlices` by its sparse one."""
        target = variables.unwrapped(variable)
        gradient = tf.cast(gradient, target.dtype)
        self._rate, self._finished = rate, False
        self._rule._prepare()
        if isinstance(gradient, tf.IndexedSlices):
            self._rule._resource_apply_sparse_duplicate_indices(gradient.values, target, gradient.indices)
        else:
            self._rule._resource_apply_dense(gradient, target)

    def finish(self) -> None:
        """What the rule does once all variables are updated."""
        self._rule._finish([], "finish")
        self._finished = True

    def check_finished(self) -> None:
        """See to it that steps are finished: Keras gives no public place to do so.

        Raises:
          NotImplementedError: if the last step was not.
        """
        if not self._finished:
            raise NotImplementedError(
                f"tf1compat.keras.optimizers cannot be used with Keras {keras.__version__}: its optimizers have no end "
                "of a step that is known here."
            )


class _KeptByKeras(Optimizer):
    """Slots and other variables of a rule, as those of a Keras optimizer: it names, saves and loads them."""

    keeper: Any

    def _filled_slot(self, var: Any, value: float, slot_name: str, op_name: str) -> Any:
        def initializer(shape: Any, dtype: Any = None) -> tf.Tensor:
            return tf.fill(shape, tf.constant(value, dtype))  # Keras's `Constant` goes through float32

        slot = self.keeper.add_variable_from_reference(var, name=slot_name, initializer=initializer)
        self._slot_dict(slot_name)[variables.key_of(var)] = variables.unwrapped(slot)
        return slot

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Any) -> Any:
        del colocate_with  # Keras puts scalars where it will
        variable = self.keeper.add_variable(
            shape=(),
            initializer=lambda shape, dtype=None: tf.constant(initial_value, dtype),
            dtype="float32",
            aggregation="only_first_replica",
            name=name,
        )
        self._non_slot_dict[name, variables.tf1_graph()] = variables.unwrapped(variable)
        return variable
