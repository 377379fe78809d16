"""What input functions give: features, labels, and the hook that starts a `tf.data` pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from .checks import arguments
from .spec import ModeKeys

__all__ = ["Inputs", "inputs_of"]

v1 = tf.compat.v1


class Inputs(NamedTuple):
    """Features and labels of a graph, and the hooks they need."""

    features: Any
    labels: Any
    hooks: list[Any]


class _Starts(tf.compat.v1.train.SessionRunHook):
    """Starts an iterator in each new Session, whatever the Scaffold's init ops are."""

    def __init__(self, initializer: Any) -> None:
        self._initializer = initializer

    def after_create_session(self, session: Any, coord: Any) -> None:
        session.run(self._initializer)


def inputs_of(input_fn: Callable[..., Any], mode: str, **known: Any) -> Inputs:
    """What an input function gives: features, or (features, labels), or a `tf.data.Dataset` of either.

    Args:
      mode: labels are left out to predict.
      known: what the function may take besides `mode`: `params` and `config`.

    Raises:
      ValueError: for a tuple of other than two.
    """
    taken = arguments(input_fn)
    hooks: list[Any] = []
    with tf.device("/cpu:0"):
        found = input_fn(**{name: value for name, value in {"mode": mode, **known}.items() if name in taken})
        if isinstance(found, tf.data.Dataset):
            iterator = v1.data.make_initializable_iterator(found)
            hooks.append(_Starts(iterator.initializer))
            found = iterator.get_next()
    if not isinstance(found, (list, tuple)):
        return Inputs(found, None, hooks)
    if len(found) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    return Inputs(found[0], None if mode == ModeKeys.PREDICT else found[1], hooks)
