"""Memory of functions that are gone.

TensorFlow keeps the kernel of every call that it has seen, and with it the optimized graph of the function
called, until all kernels are let go of at once; removing a function does not remove its kernel. Letting go
makes the functions that are still in use compile again at their next call. So it is done, when a Session
closes or forgets signatures, once there is more of what is gone than of what is in use: the time it costs
stays in proportion to what compiling took anyway, the memory to what is in use.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any

from ... import _tensorflow as _tf

__all__ = ["reclaim", "watch"]

#: How much of what is gone is not worth the effort; a node's worth is some 7 KB.
SLACK = 500
_FUNCTION, _BYTES = 50, 1 / 7000  # what a function, and a byte of its constants, weigh in nodes

_lock = threading.RLock()
_in_use = 0
_gone = 0


def watch(function: Any, definition: Any) -> None:
    """Count a function, by its `FunctionDef`, as in use for as long as the object `function` lives."""
    global _in_use
    weight = _FUNCTION + len(definition.node_def) + int(definition.ByteSize() * _BYTES)
    with _lock:
        _in_use += weight
    weakref.finalize(function, _count_gone, weight).atexit = False


def _count_gone(weight: int) -> None:
    global _in_use, _gone
    with _lock:
        _in_use -= weight
        _gone += weight


def reclaim() -> None:
    """Free the memory of functions that are gone, if there is enough of it."""
    global _gone
    with _lock:
        if _gone <= _in_use + SLACK:
            return
        _gone = 0
    _tf.clear_kernels()
