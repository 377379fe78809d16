"""The call of a compiled function for a Session: with a time limit, cancelled by its closing, with TF1's errors."""

from __future__ import annotations

import threading
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import errors, warned
from . import tracing
from .compiled import Compiled

__all__ = ["Calls"]


class Calls:
    """The calls of one Session.

    Args:
      graph, settings: the Session's.
      on_server: whether its state is a server's, which changes what a reset Session says.
    """

    def __init__(self, graph: Any, settings: Any, on_server: bool) -> None:
        self._graph, self._settings, self._on_server = graph, settings, on_server
        self._lock = threading.RLock()
        self._waiting: set[Any] = set()  # cancellation managers of runs that may wait
        self.closed = self.reset = False

    def close(self) -> bool:
        """Cancel what runs, refuse what comes; False where that was done before."""
        with self._lock:
            if self.closed:
                return False
            self.closed = True
            waiting = list(self._waiting)
        for manager in waiting:
            manager.start_cancel()
        return True

    def is_any_waiting(self) -> bool:
        """Whether a run that may wait has not ended yet."""
        return bool(self._waiting)

    def check_open(self) -> None:
        """Raise for a closed Session, and within the tracing of a step, where nothing can run."""
        if self.closed:
            raise errors.was_reset(self._on_server) if self.reset else errors.closed()
        if self._graph.view is not None and self._graph.is_viewed:
            raise errors.inside_trace()

    def call(self, function: Compiled, values: list[Any], options: Any = None, run_metadata: Any = None) -> list[Any]:
        """The function's outputs, eager tensors; its errors as TF1 worded them."""
        timeout = (options.timeout_in_ms if options is not None else 0) or self._settings.timeout_ms
        try:
            if run_metadata is not None and options is not None and options.trace_level:
                with tracing.traced(self._graph, run_metadata, function.renamed):
                    if timeout or function.waits:
                        return self._wait_for(function, values, timeout, telling=True)
                    return function.call_telling(values)
            if not (timeout or function.waits):
                return function(values)
            return self._wait_for(function, values, timeout)
        except (_tf.NotOkStatus, tf.errors.OpError) as error:
            if self.closed:
                raise errors.closed_meanwhile() from None
            if function.xla and not function.ran and not errors.is_uninitialized(self._graph, error):
                return self._without_xla(function, values, options, error)
            raise errors.translate(
                self._graph, error, function.renamed, again=lambda: function.fail_again(values)
            ) from None

    def _wait_for(self, function: Compiled, values: list[Any], timeout: int, telling: bool = False) -> list[Any]:
        manager = _tf.CancellationManager()
        late = timer = None
        with self._lock:
            self.check_open()
            self._waiting.add(manager)
        if timeout:
            late = threading.Event()

            def expire() -> None:
                late.set()
                manager.start_cancel()

            timer = threading.Timer(timeout / 1000, expire)
            timer.daemon = True
            timer.start()
        try:
            outputs = function.call_cancellable(values, manager, telling)
            if self.closed:  # what it waited for may have come from the closing
                raise errors.closed_meanwhile()
            return outputs
        except (_tf.NotOkStatus, tf.errors.OpError):
            if late is not None and late.is_set():
                raise tf.errors.DeadlineExceededError(
                    None, None, f"Timed out waiting for notification that the run is done: timeout_in_ms is {timeout}."
                ) from None
            raise
        finally:
            if timer is not None:
                timer.cancel()
            self._waiting.discard(manager)

    def _without_xla(self, function: Compiled, values: list[Any], options: Any, error: Exception) -> list[Any]:
        """XLA refused this signature: say so once, and run it as TF1 ran it without."""
        reason = str(errors.translate(self._graph, error)).strip().splitlines()[0]
        warned.warn(f"XLA cannot compile this run, it runs uncompiled: {reason}")
        function.run_uncompiled()
        return self.call(function, values, options)
