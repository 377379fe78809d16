"""Updates of some rows of a variable: gradients that are `tf.IndexedSlices`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["deduplicate", "has_kernels", "shrunk", "update"]


def deduplicate(values: tf.Tensor, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Add up the values that share an index.

    Args:
      values: [n, ...].
      indices: [n], integers.

    Returns:
      The sums, [m, ...], and their indices, [m], in the order in which they first appear.
    """
    unique, positions = tf.unique(indices)
    return tf.math.unsorted_segment_sum(values, positions, tf.shape(unique)[0]), unique


def has_kernels() -> bool:
    """Whether TensorFlow's fused kernels of sparse updates can be used here: XLA compiles none of them."""
    return not _tf.compiled_by_xla()


def update(rule: Callable[..., tuple[tf.Tensor, ...]], indices: tf.Tensor, *variables: Any) -> Any:
    """Replace rows of variables by what a rule makes of them, in ops that XLA compiles.

    Args:
      rule: Called with the rows of each variable, [n, ...]; returns the new rows of each.
      indices: [n], integers, no one twice.
      *variables: The variables.

    Returns:
      The operation; None eagerly.
    """
    rows = rule(*(tf.gather(variable, indices) for variable in variables))
    with tf.control_dependencies(rows):  # all rows are read before any is written
        written = [
            tf.raw_ops.ResourceScatterUpdate(resource=variable.handle, indices=indices, updates=new)
            for variable, new in zip(variables, rows, strict=True)
        ]
    return tf.group(*written)


def shrunk(values: tf.Tensor, rate: tf.Tensor, l1: tf.Tensor, l2: tf.Tensor) -> tf.Tensor:
    """The proximal step: what a penalty of l1 * |w| + l2 * w^2 / 2 leaves of values after a step of `rate`."""
    return tf.sign(values) * tf.maximum(tf.abs(values) - rate * l1, 0) / (1 + rate * l2)
