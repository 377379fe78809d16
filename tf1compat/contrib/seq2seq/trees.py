"""The paths of a beam search: which beam of each step leads to a beam of the last one.

Shapes: T steps, B examples, K beams.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["checked_batch_and_beams", "gather_tree", "gather_tree_from_array", "may_be_batch_and_beams", "tile_batch"]

v1 = tf.compat.v1


def gather_tree(
    step_ids: Any, parent_ids: Any, max_sequence_lengths: Any, end_token: Any, name: str | None = None
) -> tf.Tensor:
    """The ids on the way to each of the last beams, [T, B, K] of int32.

    Back from step `max_sequence_lengths - 1`, where every beam stands for itself, through the beams that `parent_ids`
    says each came from. `end_token` follows these steps, and the first `end_token` among them.

    Args:
      step_ids: the id that each beam added, [T, B, K].
      parent_ids: the beam of the step before that it did so to, [T, B, K].
      max_sequence_lengths: [B].
      end_token: a scalar.
      name: a name scope.

    Raises:
      InvalidArgumentError: when it is run, for a parent that is no beam.
    """
    with v1.name_scope(name, "GatherTree"):
        ids = tf.convert_to_tensor(step_ids, tf.int32, name="step_ids")
        parents = tf.convert_to_tensor(parent_ids, tf.int32, name="parent_ids")
        lengths = tf.convert_to_tensor(max_sequence_lengths, tf.int32, name="max_sequence_lengths")
        end = tf.convert_to_tensor(end_token, tf.int32, name="end_token")
        for value, rank, what in (
            (ids, 3, "step_ids"),
            (parents, 3, "parent_ids"),
            (lengths, 1, "max_sequence_lengths"),
            (end, 0, "end_token"),
        ):
            if value.shape.rank not in (None, rank):
                raise ValueError(f"gather_tree: {what} must be of rank {rank}, saw shape: {value.shape}")
        shape = ids.shape.merge_with(parents.shape).merge_with([None, lengths.shape[0], None])
        steps, batch, width = tf.unstack(tf.shape(ids), num=3)
        last = tf.minimum(lengths, steps) - 1  # [B]

        def back(beams: Any, step: Any) -> Any:
            """From the beams that lead to the last ones, [B, K], to the ids there and the beams before."""
            _, beams, _ = beams
            time, its_ids, its_parents = step
            here = tf.clip_by_value(beams, 0, width - 1)
            reached = (time <= last)[:, tf.newaxis]
            ids = tf.where(reached, tf.gather(its_ids, here, batch_dims=1), end)
            wrong = tf.logical_and((time < last)[:, tf.newaxis], tf.not_equal(here, beams))
            return ids, tf.where(reached, tf.gather(its_parents, here, batch_dims=1), beams), wrong

        themselves = tf.tile(tf.range(width)[tf.newaxis], [batch, 1])
        nothing = (tf.fill([batch, width], end), themselves, tf.fill([batch, width], False))
        found, before, wrong = tf.scan(back, (tf.range(steps), ids, parents), nothing, reverse=True)
        with tf.control_dependencies([_assert_beams(wrong, before)]):
            ended = tf.cumsum(tf.cast(tf.equal(found, end), tf.int32), exclusive=True) > 0
            return tf.ensure_shape(tf.where(ended, end, found), shape)


def _assert_beams(wrong: tf.Tensor, before: tf.Tensor) -> Any:
    """An op that fails, naming the culprit, if a beam led to one that there is not."""

    def fails() -> Any:
        place = tf.cast(tf.where(wrong)[-1], tf.int32)
        parent = tf.gather_nd(before, place + [1, 0, 0])
        message = tf.strings.format(
            "Saw invalid parent id {} at (batch, time, beam) == ({}, {}, {})", (parent, place[1], place[0], place[2])
        )
        with tf.control_dependencies([v1.Assert(False, [message])]):
            return tf.constant(False)

    return v1.cond(tf.reduce_any(wrong), fails, lambda: tf.constant(True))


def gather_tree_from_array(t: tf.Tensor, parent_ids: tf.Tensor, sequence_length: tf.Tensor) -> tf.Tensor:
    """What a beam search collected step by step, in the order of its last beams.

    Args:
      t: [T, B, K, ...] or [T, B * K, ...].
      parent_ids: [T, B, K].
      sequence_length: [B, K]; the steps of a beam after these stay as they are.
    """
    known, shape = parent_ids.shape.as_list(), tf.shape(parent_ids)
    steps, batch, width = (shape[i] if known[i] is None else known[i] for i in range(3))
    themselves = tf.tile(tf.range(width)[tf.newaxis, tf.newaxis], [steps, batch, 1])
    longest = tf.cast(tf.reduce_max(sequence_length, axis=1), tf.int32)
    beams = gather_tree(themselves, parent_ids, longest, end_token=width + 1)
    reached = tf.transpose(tf.sequence_mask(sequence_length, maxlen=steps), [2, 0, 1])
    beams = tf.where(reached, beams, themselves)
    split = tf.reshape(t, [steps, batch, width, -1])
    return tf.reshape(tf.gather(split, beams, batch_dims=2), tf.shape(t))


def may_be_batch_and_beams(shape: tf.TensorShape, batch_size: int | None, beam_width: int) -> bool:
    """Whether an array's elements are taken for beams: False, with a warning, for known sizes that are not both.

    As TF1 had it, elements of the known shape [B * K, T] are not: the second size would have to be K.
    """
    sizes = shape.as_list()
    if batch_size is None or sizes[0] is None:
        return True
    second = sizes[1] if len(sizes) > 1 else None
    if sizes[0] == batch_size * beam_width and (second is None or sizes[:2] == [batch_size, beam_width]):
        return True
    v1.logging.warn(
        "TensorArray reordering expects elements to be reshapable to %s which is incompatible with the current shape "
        "%s. Consider setting reorder_tensor_arrays to False to disable TensorArray reordering during the beam search.",
        tf.TensorShape([batch_size, beam_width, None]),
        shape,
    )
    return False


def checked_batch_and_beams(t: tf.Tensor, batch_size: Any, beam_width: int) -> Any:
    """An op that fails unless `t` is [T, B * K, ...] or [T, B, K, ...]."""
    shape = tf.shape(t)
    fits = tf.equal(shape[1], batch_size * beam_width)
    if t.shape.rank != 2:
        split = tf.logical_and(tf.equal(shape[1], batch_size), tf.equal(shape[2], beam_width))
        fits = tf.logical_or(fits, split)
    what = t.name if isinstance(t, v1.Tensor) and not hasattr(t, "numpy") else t
    return v1.Assert(
        fits,
        [
            "TensorArray reordering expects elements to be reshapable to [batch_size, beam_size, -1] which is "
            f"incompatible with the dynamic shape of {what} elements. Consider setting reorder_tensor_arrays to False "
            "to disable TensorArray reordering during the beam search."
        ],
    )


def tile_batch(t: Any, multiplier: int, name: str | None = None) -> Any:
    """Each example `multiplier` times, one after the other: [B, ...] becomes [B * multiplier, ...], in a nest.

    Raises:
      ValueError: for a tensor of unknown rank, or a scalar.
    """

    def tiled(value: Any) -> tf.Tensor:
        value = tf.convert_to_tensor(value, name="t")
        if value.shape.rank is None or value.shape.rank < 1:
            raise ValueError("t must have statically known rank")
        known = value.shape.as_list()
        result = tf.repeat(value, multiplier, axis=0)
        first = None if known[0] is None or tf.is_tensor(multiplier) else known[0] * multiplier
        result.set_shape([first, *known[1:]])
        return result

    with v1.name_scope(name, "tile_batch"):
        return tf.nest.map_structure(tiled, t)
