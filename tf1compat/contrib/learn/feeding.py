"""Arrays as input functions, in the order in which TF1 fed them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["input_fn_of"]

v1 = tf.compat.v1
#: The seed of the order in which examples are shuffled.
_SEED = 42


def input_fn_of(
    x: Any, y: Any, batch_size: int | None, shuffle: bool, epochs: int | None
) -> Callable[[], tuple[Any, Any]]:
    """An input function that gives (features, labels) of arrays, or dictionaries of them, batch by batch.

    Features of one dimension become columns, labels of shape [n, 1] lose the last. All is one batch where
    `batch_size` is None. Each epoch's last batch may be smaller. Shuffled, every epoch has an order of its own.

    Raises:
      ValueError: for a batch size below 1.
      NotImplementedError: for iterators.
    """
    if batch_size is not None and batch_size <= 0:
        raise ValueError(f"Invalid batch_size {batch_size}.")
    for given in (x, y):
        if hasattr(given, "__next__"):
            raise NotImplementedError(
                "tf.contrib.learn with iterators as x and y: write an input_fn that gives a tf.data.Dataset made by "
                "tf.data.Dataset.from_generator."
            )
    features = _each(x, lambda array: array.reshape(-1, 1) if array.ndim == 1 else array)
    labels = _each(y, lambda array: array.reshape(-1, *array.shape[2:]) if array.shape[1:2] == (1,) else array)
    data = (features,) if labels is None else (features, labels)
    arrays = tf.nest.flatten(data)
    count = len(arrays[0])
    size = batch_size or count

    def numbers() -> Iterator[np.ndarray]:
        random, epoch = np.random.RandomState(_SEED), 0
        while epochs is None or epoch < epochs:
            order = random.permutation(count) if shuffle else np.arange(count)
            for start in range(0, count, size):
                yield order[start : start + size]
            epoch += 1

    def input_fn() -> tuple[Any, Any]:
        types = [tf.string if array.dtype.kind in "USO" else tf.as_dtype(array.dtype) for array in arrays]
        dataset = tf.data.Dataset.from_generator(numbers, tf.int64, [None])
        chosen = v1.data.make_one_shot_iterator(dataset).get_next()
        taken = v1.py_func(lambda rows: [array[rows] for array in arrays], [chosen], types, stateful=False)
        for tensor, array in zip(taken, arrays, strict=True):
            tensor.set_shape([None, *array.shape[1:]])
        packed = tf.nest.pack_sequence_as(data, taken)
        return packed[0], None if labels is None else packed[1]

    return input_fn


def _each(given: Any, shaped: Callable[[np.ndarray], np.ndarray]) -> Any:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {key: shaped(_array(value)) for key, value in given.items()}
    return shaped(_array(given))


def _array(given: Any) -> np.ndarray:
    if isinstance(given, (tf.Tensor, tf.Variable)):
        raise ValueError("Inputs cannot be tensors. Please provide input_fn.")
    array = np.asarray(given)
    return array.astype(object) if array.dtype.kind in "US" else array
