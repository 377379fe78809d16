"""`tf.contrib.data`: what `tf.data` came to have otherwise. The rest is `tf.data.experimental`'s."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = [
    "assert_element_shape",
    "batch_and_drop_remainder",
    "padded_batch_and_drop_remainder",
    "read_batch_features",
    "reduce_dataset",
    "sliding_window_batch",
    "sloppy_interleave",
]

v1 = tf.compat.v1
Transformation = Callable[[Any], Any]


def batch_and_drop_remainder(batch_size: Any) -> Transformation:
    """`dataset.batch(batch_size, drop_remainder=True)`, for `apply`."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(
    batch_size: Any, padded_shapes: Any, padding_values: Any = None
) -> Transformation:
    """`dataset.padded_batch(…, drop_remainder=True)`, for `apply`."""
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes=padded_shapes, padding_values=padding_values, drop_remainder=True
    )


def sloppy_interleave(map_func: Callable[..., Any], cycle_length: Any, block_length: int = 1) -> Transformation:
    """`tf.data.experimental.parallel_interleave(…, sloppy=True)`: elements in the order in which they are ready."""
    return v1.data.experimental.parallel_interleave(map_func, cycle_length, block_length, sloppy=True)


def sliding_window_batch(
    window_size: int, stride: int | None = None, window_shift: int | None = None, window_stride: int = 1
) -> Transformation:
    """Batches of `window_size` elements, `window_stride` apart, the next one beginning `window_shift` later.

    Args:
      stride: the old name of `window_shift`, 1 without.

    Raises:
      ValueError: if both are given.
    """
    if stride is not None and window_shift is not None:
        raise ValueError("Cannot specify both `stride` and `window_shift`")
    shift = next(given for given in (window_shift, stride, 1) if given is not None)

    def windows(dataset: Any) -> Any:
        cut = dataset.window(window_size, shift=shift, stride=window_stride, drop_remainder=True)
        structure = v1.data.get_output_types(dataset)

        def together(*parts: Any) -> Any:
            whole = parts[0] if len(parts) == 1 else tuple(parts)
            zipped: Any = whole if isinstance(structure, tf.DType) else v1.data.Dataset.zip(whole)
            return zipped.batch(window_size, drop_remainder=True)

        return cut.flat_map(together)

    return windows


def assert_element_shape(expected_shapes: Any) -> Transformation:
    """Elements with the shapes that are expected, which is checked where it is not known; for `apply`."""

    def checked(tensor: Any, shape: Any) -> Any:
        shape = tf.TensorShape(shape)
        if shape.rank is None:
            return tensor
        return tf.ensure_shape(tensor, shape)

    def transform(dataset: Any) -> Any:
        def check(*element: Any) -> Any:
            given = element[0] if len(element) == 1 else element
            flat = zip(tf.nest.flatten(given), _shapes(expected_shapes, given), strict=True)
            return tf.nest.pack_sequence_as(given, [checked(tensor, shape) for tensor, shape in flat])

        return dataset.map(check)

    return transform


def _shapes(expected: Any, like: Any) -> list[Any]:
    """The expected shapes one after the other, each a list, a tuple of numbers or a TensorShape."""
    if not isinstance(like, (tuple, dict, list)):
        return [expected]
    parts = [expected[key] for key in sorted(like)] if isinstance(like, dict) else list(expected)
    inside = [like[key] for key in sorted(like)] if isinstance(like, dict) else list(like)
    return [shape for part, each in zip(parts, inside, strict=True) for shape in _shapes(part, each)]


def reduce_dataset(dataset: Any, reducer: Any) -> Any:
    """What a `Reducer`'s `init_func` and `reduce_func` make of all elements; 1.15 did not ask its `finalize_func`.

    Raises:
      TypeError: for anything but a dataset.
    """
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    return dataset.reduce(reducer.init_func(tf.constant(0, tf.int64)), reducer.reduce_func)


def read_batch_features(
    file_pattern: Any,
    batch_size: int,
    features: Any,
    reader: Any = v1.data.TFRecordDataset,
    reader_args: Any = None,
    randomize_input: bool = True,
    num_epochs: int | None = None,
    capacity: int = 10000,
) -> Any:
    """The next batch of parsed examples, {feature: tensor}, of a `make_batched_features_dataset`."""
    dataset = v1.data.experimental.make_batched_features_dataset(
        file_pattern,
        batch_size,
        features,
        reader=reader,
        reader_args=reader_args,
        shuffle=randomize_input,
        num_epochs=num_epochs,
        shuffle_buffer_size=capacity,
    )
    return v1.data.make_one_shot_iterator(dataset).get_next()
