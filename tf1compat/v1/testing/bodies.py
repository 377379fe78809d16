"""How many bodies of tests ran, and in which mode: a test that passes by not running is seen here."""

from __future__ import annotations

import collections
import functools
import sys
import unittest
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.v1 import switches

__all__ = ["bodies_run", "count", "counted", "is_counted", "main", "main_eagerly"]

_ran: collections.Counter[str] = collections.Counter()


def bodies_run() -> dict[str, int]:
    """How many bodies this process has run to their end or their failure, by mode: "graph", "eager", "function".

    What skipped itself is not counted.
    """
    return dict(_ran)


def count(mode: str) -> None:
    _ran[mode] += 1


def _mode() -> str:
    if tf.executing_eagerly():
        return "eager"
    return "function" if tf.inside_function() else "graph"


def is_counted(function: Any) -> bool:
    """Whether calls of `function` are counted below some decorator already."""
    return getattr(function, "bodies_are_counted", False)


def counted(body: Callable[..., Any]) -> Callable[..., Any]:
    """`body`, of which every call is counted in its mode, once however many decorators stand on it."""
    if is_counted(body):
        return body

    @functools.wraps(body)
    def call(*args: Any, **kwargs: Any) -> Any:
        mode = _mode()
        try:
            result = body(*args, **kwargs)
        except unittest.SkipTest:
            raise
        except BaseException:
            count(mode)
            raise
        count(mode)
        return result

    call.bodies_are_counted = True  # type: ignore[attr-defined]
    return call


def main(argv: Sequence[str] | None = None) -> None:
    """`tf.test.main`: run the tests of the main program and exit; at the end, say how many bodies ran."""
    try:
        tf.compat.v1.test.main(argv)
    finally:
        modes = ", ".join(f"{number} {mode}" for mode, number in sorted(_ran.items()))
        print(f"Bodies of tests that ran: {sum(_ran.values())}" + (f" ({modes})" if modes else ""), file=sys.stderr)


def main_eagerly(argv: Sequence[str] | None = None) -> None:
    """`tensorflow.python.eager.test.main`: eager execution, then `main`."""
    switches.enable_eager_execution()
    main(argv)
