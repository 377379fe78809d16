"""The `Saver`s that TensorFlow makes itself (a `Scaffold`'s, a `Supervisor`'s) save and restore as ours do."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.graph import Graph
from tf1compat.train.checkpoints import Saver, check_shapes, in_graph_of, save_safely

__all__ = ["install"]


def install() -> None:
    """Have both methods of TensorFlow's class do so where they are given a Session of ours."""
    saver = tf.compat.v1.train.Saver
    for name, ours in (("save", save_safely), ("restore", _restore)):
        plain = getattr(saver, name)
        if not hasattr(plain, "of_tensorflow"):
            setattr(saver, name, _for_our_sessions(plain, ours))


def _for_our_sessions(plain: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(plain)
    def method(self: Any, sess: Any, *args: Any, **kwargs: Any) -> Any:
        if issubclass(type(self), Saver) or not isinstance(getattr(sess, "graph", None), Graph):
            return plain(self, sess, *args, **kwargs)
        with in_graph_of(sess):
            return ours(self, functools.partial(plain, self), sess, *args, **kwargs)

    method.of_tensorflow = plain  # type: ignore[attr-defined]
    return method


def _restore(saver: Any, plain: Callable[..., Any], sess: Any, save_path: Any) -> Any:
    check_shapes(saver, sess, save_path)
    return plain(sess, save_path)
