"""The variables that an optimizer keeps, and how `tf.train.Checkpoint` finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import replica, variables

__all__ = ["SlotOwner"]


class SlotOwner(_tf.Trackable):
    """Keeps slots (a variable for each variable that is trained) and variables of its own.

    Those of a TF1 graph are kept apart from those of other graphs and of TF2, so one object can serve
    several. A `tf.train.Checkpoint` that holds both the owner and the trained variables saves them as
    TF1's object-based checkpoints did.
    """

    _name: str

    def __init__(self) -> None:
        self._slots: dict[str, dict[Any, Any]] = {}
        self._non_slot_dict: dict[tuple[str, Any], Any] = {}
        self._deferred_slot_restorations: dict[str, dict[Any, list[Any]]] = {}

    # What a user asks for.

    def get_slot(self, var: Any, name: str) -> Any:
        """The slot called `name` of a variable, or None where there is none.

        Args:
          var: A variable that `minimize` or `apply_gradients` was given.
          name: One of `get_slot_names()`.
        """
        var = variables.unwrapped(var)
        named = self._slots.get(name)
        if not named:
            return None
        whole = replica.whole(var)
        slot = named.get(variables.key_of(whole))
        return slot if slot is None or whole is var else replica.part_beside(slot, var)

    def get_slot_names(self) -> list[str]:
        """The names of the kinds of slots made so far, sorted."""
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """All variables that this optimizer keeps in the current graph (or for TF2's modes), by name."""
        graph = variables.tf1_graph()
        slots = [slot for named in self._slots.values() for slot in named.values()]
        kept = [v for v in [*self._non_slot_dict.values(), *slots] if variables.graph_of(v) is graph]
        return sorted(kept, key=lambda v: v.name)

    # What subclasses call. Slots are made in `tf.init_scope()`.

    def _slot_dict(self, slot_name: str) -> dict[Any, Any]:
        return self._slots.setdefault(slot_name, {})

    def _get_or_make_slot(self, var: Any, val: Any, slot_name: str, op_name: str) -> Any:
        """The slot, made with the value of a tensor where there is none yet."""
        return self._slot(var, slot_name, op_name, lambda primary, name: variables.make_slot(primary, val, name))

    def _get_or_make_slot_with_initializer(
        self, var: Any, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Any:
        """The slot, made by `initializer(shape, dtype=dtype)` where there is none yet."""
        shape = tf.TensorShape(shape)
        return self._slot(
            var,
            slot_name,
            op_name,
            lambda primary, name: variables.make_slot(primary, initializer, name, shape, tf.as_dtype(dtype)),
        )

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        """The slot, made of zeros where there is none yet."""
        return self._filled_slot(var, 0.0, slot_name, op_name)

    def _filled_slot(self, var: Any, value: float, slot_name: str, op_name: str) -> Any:
        """The slot, made with one value everywhere, and the variable's shape, where there is none yet."""

        def make(primary: Any, name: str) -> Any:
            dtype = primary.dtype.base_dtype
            if primary.shape.is_fully_defined():
                return variables.make_slot(primary, _initializer(value), name, primary.shape, dtype)
            shape = tf.shape(variables.initial_value_of(primary))
            return variables.make_slot(primary, tf.fill(shape, tf.cast(value, dtype)), name)

        return self._slot(var, slot_name, op_name, make)

    def _slot(self, var: Any, slot_name: str, op_name: str, make: Callable[[Any, str], Any]) -> Any:
        var = variables.unwrapped(var)
        named, key = self._slot_dict(slot_name), variables.key_of(var)
        if key not in named:
            slot = make(var, self._free_name(var, op_name))
            self._restore_slot_variable(slot_name, var, slot)
            named[key] = slot
        return named[key]

    def _free_name(self, var: Any, op_name: str) -> str:
        """`op_name`, numbered in TF2's modes as a TF1 graph would; a graph does so itself."""
        if variables.in_tf1_graph():
            return op_name
        key, prefix = variables.key_of(var), variables.op_name(var) + "/"
        taken = {variables.op_name(named[key]) for named in self._slots.values() if key in named}
        name, number = op_name, 0
        while prefix + name in taken:
            number += 1
            name = f"{op_name}_{number}"
        return name

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Any) -> Any:
        """A variable of the optimizer itself, made on the device of `colocate_with` where there is none yet."""
        key = (name, variables.tf1_graph())
        if key not in self._non_slot_dict:
            self._maybe_initialize_trackable()
            if key[1] is None:
                restored = self._preload_simple_restoration(name=name)
                initial_value = initial_value if restored is None else restored
            variable = variables.make_variable(initial_value, name, variables.unwrapped(colocate_with))
            self._handle_deferred_dependencies(name=name, trackable=variable)
            self._non_slot_dict[key] = variable
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        """The variable made under this name in the current graph (or for TF2's modes), or None."""
        del graph  # TF1's callers pass the current one; inside a tf.function that would be the function's
        return self._non_slot_dict.get((name, variables.tf1_graph()))

    def _non_slot_variables(self) -> list[Any]:
        return list(self._non_slot_dict.values())

    # What `tf.train.Checkpoint` asks. Slots are saved where their owner and their variable both are.

    def _trackable_children(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        graph = variables.tf1_graph()
        own = {name: v for (name, where), v in self._non_slot_dict.items() if where is graph}
        return {**dict(sorted(own.items())), **super()._trackable_children(*args, **kwargs)}

    def _lookup_dependency(self, name: str, *args: Any, **kwargs: Any) -> Any:
        known = super()._lookup_dependency(name, *args, **kwargs)
        return self._get_non_slot_variable(name) if known is None else known

    def _restore_slot_variable(self, slot_name: str, variable: Any, slot_variable: Any) -> None:
        """Give a slot that was just made what a checkpoint, restored before, holds for it."""
        waiting = self._deferred_slot_restorations.get(slot_name, {}).pop(variables.key_of(variable), [])
        for position in sorted(waiting, key=lambda position: position.restore_uid, reverse=True):
            position.restore(slot_variable)

    def _create_or_restore_slot_variable(
        self, slot_variable_position: Any, slot_name: str, variable: Any, **_: Any
    ) -> None:
        """A checkpoint that is being restored holds a slot: fill it, make it, or wait until it is made."""
        key = variables.key_of(variable)
        slot = self._slots.get(slot_name, {}).get(key)
        if slot is None and tf.executing_eagerly() and slot_variable_position.is_simple_variable():
            value = _tf.CheckpointedValue(slot_variable_position)
            slot = self._get_or_make_slot(variable, value, slot_name, self._name)
        if slot is None:
            self._deferred_slot_restorations.setdefault(slot_name, {}).setdefault(key, []).append(
                slot_variable_position
            )
        else:
            slot_variable_position.restore(slot)


def _initializer(value: float) -> Any:
    """Named in a graph as TF1's, and without all the values in the graph."""
    if value == 0.0:
        return tf.compat.v1.zeros_initializer()
    return tf.compat.v1.ones_initializer() if value == 1.0 else tf.compat.v1.constant_initializer(value)
