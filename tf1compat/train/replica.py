"""The one module that knows a replica: what `tf.distribute` keeps on several devices, and where we are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

__all__ = ["is_distributed", "merged", "on_each", "part_beside", "summed", "whole"]


def is_distributed() -> bool:
    """Whether a strategy of `tf.distribute` is in force here."""
    return tf.distribute.has_strategy()


def merged(function: Callable[..., Any], *args: Any) -> Any:
    """Meet the other replicas, and call `function(strategy, *args)` once, with each replica's values in one.

    Raises:
      RuntimeError: outside of a replica.
    """
    if tf.distribute.in_cross_replica_context():
        raise RuntimeError(
            "Use `_distributed_apply()` instead of `apply_gradients()` in a cross-replica context: call "
            "`minimize()` or `apply_gradients()` inside `strategy.run(step)`."
        )
    return tf.distribute.get_replica_context().merge_call(function, args=args)


def summed(strategy: Any, values: Sequence[Any], destinations: Sequence[Any]) -> list[Any]:
    """Each replica's values added up, where the variables `destinations` are."""
    pairs = list(zip(values, destinations, strict=True))
    return list(strategy.extended.batch_reduce_to(tf.distribute.ReduceOp.SUM, pairs))


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
