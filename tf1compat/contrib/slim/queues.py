"""`tf.contrib.slim.queues`: the graph's queue runners for the length of a block."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

__all__ = ["NestedQueueRunnerError", "QueueRunners"]

v1 = tf.compat.v1
_running = threading.Lock()


class NestedQueueRunnerError(Exception):
    """There is such a block around this one."""


@contextlib.contextmanager
def QueueRunners(session: Any) -> Iterator[None]:  # noqa: N802 - TF1's name
    """Start the queue runners of the default graph, and stop them at the end of the block.

    Raises:
      NestedQueueRunnerError: inside another such block.
    """
    if not _running.acquire(blocking=False):
        raise NestedQueueRunnerError("QueueRunners cannot be nested")
    try:
        coordinator = v1.train.Coordinator()
        threads = [
            thread
            for runner in v1.get_collection(v1.GraphKeys.QUEUE_RUNNERS)
            for thread in runner.create_threads(session, coord=coordinator, daemon=True, start=True)
        ]
        try:
            yield
        finally:
            coordinator.request_stop()
            try:
                coordinator.join(threads, stop_grace_period_secs=120)
            except RuntimeError:  # some still wait for a queue
                session.close()
    finally:
        _running.release()
