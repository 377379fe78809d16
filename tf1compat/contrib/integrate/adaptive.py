"""Steps whose size follows an estimate of the error: the pair of methods by Dormand and Prince."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import tensorflow as tf

__all__ = ["odeint"]

v1 = tf.compat.v1
Slope = Callable[[Any, Any], Any]

#: When each slope of a step is taken, as a part of the step, and the weights of those before it that lead there.
_STAGES: tuple[tuple[float, tuple[float, ...]], ...] = (
    (1 / 5, (1 / 5,)),
    (3 / 10, (3 / 40, 9 / 40)),
    (4 / 5, (44 / 45, -56 / 15, 32 / 9)),
    (8 / 9, (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729)),
    (1.0, (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656)),
    (1.0, (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84)),
)
#: The fifth order's weights less the fourth order's.
_ERROR = (
    1951 / 21600 - 35 / 384,
    0,
    22642 / 50085 - 500 / 1113,
    451 / 720 - 125 / 192,
    -12231 / 42400 + 2187 / 6784,
    649 / 6300 - 11 / 84,
    1 / 60,
)
#: The weights that lead to the middle of the step (Shampine, 1986).
_MIDDLE = (
    6025192743 / 30085553152 / 2,
    0,
    51252292925 / 65400821598 / 2,
    -2691868925 / 45128329728 / 2,
    187940372067 / 1594534317056 / 2,
    -1776094331 / 19743644256 / 2,
    11237099 / 235043384 / 2,
)


class _State(NamedTuple):
    """Where the last step led: y and its slope at `t1`, from `t0`; the next step's size; the curve between."""

    y: Any
    slope: Any
    t0: Any
    t1: Any
    size: Any
    curve: Any


def odeint(
    func: Slope,
    y0: Any,
    t: Any,
    rtol: Any = 1e-6,
    atol: Any = 1e-12,
    method: str | None = None,
    options: Mapping[str, Any] | None = None,
    full_output: bool = False,
    name: str | None = None,
) -> Any:
    """y at each of the times, [times, ...], by the fifth order method of Dormand and Prince.

    A step is accepted where the root of the mean of (error / (atol + rtol * |y|))^2 is at most 1. Between steps y is
    a polynomial of the fourth degree.

    Args:
      func: y' of (y, t), in y's shape.
      y0: y at t[0], floating or complex.
      t: [times], increasing.
      rtol, atol: the relative and the absolute error of each element.
      method: "dopri5", or None for the same.
      options: with a method, any of `first_step` (1.0), `safety` (0.9), `ifactor` and `dfactor` (10.0 and 0.2: by how
        much the size grows and shrinks at most) and `max_num_steps` (1000, from one time to the next).
      full_output: whether to return the course as well.

    Returns:
      y; with `full_output`, (y, {"num_func_evals", "integrate_points": where steps led, accepted or not,
      "error_ratio": of each}).

    Raises:
      TypeError: for dtypes that are not floating, and options that there are not.
      ValueError: for another method, or options without one.
    """
    if method not in (None, "dopri5"):
        raise ValueError(f"invalid method: {method!r}")
    if options is not None and method is None:
        raise ValueError("cannot supply `options` without specifying `method`")
    with v1.name_scope(name, "odeint", [y0, t, rtol, atol]):
        y0 = tf.convert_to_tensor(y0, name="y0")
        t = tf.convert_to_tensor(t, name="t") if tf.is_tensor(t) else tf.convert_to_tensor(t, tf.float64, name="t")
        if not (y0.dtype.is_floating or y0.dtype.is_complex):
            raise TypeError("`y0` must have a floating point or complex floating point dtype")
        if not t.dtype.is_floating:
            raise TypeError("`t` must have a floating point dtype")
        kind = tf.abs(y0).dtype
        rtol, atol = tf.convert_to_tensor(rtol, dtype=kind), tf.convert_to_tensor(atol, dtype=kind)
        return _solve(func, y0, t, rtol, atol, full_output, **(options or {}))


def _solve(
    func: Slope,
    y0: Any,
    t: Any,
    rtol: Any,
    atol: Any,
    full_output: bool,
    first_step: Any = 1.0,
    safety: Any = 0.9,
    ifactor: Any = 10.0,
    dfactor: Any = 0.2,
    max_num_steps: Any = 1000,
) -> Any:
    first_step, safety, ifactor, dfactor = (tf.cast(each, t.dtype) for each in (first_step, safety, ifactor, dfactor))

    def step(state: _State, points: Any, ratios: Any, taken: Any) -> Any:
        before, end = state.y, state.t1 + state.size
        checks = [
            v1.Assert(end > state.t1, ["underflow in dt", state.size]),
            v1.Assert(taken < max_num_steps, ["max_num_steps exceeded"]),
            v1.Assert(tf.reduce_all(tf.math.is_finite(tf.abs(before))), ["non-finite values in state `y`", before]),
        ]
        with tf.control_dependencies(checks):
            after, error, slopes = _step(func, before, state.slope, state.t1, state.size)
        allowed = atol + rtol * tf.maximum(tf.abs(before), tf.abs(after))
        ratio = tf.sqrt(tf.reduce_mean(tf.square(tf.abs(error)) / tf.square(allowed)))
        accepted = v1.cond(
            ratio <= 1,
            lambda: (after, slopes[-1], end, _curve(before, after, slopes, state.size)),
            lambda: (before, state.slope, state.t1, list(state.curve)),
        )
        growth = tf.maximum(1 / ifactor, tf.minimum(tf.cast(ratio, t.dtype) ** 0.2 / safety, 1 / dfactor))
        state = _State(accepted[0], accepted[1], state.t1, accepted[2], state.size / growth, accepted[3])
        return state, points.write(points.size(), end), ratios.write(ratios.size(), ratio), taken + 1

    def to_next_time(values: Any, state: _State, points: Any, ratios: Any, number: Any) -> Any:
        state, points, ratios, _ = v1.while_loop(
            lambda state, *_: t[number] > state.t1, step, (state, points, ratios, 0), name="integrate_loop"
        )
        return values.write(number, _on_curve(state, t[number])), state, points, ratios, number + 1

    with tf.control_dependencies([v1.Assert(tf.reduce_all(t[1:] > t[:-1]), ["`t` must be monotonic increasing"])]):
        times = tf.size(t)
    values = tf.TensorArray(y0.dtype, size=times, element_shape=y0.shape).write(0, y0)
    points = tf.TensorArray(t.dtype, size=0, dynamic_size=True, element_shape=[])
    ratios = tf.TensorArray(rtol.dtype, size=0, dynamic_size=True, element_shape=[])
    state = _State(y0, func(y0, t[0]), t[0], t[0], first_step, [y0] * 5)
    values, _, points, ratios, _ = v1.while_loop(
        lambda *given: given[-1] < times, to_next_time, (values, state, points, ratios, 1), name="interpolate_loop"
    )
    y = values.stack()
    y.set_shape(t.shape.concatenate(y0.shape))
    if not full_output:
        return y
    points = points.stack()
    return y, {
        "num_func_evals": 6 * tf.size(points) + 1,
        "integrate_points": points,
        "error_ratio": ratios.stack(),
    }


def _along(size: Any, weights: Any, slopes: Any) -> Any:
    """size * sum(weight * slope), without those of weight zero."""
    return tf.add_n([(size * weight) * slope for weight, slope in zip(weights, slopes, strict=False) if weight])


def _step(func: Slope, y: Any, slope: Any, t: Any, size: Any) -> tuple[Any, Any, list[Any]]:
    """y after a step, the estimated error of it, and all slopes."""
    length, slopes, reached = tf.cast(size, y.dtype), [slope], y
    for part, weights in _STAGES:  # the last stage is where the step leads
        reached = y + _along(length, weights, slopes)
        slopes.append(func(reached, t + part * size))
    return reached, _along(length, _ERROR, slopes), slopes


def _curve(before: Any, after: Any, slopes: Any, size: Any) -> list[Any]:
    """The polynomial, highest power first, with these values at 0 and 1, these slopes, and its value in the middle."""
    size = tf.cast(size, before.dtype)
    middle = before + _along(size, _MIDDLE, slopes)
    first, last = size * slopes[0], size * slopes[-1]
    return [
        2 * (last - first) - 8 * (before + after) + 16 * middle,
        5 * first - 3 * last + 18 * before + 14 * after - 32 * middle,
        last - 4 * first - 11 * before - 5 * after + 16 * middle,
        first,
        before,
    ]


def _on_curve(state: _State, t: Any) -> Any:
    inside = (state.t0 <= t) & (t <= state.t1)
    with tf.control_dependencies([v1.Assert(inside, ["a time before the last step:", state.t0, t, state.t1])]):
        x = tf.cast((t - state.t0) / (state.t1 - state.t0), state.y.dtype)
    value = state.curve[0]
    for coefficient in state.curve[1:]:
        value = value * x + coefficient
    return value
