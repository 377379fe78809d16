"""Threads that the script starts begin in a TF1 graph; those that libraries start stay eager.

TF1 gave every thread a default graph of its own, and so does `tf1compat.graph.enter_default_graph`. A
thread is the script's when the first code outwards from its `start` that is not Python's own is the
user's: the threads of a pool or a timer that the script makes are the script's. Threads started by
nothing but Python's own code take after the thread they are started from.
"""

from __future__ import annotations

import _thread
import functools
import importlib
import sys
import threading
from collections.abc import Callable
from typing import Any

from .ownership import Ownership

__all__ = ["install"]

_GRAPH = "tf1compat.graph"
_here = threading.local()  # .of_script: this thread is the script's; .in_graph: it has entered a graph


def install(ownership: Ownership) -> Callable[[bool], None]:
    """Watch the threads started from now on; the calling thread counts as the script's.

    Returns what is to be called when user code has imported TensorFlow: a thread of the script that
    was started before anybody had done so enters a graph then.
    """
    _here.of_script = True
    threading.Thread.start = _marking_start(threading.Thread.start, ownership)  # type: ignore[method-assign]
    body = threading.Thread._bootstrap_inner  # type: ignore[attr-defined]
    threading.Thread._bootstrap_inner = _prepared(body)  # type: ignore[attr-defined]
    for name in ("start_new_thread", "start_new"):
        setattr(_thread, name, _starting(_thread.start_new_thread, ownership))
    return _arrived


def _asked_by_script(ownership: Ownership, frame: Any) -> bool:
    asked = ownership.asked_by_user(frame)
    return getattr(_here, "of_script", False) if asked is None else asked


def _marking_start(start: Callable[..., None], ownership: Ownership) -> Callable[..., None]:
    @functools.wraps(start)
    def marked_start(self: threading.Thread) -> None:
        self._tf1compat_of_script = _asked_by_script(ownership, sys._getframe(1))  # type: ignore[attr-defined]
        start(self)

    return marked_start


def _prepared(body: Callable[..., None]) -> Callable[..., None]:
    # Outside of the try block that reports what a thread dies of, so no traceback shows this frame.
    @functools.wraps(body)
    def prepared(self: threading.Thread) -> None:
        if getattr(self, "_tf1compat_of_script", False):
            _begin()
        body(self)

    return prepared


def _starting(start: Callable[..., int], ownership: Ownership) -> Callable[..., int]:
    """`_thread.start_new_thread`, which scripts ported from Python 2's `thread` call directly."""

    @functools.wraps(start)
    def start_new_thread(function: Any, args: Any, *rest: Any) -> int:
        if not callable(function) or not _asked_by_script(ownership, sys._getframe(1)):
            return start(function, args, *rest)

        def begun(*args: Any, **kwargs: Any) -> Any:
            _begin()
            return function(*args, **kwargs)

        return start(begun, args, *rest)

    return start_new_thread


def _begin() -> None:
    _here.of_script = True
    if "tf1compat.v1" in sys.modules:
        _enter_graph()


def _arrived(first: bool) -> None:
    if first:
        _here.in_graph = True  # the package's own import did it
    elif getattr(_here, "of_script", False):
        _enter_graph()


def _enter_graph() -> None:
    if not getattr(_here, "in_graph", False):
        _here.in_graph = True
        importlib.import_module(_GRAPH).enter_default_graph()
