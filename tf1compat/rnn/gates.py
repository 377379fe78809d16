"""The arithmetic that the LSTMs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import tensorflow as tf

__all__ = ["Peepholes", "clip", "lstm_step"]


class Peepholes(NamedTuple):
    """The diagonal weights with which the memory reaches the input, forget and output gates: [units] each."""

    i: Any
    f: Any
    o: Any


def clip(value: tf.Tensor, limit: Any) -> tf.Tensor:
    """`value` within [-limit, limit]; as it is where `limit` is None."""
    return value if limit is None else tf.clip_by_value(value, -limit, limit)


def lstm_step(
    gates: Iterable[tf.Tensor],
    c: tf.Tensor,
    *,
    forget_bias: Any,
    activation: Callable[[tf.Tensor], tf.Tensor],
    peepholes: Peepholes | None = None,
    settle: Callable[[tf.Tensor], tf.Tensor] = lambda c: c,
) -> tuple[tf.Tensor, tf.Tensor]:
    """The new memory and output of an LSTM, before any projection, of `gates` i, j, f, o before they open:

        c' = settle(sigmoid(f + forget_bias + w_f * c) * c + sigmoid(i + w_i * c) * activation(j))
        h' = sigmoid(o + w_o * c') * activation(c')

    the terms with w only where there are peepholes; `settle` normalizes and clips.
    """
    i, j, f, o = gates
    f = f + tf.cast(forget_bias, f.dtype)
    if peepholes is not None:
        f, i = f + peepholes.f * c, i + peepholes.i * c
    new_c = settle(tf.sigmoid(f) * c + tf.sigmoid(i) * activation(j))
    if peepholes is not None:
        o = o + peepholes.o * new_c
    return new_c, tf.sigmoid(o) * activation(new_c)
