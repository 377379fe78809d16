"""Whether a program written for TF1's Keras is what calls: the one test that everything here acts by."""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from typing import Any

from .... import _tensorflow as _tf

__all__ = ["Legacy", "in_script", "left_the_graph", "translated"]


class _Left(threading.local):
    calls = 0


_left = _Left()


@contextlib.contextmanager
def left_the_graph() -> Iterator[None]:
    """A call such as `fit` has left the graph: callbacks and such run in this block."""
    _left.calls += 1
    try:
        yield
    finally:
        _left.calls -= 1


def in_script() -> bool:
    """Whether `tf1compat run` runs, and a TF1 graph is being built in this thread, or a call has left one."""
    from .. import sessions  # which needs what is here

    return sessions.leaves_the_graph and (_left.calls > 0 or _tf.graph_being_built() is not None)


def translated(cls: type, name: str, translate: Callable[..., Any]) -> None:
    """Have `cls.name(self, …)` be `translate(plain, self, …)` in a script.

    The method changes where it is defined: Keras compares a class's `compile` with its own.
    """
    cls = next(one for one in cls.__mro__ if name in vars(one))
    plain = vars(cls)[name]

    @functools.wraps(plain)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if in_script():
            return translate(plain, self, *args, **kwargs)
        return plain(self, *args, **kwargs)

    vars(method)["__signature__"] = inspect.signature(plain)  # which Keras reads off a constructor
    setattr(cls, name, method)


class Legacy:
    """An attribute that objects have in scripts only; elsewhere `other`, a property of Keras's, or none at all.

    Args:
      get: What it is, of an object.
      other: Keras's property of that name.
      put: Sets it, if it can be set.
    """

    def __init__(
        self, get: Callable[[Any], Any], other: Any = None, put: Callable[[Any, Any], None] | None = None
    ) -> None:
        self._get, self._other, self._put = get, other, put

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self if self._other is None else self._other
        if self._name in vars(instance):
            return vars(instance)[self._name]
        if in_script():
            return self._get(instance)
        if self._other is not None:
            return self._other.__get__(instance, owner)
        raise AttributeError(f"'{owner.__name__}' object has no attribute '{self._name}'")

    def __set__(self, instance: Any, value: Any) -> None:
        if self._put is not None and in_script():
            self._put(instance, value)
        elif self._other is not None:
            self._other.__set__(instance, value)
        else:
            vars(instance)[self._name] = value
