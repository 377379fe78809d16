"""Averages in the place of a model's own values, and the values back bit for bit, whatever interrupts it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from ..train import variables
from .averages import Averages, scope_of

__all__ = ["Swap"]


class Swap:
    """Puts averages into the variables they are of, and puts back what those held.

    Each way is one function of TensorFlow, which Python's interrupts cannot divide, and a flag that it sets
    says which way is the next: doing either twice does it once.

    Args:
      model: A built model.
      averages: Its averages, which have started. For those of another `version` make another one.
    """

    def __init__(self, model: Any, averages: Averages) -> None:
        self.version = averages.version
        pairs = [(variables.unwrapped(variable), shadow) for variable, shadow in averages.pairs()]
        self._swapped = tf.Variable(False, trainable=False)
        with scope_of(model.distribute_strategy):
            kept = [variables.make_slot(variable, tf.zeros_like(shadow), "kept") for variable, shadow in pairs]
            own = [variable for variable, _ in pairs]
            # Traced now, so that nothing is left to do, or to fail, between a swap and its end.
            self._in = _once(self._swapped, True, [*zip(kept, own, strict=True), *pairs])
            self._out = _once(self._swapped, False, [*zip(own, kept, strict=True)])

    def put_back(self) -> None:
        """Let the variables hold their own values, if they do not."""
        self._out()

    @contextlib.contextmanager
    def block(self) -> Iterator[None]:
        """A block in which the variables hold their averages; one inside another changes nothing."""
        if self._swapped.numpy():
            yield
            return
        try:
            self._in()
            yield
        finally:
            # An interrupt may come into one of the two, and the other one still does it.
            try:
                self._out()
            finally:
                self._out()

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`function(*args, **kwargs)`, while the variables hold their averages.

        Unlike `block`, it leaves Python no moment between a swap and what undoes it.
        """
        if self._swapped.numpy():
            return function(*args, **kwargs)
        try:
            self._in()
            return function(*args, **kwargs)
        finally:
            try:
                self._out()
            finally:
                self._out()


def _once(flag: tf.Variable, state: bool, pairs: list[tuple[Any, Any]]) -> Callable[[], Any]:
    """What assigns the second of each pair to the first, in order, if the flag is not `state` yet."""

    def assign() -> tf.Tensor:
        for to, source in pairs:
            to.assign(source)
        flag.assign(state)
        return tf.constant(True)

    @tf.function(autograph=False)
    def once() -> tf.Tensor:
        return tf.cond(tf.equal(flag, state), lambda: tf.constant(False), assign)

    return once.get_concrete_function()
