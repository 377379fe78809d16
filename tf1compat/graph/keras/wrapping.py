"""Methods of TensorFlow's and Keras's that act differently where a TF1 graph is being built."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ... import _tensorflow as _tf

__all__ = ["in_tf1", "wrap"]

Method = Callable[..., Any]


def in_tf1(method: Method, wrapper: Method) -> Method:
    """`wrapper(method, graph, *args)` where a TF1 graph is being built, `method(*args)` elsewhere."""

    @functools.wraps(method)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        graph = _tf.graph_being_built()
        if graph is None:
            return method(*args, **kwargs)
        return wrapper(method, graph, *args, **kwargs)

    return wrapped


def wrap(cls: type, name: str, wrapper: Method) -> None:
    """Wrap a method where the class or a subclass, now or later, defines it."""

    def own(one: type) -> None:
        if name in vars(one):
            setattr(one, name, in_tf1(vars(one)[name], wrapper))

    def all_below(one: type) -> None:
        own(one)
        subclasses: list[type] = one.__subclasses__()
        for below in subclasses:
            all_below(below)

    if name not in vars(cls):  # inherited from a class that others inherit from too
        setattr(cls, name, in_tf1(getattr(cls, name), wrapper))
        subclasses: list[type] = cls.__subclasses__()
        for below in subclasses:
            all_below(below)
    else:
        all_below(cls)
    plain = vars(cls).get("__init_subclass__")

    def __init_subclass__(new: type, **kwargs: Any) -> None:
        if plain is None:
            super(cls, new).__init_subclass__(**kwargs)  # type: ignore[arg-type]
        else:
            plain.__get__(None, new)(**kwargs)
        own(new)

    cls.__init_subclass__ = classmethod(__init_subclass__)  # type: ignore[assignment]
