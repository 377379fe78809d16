"""The one module that knows a replica: what `tf.distribute` keeps on several devices, and where we are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = [
    "all_reduced",
    "check_inside",
    "check_one_device_is_compiled_for",
    "is_distributed",
    "merged",
    "on_each",
    "part_beside",
    "replicas",
    "summed",
    "whole",
]


def is_distributed() -> bool:
    """Whether a strategy of `tf.distribute` is in force here."""
    return tf.distribute.has_strategy()


def replicas() -> int:
    """How many replicas take this step together, inside one of them; 1 outside of replicas."""
    if not tf.distribute.has_strategy() or tf.distribute.in_cross_replica_context():
        return 1
    return tf.distribute.get_strategy().num_replicas_in_sync


def merged(function: Callable[..., Any], *args: Any) -> Any:
    """Meet the other replicas, and call `function(strategy, *args)` once, with each replica's values in one.

    Raises:
      RuntimeError: outside of a replica.
    """
    check_inside()
    return tf.distribute.get_replica_context().merge_call(function, args=args)


def check_inside() -> None:
    """Refuse to go on in a strategy's scope outside of its replicas.

    Raises:
      RuntimeError: if so.
    """
    if tf.distribute.in_cross_replica_context():
        raise RuntimeError(
            f"{type(tf.distribute.get_strategy()).__name__} is in force here, but this is none of its replicas: call "
            "`minimize()`, `compute_gradients()` and `apply_gradients()` inside of a `step` that "
            "`strategy.run(step)` calls."
        )


def summed(strategy: Any, values: Sequence[Any], destinations: Sequence[Any]) -> list[Any]:
    """Each replica's values added up, where the variables `destinations` are."""
    pairs = list(zip(values, destinations, strict=True))
    return list(strategy.extended.batch_reduce_to(tf.distribute.ReduceOp.SUM, pairs))


def all_reduced(values: Sequence[Any]) -> list[Any]:
    """In a replica: all replicas' values added up, tensors and `IndexedSlices`, the same in each of them."""
    return list(tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, list(values)))


def on_each(strategy: Any, variable: Any, function: Callable[..., Any], *args: Any) -> list[Any]:
    """Call `function(part, *args)` for each part of a variable, on its device; what it returned."""
    return list(strategy.extended.update(variable, function, args=args, group=False))


def whole(variable: Any) -> Any:
    """The distributed variable that a variable on one device is part of, or the variable itself."""
    if not tf.distribute.has_strategy():
        return variable
    return tf.distribute.get_strategy().extended.value_container(variable)


def part_beside(distributed: Any, part: Any) -> Any:
    """The part of one distributed variable on the replica of another one's part."""
    strategy = tf.distribute.get_strategy()
    others = strategy.experimental_local_results(whole(part))
    place = next(number for number, other in enumerate(others) if other is part)
    return strategy.experimental_local_results(distributed)[place]


def check_one_device_is_compiled_for() -> None:
    """Refuse what XLA cannot do: one program (`jit_compile=True`) of an update of several replicas.

    Raises:
      RuntimeError: if the ops made here are compiled by XLA for other devices than TPUs, for several replicas.
    """
    strategy = tf.distribute.get_strategy()
    several = strategy.num_replicas_in_sync > 1 and not isinstance(strategy, tf.distribute.TPUStrategy)
    if several and _tf.compiled_by_xla():
        raise RuntimeError(
            f"XLA compiles for one device, and {type(strategy).__name__} has {strategy.num_replicas_in_sync} replicas: "
            "leave jit_compile=True out of the step, and give it to a function that the step calls for its "
            "gradients, without an optimizer in it."
        )
