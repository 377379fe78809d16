"""Steps of fixed size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["odeint_fixed"]

v1 = tf.compat.v1
Slope = Callable[[Any, Any], Any]


def _midpoint(func: Slope, y: Any, t: Any, dt: Any) -> Any:
    step = tf.cast(dt, y.dtype)
    return step * func(y + func(y, t) * step / 2, t + dt / 2)


def _rk4(func: Slope, y: Any, t: Any, dt: Any) -> Any:
    step = tf.cast(dt, y.dtype)
    first = func(y, t)
    second = func(y + step * first / 2, t + dt / 2)
    third = func(y + step * second / 2, t + dt / 2)
    last = func(y + step * third, t + dt)
    return tf.add_n([first, 2 * second, 2 * third, last]) * (step / 6)


def odeint_fixed(
    func: Slope, y0: Any, t: Any, dt: Any = None, method: str = "rk4", name: str | None = None
) -> tf.Tensor:
    """y at each of the times, [times, ...], by steps of fixed size.

    Args:
      func: y' of (y, t), in y's shape.
      y0: y at t[0], floating or complex.
      t: [times], increasing.
      dt: the size of steps, one or [times - 1]; it is made smaller so that whole steps lead from each time to the
        next. Without, there is one step.
      method: "rk4" or "midpoint".

    Raises:
      TypeError: for dtypes that are not floating.
      ValueError: for another method.
    """
    with v1.name_scope(name, "odeint_fixed", [y0, t, dt]):
        t = tf.convert_to_tensor(t) if tf.is_tensor(t) else tf.convert_to_tensor(t, tf.float64)
        y0 = tf.convert_to_tensor(y0, name="y0")
        if not (y0.dtype.is_floating or y0.dtype.is_complex):
            raise TypeError("`y0` must have a floating point or complex floating point dtype")
        if not t.dtype.is_floating:
            raise TypeError("`t` must have a floating point dtype")
        step = {"midpoint": _midpoint, "rk4": _rk4}.get(method)
        if step is None:
            raise ValueError(f"method not supported: {method}")
        intervals = t[1:] - t[:-1]
        counts = tf.math.ceil(intervals / (intervals if dt is None else tf.cast(dt, t.dtype)))
        sizes = intervals / counts
        with tf.control_dependencies([v1.Assert(tf.reduce_all(intervals > 0), ["`t` must be monotonic increasing"])]):
            times = tf.size(t)

        def to_next(solution: Any, y: Any, i: Any) -> Any:
            def once(y: Any, now: Any, j: Any) -> Any:
                return y + tf.cast(step(func, y, now, sizes[i - 1]), y.dtype), now + sizes[i - 1], j + 1

            y, _, _ = tf.while_loop(lambda _, __, j: j < tf.cast(counts[i - 1], tf.int32), once, (y, t[i - 1], 0))
            return solution.write(i, y), y, i + 1

        solution = tf.TensorArray(y0.dtype, size=times).write(0, y0)
        solution, _, _ = tf.while_loop(lambda _, __, i: i < times, to_next, (solution, y0, 1))
        found = solution.stack()
        found.set_shape(t.shape.concatenate(y0.shape))
        return found
