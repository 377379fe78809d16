"""Input functions over arrays: `numpy_input_fn` and `pandas_input_fn`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["numpy_input_fn", "pandas_input_fn"]

v1 = tf.compat.v1


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """An input function over arrays in memory: tensors of batches, features or (features, labels).

    Args:
      x: an array, or a dictionary of arrays with the examples in front.
      y: the labels: None, an array, or a dictionary of arrays under other keys than `x` has.
      batch_size: how many examples a batch has. One goes over the end of an epoch; only the last may be smaller.
      num_epochs: how often all examples are gone through; None for ever.
      shuffle: whether the examples are shuffled, among `queue_capacity` of them. It has to be said.
      queue_capacity: see `shuffle`.
      num_threads: 1; with more, TF1 gave the batches in any order, and shuffled examples are in no order anyway.

    Raises:
      ValueError: naming what is missing or does not fit: arrays of other lengths, keys that both have.
      TypeError: for what is neither an array nor a dictionary.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(
            f"shuffle must be provided and explicitly set as boolean (it is recommended to set it as True for "
            f"training); got {shuffle}"
        )
    if num_threads < 1:
        raise ValueError(f"num_threads must be at least 1, but is {num_threads}.")

    def input_fn() -> Any:
        features = _ordered(x, "x")
        labels = None if y is None else _ordered(y, "y") if isinstance(y, Mapping) else {None: np.asarray(y)}
        both = sorted(set(features) & set(labels or {}))
        if both:
            raise ValueError(
                f"{len(both)} duplicate keys are found in both x and y: {both}. The composed dictionary has to have "
                "different keys."
            )
        arrays = [*features.values(), *(labels or {}).values()]
        if len({len(array) for array in arrays}) > 1:
            lengths = {str(key): len(value) for key, value in {**features, **(labels or {})}.items()}
            raise ValueError(
                f"Length of tensors in x and y is mismatched. All elements must have one length: {lengths}"
            )
        batch = _batches(arrays, batch_size, num_epochs, shuffle, queue_capacity)
        count = len(features)
        given = dict(zip(features, batch[:count], strict=True)) if isinstance(x, Mapping) else batch[0]
        if labels is None:
            return given
        if isinstance(y, Mapping):
            return given, dict(zip(labels, batch[count:], strict=True))
        return given, batch[count]

    return input_fn


def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> Callable[[], Any]:
    """`numpy_input_fn` over a pandas DataFrame `x`, of whose columns the features are, and a Series or frame `y`.

    Raises:
      ValueError: if `x` has a column `target_column` or other rows than `y`, and as `numpy_input_fn`.
    """
    if not isinstance(target_column, str):
        raise TypeError(f"target_column must be a string type, but got {target_column!r}")
    if y is not None:
        if target_column in x:
            raise ValueError(
                f"Cannot use name {target_column} for target column: DataFrame already has a column with it."
            )
        if not np.array_equal(x.index, y.index):
            raise ValueError(f"Index for x and y are mismatched.\nIndex for x: {x.index}\nIndex for y: {y.index}\n")
    features = {str(column): x[column].to_numpy() for column in x.columns}
    labels: Any = None
    if y is not None:
        labels = y.to_numpy() if not hasattr(y, "columns") else {str(c): y[c].to_numpy() for c in y.columns}
    return numpy_input_fn(features, labels, batch_size, num_epochs, shuffle, queue_capacity, num_threads)


def _ordered(given: Any, name: str) -> OrderedDict[Any, np.ndarray]:
    if isinstance(given, Mapping):
        if not given:
            raise ValueError(f"{name} cannot be an empty dict")
        return OrderedDict((key, np.asarray(given[key])) for key in sorted(given))
    if isinstance(given, np.ndarray):
        return OrderedDict({"": given})
    raise TypeError(f"{name} must be a dict or array; got {type(given).__name__}")


def _batches(
    arrays: list[np.ndarray], batch_size: int, num_epochs: int | None, shuffle: bool, capacity: int
) -> list[tf.Tensor]:
    """The next batch of each array. The arrays stay in NumPy: the graph holds numbers of examples only."""
    count = len(arrays[0])
    numbers = tf.data.Dataset.range(count)
    if shuffle:
        numbers = numbers.shuffle(min(max(capacity, 1), max(count, 1)))
    numbers = numbers.repeat(num_epochs).batch(batch_size)
    # Strings: NumPy's become objects, which is how TensorFlow takes them.
    kept = [array.astype(object) if array.dtype.kind in "US" else array for array in arrays]
    types = [tf.string if array.dtype.kind in "USO" else tf.as_dtype(array.dtype) for array in arrays]

    def take(chosen: Any) -> list[Any]:
        return [array[chosen] for array in kept]

    batch = v1.data.make_one_shot_iterator(numbers.prefetch(2)).get_next()
    batch.set_shape([None])
    taken = v1.py_func(take, [batch], types, stateful=False)
    for tensor, array in zip(taken, arrays, strict=True):
        tensor.set_shape([None, *array.shape[1:]])
    return taken
