"""`tf.contrib.slim.prefetch_queue`: a queue between reading and computing."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["prefetch_queue"]

v1 = tf.compat.v1


def prefetch_queue(
    tensors: Any,
    capacity: int = 8,
    num_threads: int = 1,
    dynamic_pad: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """A queue of tensors, a list or {name: tensor}, which so many threads fill; take them by `dequeue()`.

    Args:
      capacity: how many sets of tensors it holds.
      dynamic_pad: whether shapes may be known in part.
    """
    names = sorted(tensors) if isinstance(tensors, dict) else None
    flat = list(tensors) if names is None else [tensors[key] for key in names]
    with v1.name_scope(name, "prefetch_queue", flat):
        queue = (v1.PaddingFIFOQueue if dynamic_pad else v1.FIFOQueue)(
            capacity=capacity,
            dtypes=[each.dtype for each in flat],
            shapes=[each.shape for each in flat],
            names=names,
            shared_name=shared_name,
        )
        v1.train.add_queue_runner(v1.train.QueueRunner(queue, [queue.enqueue(tensors)] * num_threads))
        full = tf.cast(queue.size(), tf.float32) * (1.0 / capacity)
        v1.summary.scalar(f"fraction_of_{capacity}_full", full)
        return queue
