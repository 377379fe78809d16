"""The variable in which a loop counts its steps, so that it is known how many were done when one fails."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

__all__ = ["Counter", "counted"]

_numbers = itertools.count()
_free: list[Counter] = []


class Counter:
    """A variable of 64 bits on the CPU, outside of every Session; for eager mode."""

    def __init__(self) -> None:
        with tf.device("CPU:0"):
            self.handle: Any = tf.raw_ops.VarHandleOp(
                dtype=tf.int64, shape=[], container="tf1compat-counters", shared_name=str(next(_numbers))
            )

    @property
    def steps(self) -> int:
        """How many steps it has counted."""
        return int(tf.raw_ops.ReadVariableOp(resource=self.handle, dtype=tf.int64).numpy())

    def begin(self) -> None:
        """Count from 0."""
        with tf.device("CPU:0"):
            tf.raw_ops.AssignVariableOp(resource=self.handle, value=tf.constant(0, tf.int64))


@contextlib.contextmanager
def counted() -> Iterator[Counter]:
    """A counter for the block; one that another block has left, where there is one."""
    try:
        counter = _free.pop()
    except IndexError:
        counter = Counter()
    counter.begin()
    try:
        yield counter
    finally:
        _free.append(counter)
