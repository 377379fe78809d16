"""Clipping of tensors by value and by norm, as TensorFlow 1.15.5 computed it.

`t` is a tensor, a variable, an array, or `tf.IndexedSlices`, of which the values are clipped row by row
as they stand (rows of one index are not added up first) and which stay `IndexedSlices`. What is clipped
keeps its shape and dtype.

In a replica of `tf.distribute`, gradients are added up before they are clipped, by `reduce_gradients`: see
there. `clip_by_global_norm` and `global_norm` take nothing but variables and what is known for such sums,
and the others refuse what `compute_gradients` has made there (RuntimeError).

Three of the names do what TensorFlow's own do, whose numbers, gradients and errors are still 1.15.5's:

* `clip_by_value(t, clip_value_min, clip_value_max, name=None)` is `max(min(t, clip_value_max),
  clip_value_min)`; NaN stays NaN. The limits may broadcast to `t`'s shape and not beyond (ValueError).
  Its gradient is the output's where `t` is within the limits or at one of them, else 0.
* `global_norm(t_list, name=None)` is `sqrt(2 * sum(l2_loss(t)))`, a scalar; None in the list counts for
  nothing. The list is a list or tuple (TypeError).
* `l2_loss(t, name=None)`, which is `tf.nn.l2_loss`, is `sum(t**2) / 2`, a scalar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from . import shares

__all__ = [
    "clip_by_average_norm",
    "clip_by_global_norm",
    "clip_by_norm",
    "clip_by_value",
    "global_norm",
    "l2_loss",
]

l2_loss = tf.nn.l2_loss


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """`max(min(t, clip_value_max), clip_value_min)`: see above."""
    shares.check_sums("clip_by_value", [t])
    return shares.like(t, tf.clip_by_value(t, clip_value_min, clip_value_max, name))


def global_norm(t_list: Sequence[Any], name: str | None = None) -> tf.Tensor:
    """`sqrt(2 * sum(l2_loss(t)))`: see above."""
    if isinstance(t_list, (list, tuple)):
        shares.check_sums("global_norm", t_list, known=True)
    return tf.linalg.global_norm(t_list, name)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """`t * clip_norm / max(norm, clip_norm)`, where `norm` is `sqrt(sum(t**2))` over `axes`.

    So `t` is unchanged where its norm is at most `clip_norm`, and scaled to that norm elsewhere. Where the
    norm is infinite, finite elements become 0 and infinite ones NaN; where it is NaN, all do. The
    gradient is the formula's; at a norm of 0 it is the output's gradient.

    Args:
      t: Of a floating point dtype.
      clip_norm: A positive scalar: a number or a tensor of `t`'s dtype. TensorFlow 2 takes a negative one
        for 0; here it goes into the formula as it is, as in TF 1.15.5.
      axes: The dimensions that a norm is taken over, a number or a list; all of them if None.
      name: The name of the result.

    Raises:
      ValueError: for a `clip_norm` that would make the result larger than `t`.
      TypeError: for a tensor `clip_norm` of another dtype (eagerly `tf.errors.InvalidArgumentError`).
    """
    shares.check_sums("clip_by_norm", [t])
    with tf.compat.v1.name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        values = _values_of(t, "t")
        squared = tf.reduce_sum(values * values, axes, keepdims=True)
        positive = squared > 0
        # The inner `where` keeps the square root's infinite gradient at 0 out of the outer one's.
        root = tf.sqrt(tf.where(positive, squared, tf.ones_like(squared)))
        norm = tf.where(positive, root, squared)
        scaled = values * clip_norm
        values.shape.assert_is_compatible_with(scaled.shape)
        return _like(t, tf.identity(scaled / tf.maximum(norm, clip_norm), name=scope))


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> tf.Tensor:
    """`t * clip_norm * min(n / sqrt(sum(t**2)), 1 / clip_norm)`, where `n` is the number of elements.

    What TF1 called the average norm is `sqrt(sum(t**2)) / n`: a result has at most `clip_norm` of that.
    Zeros stay zeros, and there the gradient is the output's.

    Args:
      t: A tensor, a variable or an array, float32; of `IndexedSlices` the tensor they stand for.
      clip_norm: A positive scalar, float32.
      name: The name of the result.

    Raises:
      TypeError: for another dtype (eagerly `tf.errors.InvalidArgumentError`).
    """
    shares.check_sums("clip_by_average_norm", [t])
    with tf.compat.v1.name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        values = tf.convert_to_tensor(t, name="t")
        squared = tf.reduce_sum(values * values)
        # TensorFlow's kernel of the root's gradient takes 0 * inf for 0; XLA has to be kept from it.
        zero = tf.equal(squared, 0)
        inverse = tf.math.rsqrt(tf.where(zero, tf.ones_like(squared), squared))
        inverse = tf.where(zero, tf.constant(float("inf"), values.dtype), inverse)
        elements = tf.cast(tf.size(values), tf.float32)
        scale = tf.minimum(inverse * elements, tf.constant(1.0) / clip_norm)
        return shares.like(t, tf.identity(values * clip_norm * scale, name=scope))


def clip_by_global_norm(
    t_list: Sequence[Any], clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], tf.Tensor]:
    """`t * clip_norm * min(1 / norm, 1 / clip_norm)` for each `t` of a list, where `norm` is
    `global_norm(t_list)`: all are scaled by one factor, so that their direction stays.

    Where the norm is infinite or NaN, every result is NaN.

    Args:
      t_list: A list or tuple of tensors and `IndexedSlices`, all of one dtype, and Nones, which stay None.
      clip_norm: A positive scalar: a number or a tensor of that dtype.
      use_norm: The norm to take instead of computing it, a scalar of that dtype.
      name: Prefix of the results' names.

    Returns:
      The list of what is clipped, and the norm.

    Raises:
      TypeError: if `t_list` is no list or tuple, or where dtypes differ (eagerly
        `tf.errors.InvalidArgumentError`).

    Source: Pascanu et al., On the difficulty of training recurrent neural networks, ICML 2013.
    """
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError(f"t_list should be a sequence of tensors; it is {t_list!r}.")
    shares.check_sums("clip_by_global_norm", t_list, known=use_norm is None)
    norm = global_norm(t_list, name) if use_norm is None else tf.convert_to_tensor(use_norm)
    with tf.compat.v1.name_scope(name, "clip_by_global_norm", [*t_list, clip_norm]) as scope:
        finite = clip_norm * tf.minimum(1.0 / norm, tf.constant(1.0, norm.dtype) / clip_norm)
        scale = tf.where(tf.math.is_finite(norm), finite, tf.constant(float("nan"), norm.dtype))
        clipped: list[Any] = []
        for number, t in enumerate(t_list):
            if t is None:
                clipped.append(None)
                continue
            values = _values_of(t, f"t_{number}")
            clipped.append(_like(t, tf.identity(values * scale, name=f"{scope}_{number}")))
    return clipped, norm


def _values_of(t: Any, name: str) -> tf.Tensor:
    return tf.convert_to_tensor(t.values if isinstance(t, tf.IndexedSlices) else t, name=name)


def _like(t: Any, values: tf.Tensor) -> Any:
    """`values`, at the rows of `t` if that is `IndexedSlices`."""
    slices = isinstance(t, tf.IndexedSlices)
    return shares.like(t, tf.IndexedSlices(values, t.indices, t.dense_shape) if slices else values)
