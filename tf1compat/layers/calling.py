"""The call of a layer that is going on: the inputs of its update ops, and `training` for the layers inside it."""

from __future__ import annotations

import contextlib
import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["Call", "Parameters", "calling", "current", "in_graph", "parameters"]


class Call(NamedTuple):
    """The outermost call of a layer, with its inputs; `training` and `frozen` of the innermost.

    frozen: whether a layer that is not trainable is called, or calls the one that is.
    """

    inputs: Sequence[Any]
    training: Any
    frozen: bool


_state = threading.local()


def current() -> Call | None:
    """This thread's call; None outside of any."""
    return getattr(_state, "call", None)


@contextlib.contextmanager
def calling(inputs: Sequence[Any], training: Any, frozen: bool) -> Iterator[None]:
    """A layer is called in this block."""
    before = current()
    _state.call = Call(inputs, training, frozen or (before is not None and before.frozen))
    try:
        yield
    finally:
        _state.call = before


class Parameters(NamedTuple):
    """What a layer's `call` takes besides its first argument."""

    names: tuple[str, ...]
    any_keyword: bool

    def takes(self, name: str) -> bool:
        return self.any_keyword or name in self.names

    def given(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
        return name in kwargs or name in self.names[: len(args)]

    def value(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        return kwargs[name] if name in kwargs else args[self.names.index(name)]


def parameters(call: Callable[..., Any]) -> Parameters:
    """The parameters of a bound `call`, its inputs left out."""
    spec = inspect.getfullargspec(call)
    names = [*spec.args[1 if inspect.ismethod(call) or spec.args[:1] == ["self"] else 0 :], *spec.kwonlyargs]
    return Parameters(tuple(names[1:]), spec.varkw is not None)


def in_graph() -> bool:
    """Whether ops are made for a Session to run: not eagerly, and not in a `tf.function`."""
    if tf.executing_eagerly():
        return False
    return not getattr(tf.compat.v1.get_default_graph(), "building_function", False) or (
        _tf.graph_being_built() is not None
    )
