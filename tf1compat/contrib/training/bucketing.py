"""Batches of examples of about the same length, by queues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["bucket", "bucket_by_sequence_length"]

v1 = tf.compat.v1


def _flat(tensors: Any) -> list[Any]:
    if isinstance(tensors, dict):
        return [tensors[key] for key in sorted(tensors)]
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


def _as_given(tensors: Any, flat: Sequence[Any]) -> Any:
    if isinstance(tensors, dict):
        return dict(zip(sorted(tensors), flat, strict=True))
    return list(flat) if isinstance(tensors, (list, tuple)) else flat[0]


def bucket(
    tensors: Any,
    which_bucket: Any,
    batch_size: Any,
    num_buckets: int,
    num_threads: int = 1,
    capacity: int = 32,
    bucket_capacities: Sequence[int] | None = None,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    keep_input: Any = True,
    shared_name: str | None = None,
    name: str | None = None,
) -> tuple[Any, Any]:
    """(the bucket, a batch of the examples that went into it).

    Args:
      tensors: one example, a list or {name: tensor}; sparse tensors come as one of one dimension more.
      which_bucket: the bucket that it goes to, from 0.
      batch_size: of all buckets, or a list with one for each.
      num_buckets: how many.
      num_threads: how many threads take in examples.
      capacity, bucket_capacities: of the queue of batches, and of the buckets.
      shapes: of the example's tensors; theirs without.
      dynamic_pad: whether examples are padded with zeros to the largest of a batch.
      allow_smaller_final_batch: whether the last batches may be smaller.
      keep_input: whether the example is taken in at all.
      shared_name: of the queues.

    Raises:
      ValueError: without tensors, and for lists that do not have `num_buckets` elements.
    """
    sizes = list(batch_size) if isinstance(batch_size, (list, tuple)) else [batch_size] * num_buckets
    if len(sizes) != num_buckets:
        raise ValueError("If batch_size is a list it must have num_buckets elements")
    capacities = [capacity] * num_buckets if bucket_capacities is None else list(bucket_capacities)
    if len(capacities) != num_buckets:
        raise ValueError(
            f"The list bucket_capacities ({capacities}) must have exactly num_buckets ({num_buckets}) elements."
        )
    given = _flat(tensors)
    if not given:
        raise ValueError("Expected at least one tensor in bucket().")
    with v1.name_scope(name, "bucket", given):
        kinds = [(each.dtype, each.shape.rank) if isinstance(each, tf.SparseTensor) else None for each in given]
        given = [
            tf.io.serialize_sparse(each) if isinstance(each, tf.SparseTensor) else tf.convert_to_tensor(each)
            for each in given
        ]
        which_bucket = tf.convert_to_tensor(which_bucket, dtype=tf.int32, name="which_bucket")
        shapes = [
            each.shape if shapes is None or kinds[at] is not None else tf.TensorShape(shapes[at])
            for at, each in enumerate(given)
        ]
        dtypes = [each.dtype for each in given]
        queues = [
            (v1.PaddingFIFOQueue if dynamic_pad else v1.FIFOQueue)(
                capacity=capacities[i],
                dtypes=dtypes,
                shapes=shapes,
                shared_name=None if shared_name is None else f"{shared_name}_{i}",
                name=f"bucket_queue_{i}",
            )
            for i in range(num_buckets)
        ]
        fixed = not allow_smaller_final_batch and not isinstance(batch_size, (list, tuple))
        rows = tf.get_static_value(tf.convert_to_tensor(sizes[-1])) if fixed else None
        top = v1.PaddingFIFOQueue(
            capacity=capacity,
            dtypes=[tf.int32, *dtypes],
            shapes=[tf.TensorShape([]), *(tf.TensorShape([rows]).concatenate(shape) for shape in shapes)],
            shared_name=shared_name,
            name="top_queue",
        )

        def take_in() -> Any:
            return tf.group(
                *(
                    v1.cond(tf.equal(which_bucket, i), lambda queue=queue: queue.enqueue(given), tf.no_op)
                    for i, queue in enumerate(queues)
                ),
                name="group_enqueues",
            )

        known = tf.get_static_value(tf.convert_to_tensor(keep_input))
        taken = v1.cond(keep_input, take_in, tf.no_op) if known is None else take_in() if known else tf.no_op()
        batches = []
        for i, (queue, size) in enumerate(zip(queues, sizes, strict=True)):
            take = queue.dequeue_up_to if allow_smaller_final_batch else queue.dequeue_many
            batches.append(top.enqueue([tf.constant(i), *_flat(take(size, name=f"read_bucket_{i}"))]))
        ended = (tf.errors.OutOfRangeError, tf.errors.CancelledError)
        runner = v1.train.QueueRunner
        v1.train.add_queue_runner(
            runner(
                queues[0],
                batches,
                close_op=top.close(),
                cancel_op=top.close(cancel_pending_enqueues=True),
                queue_closed_exception_types=ended,
            )
        )
        v1.train.add_queue_runner(
            runner(
                top,
                [taken] * num_threads,
                close_op=tf.group(*(queue.close() for queue in queues)),
                cancel_op=tf.group(*(queue.close(cancel_pending_enqueues=True) for queue in queues)),
                queue_closed_exception_types=ended,
            )
        )
        full = tf.cast(top.size(), tf.float32) * (1.0 / capacity)
        v1.summary.scalar(f"bucket/{top.name}/fraction_of_{capacity}_full", full)
        which, *batch = top.dequeue(name="dequeue_top")
        batch = [
            each if kind is None else tf.io.deserialize_many_sparse(each, kind[0], kind[1] and kind[1] + 1)
            for each, kind in zip(batch, kinds, strict=True)
        ]
        return which, _as_given(tensors, batch)


def bucket_by_sequence_length(
    input_length: Any,
    tensors: Any,
    batch_size: Any,
    bucket_boundaries: Sequence[int],
    num_threads: int = 1,
    capacity: int = 32,
    bucket_capacities: Sequence[int] | None = None,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    keep_input: Any = True,
    shared_name: str | None = None,
    name: str | None = None,
) -> tuple[Any, Any]:
    """(lengths [batch], a batch): `bucket`, one for the lengths below each boundary and one for those above all.

    Raises:
      TypeError: if the boundaries are no list of integers.
      ValueError: if there are none, or they do not increase.
    """
    if not isinstance(bucket_boundaries, (list, tuple)):
        raise TypeError(f"bucket_boundaries must be a list or tuple, but received: {bucket_boundaries}")
    if not bucket_boundaries:
        raise ValueError("bucket_boundaries must not be empty")
    for low, high in zip(bucket_boundaries, bucket_boundaries[1:], strict=False):
        if not isinstance(low, int) or not isinstance(high, int):
            raise TypeError(f"bucket boundaries must be integers, but saw: {low} and {high}")
        if low >= high:
            raise ValueError(f"Buckets must contain sequential increasing lengths, but saw: {low} before {high}")
    given = _flat(tensors)
    with v1.name_scope(name, "bucket_by_sequence_length", [input_length, *given]):
        length = tf.convert_to_tensor(input_length, dtype=tf.int32, name="input_length")
        limits = np.iinfo(np.int32)
        above = tf.less_equal([limits.min, *bucket_boundaries], length)
        below = tf.less(length, [*bucket_boundaries, limits.max])
        which = tf.cast(tf.reduce_min(tf.where(above & below)), tf.int32)
        _, (lengths, *batch) = bucket(
            [length, *given],
            which,
            batch_size,
            len(bucket_boundaries) + 1,
            num_threads=num_threads,
            capacity=capacity,
            bucket_capacities=bucket_capacities,
            shapes=None if shapes is None else [tf.TensorShape([]), *shapes],
            dynamic_pad=dynamic_pad,
            allow_smaller_final_batch=allow_smaller_final_batch,
            keep_input=keep_input,
            shared_name=shared_name,
        )
        return lengths, _as_given(tensors, batch)
