"""Tracebacks as plain Python shows them: without the frames that `run` adds."""

from __future__ import annotations

import os
import sys
from types import TracebackType

__all__ = ["clean", "report"]

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def clean(error: BaseException, _seen: set[int] | None = None) -> None:
    """Take the frames of this package's command line out of an exception's traceback, and out of those
    it was raised from."""
    seen = set() if _seen is None else _seen
    if id(error) in seen:
        return
    seen.add(id(error))
    kept: list[TracebackType] = []
    entry = error.__traceback__
    while entry is not None:
        if not entry.tb_frame.f_code.co_filename.startswith(_HERE):
            kept.append(entry)
        entry = entry.tb_next
    following = None
    for entry in reversed(kept):
        entry.tb_next = following
        following = entry
    error.__traceback__ = following
    for other in (error.__cause__, error.__context__):
        if other is not None:
            clean(other, seen)


def report(error: BaseException) -> None:
    """What Python does with an exception that nobody caught: hand it to `sys.excepthook`."""
    clean(error)
    kind, trace = type(error), error.__traceback__
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    try:
        sys.excepthook(kind, error, trace)
    except SystemExit:
        raise
    except BaseException as failure:
        if failure.__traceback__ is not None:
            failure.__traceback__ = failure.__traceback__.tb_next
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(failure), failure, failure.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(kind, error, trace)
    if sys.stdout is not None:
        sys.stdout.flush()
