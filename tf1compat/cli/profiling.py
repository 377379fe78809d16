"""`run --profile DIR`: a trace for TensorBoard of runs that are past their first call."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from .measuring import Signature

__all__ = ["Trace"]

#: How many runs a trace holds: a long one cannot be looked at, and slows what it measures.
_RUNS = 100


class Trace:
    """Traces up to a hundred runs in a row, from the first that is no signature's first call on."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._count = 0
        self._state = "waits"  # then "runs", then "ended"
        self._restore: Any = None

    @contextlib.contextmanager
    def around(self, signature: Signature) -> Iterator[None]:
        """The context of a run, of a signature as it was before."""
        if self._state == "waits" and signature.count:
            self._start()
        if self._state != "runs":
            yield
            return
        import tensorflow as tf

        self._count += 1
        with tf.profiler.experimental.Trace(signature.name, step_num=self._count, _r=1):
            yield
        if self._count >= _RUNS:
            self.end()

    def _start(self) -> None:
        import tensorflow as tf

        from ..graph.running.compiled import Compiled

        tf.profiler.experimental.start(self._directory)
        self._state = "runs"
        # The fast executor shows a run as one block; the usual one each op.
        plain = Compiled.__call__
        Compiled.__call__ = Compiled.call_telling  # type: ignore[method-assign]
        self._restore = lambda: setattr(Compiled, "__call__", plain)

    def end(self) -> None:
        """Write the trace, if there is one."""
        if self._state == "runs":
            self._state = "ended"
            self._restore()
            import tensorflow as tf

            tf.profiler.experimental.stop()

    def told(self) -> str:
        """What to say of it in the end."""
        if not self._count:
            return "no trace was written: nothing ran twice"
        return f"a trace of {self._count} runs is in {self._directory} (tensorboard --logdir {self._directory})"

