"""Updates of some rows of a variable: gradients that are `tf.IndexedSlices`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["deduplicate", "has_kernel", "is_on_gpu_without", "replace", "shrunk", "update"]


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


def has_kernel(name: str, variable: Any) -> bool:
    """Whether TensorFlow's fused kernel of a sparse update can be used here: XLA compiles none of them."""
    return not (_tf.compiled_by_xla() or is_on_gpu_without(name, variable))


def is_on_gpu_without(name: str, variable: Any) -> bool:
    """Whether a variable is, or may be placed, on a GPU, for which TensorFlow has no kernel of this name.

    An op whose variable is on a GPU cannot run elsewhere.
    """
    if "CPU" in (variable.device or "") or not tf.config.list_physical_devices("GPU"):
        return False
    return not _tf.has_kernel(name, "GPU")


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


def replace(rule: Callable[..., tuple[tf.Tensor, ...]], *variables: Any) -> Any:
    """Replace whole variables by what a rule makes of them: `update` of all rows."""
    new = rule(*(tf.identity(variable) for variable in variables))
    with tf.control_dependencies(new):
        written = [
            tf.raw_ops.AssignVariableOp(resource=variable.handle, value=value)
            for variable, value in zip(variables, new, strict=True)
        ]
    return tf.group(*written)


def shrunk(values: tf.Tensor, rate: tf.Tensor, l1: tf.Tensor, l2: tf.Tensor) -> tf.Tensor:
    """The proximal step: what a penalty of l1 * |w| + l2 * w^2 / 2 leaves of values after a step of `rate`."""
    return tf.sign(values) * tf.maximum(tf.abs(values) - rate * l1, 0) / (1 + rate * l2)
