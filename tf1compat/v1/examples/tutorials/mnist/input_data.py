"""`tensorflow.examples.tutorials.mnist.input_data`: MNIST in batches, shuffled as TF 1.15 did."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from .idx import _read32, dense_to_one_hot, extract_images, extract_labels
from .source import DEFAULT_SOURCE_URL, locate

__all__ = [
    "DEFAULT_SOURCE_URL",
    "DataSet",
    "Datasets",
    "_read32",
    "dense_to_one_hot",
    "extract_images",
    "extract_labels",
    "read_data_sets",
]

_VALIDATION_SIZE = 5000
_FAKE_EXAMPLES = 10000
_FAKE_PIXELS = 784


class DataSet:
    """Images with their labels, handed out in batches.

    Args:
      images: uint8 of shape [count, rows, columns, depth].
      labels: of shape [count, ...].
      fake_data: hold no data; `next_batch(n, fake_data=True)` then makes some up.
      one_hot: whether the labels of fake data are one-hot; real labels are as given.
      dtype: tf.float32 scales the images to [0, 1]; tf.uint8 leaves them in [0, 255].
      reshape: flatten the images to [count, rows * columns], for which depth must be 1.
      seed: sets NumPy's *global* random state, which the shuffling draws from. Without one, the graph's seed
        sets it, and without that the system's entropy: as in TF 1.15, a `np.random.seed` that comes before
        has no effect on the batches, and one that comes after has.
    """

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = tf.float32,
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        graph_seed, op_seed = tf.compat.v1.get_seed(seed)
        np.random.seed(graph_seed if seed is None else op_seed)
        dtype = tf.as_dtype(dtype).base_dtype
        if dtype not in (tf.uint8, tf.float32):
            raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
        self.one_hot = one_hot
        self._fake = fake_data
        if fake_data:
            self._num_examples = _FAKE_EXAMPLES
        else:
            if images.shape[0] != labels.shape[0]:
                raise AssertionError(f"images.shape: {images.shape} labels.shape: {labels.shape}")
            self._num_examples = images.shape[0]
            images = _prepared(images, dtype, reshape)
        self._images = images
        self._labels = labels
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> np.ndarray:
        """All images, in this epoch's order."""
        return self._images

    @property
    def labels(self) -> np.ndarray:
        """All labels, in this epoch's order."""
        return self._labels

    @property
    def num_examples(self) -> int:
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        """How many times `next_batch` went past the last example."""
        return self._epochs_completed

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> tuple[Any, Any]:
        """The next `batch_size` images and labels.

        A batch that an epoch's end cuts is filled from the start of the next epoch, in its new order if
        `shuffle`. The first epoch is put in a new order only if its first batch asks for it.
        """
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * _FAKE_PIXELS for _ in range(batch_size)], [label for _ in range(batch_size)]
        if self._fake:
            raise TypeError(
                "This DataSet has no images: it was made with fake_data=True, so ask for fake batches "
                "by next_batch(batch_size, fake_data=True)."
            )
        start = self._index_in_epoch
        if shuffle and start == 0 and self._epochs_completed == 0:
            self._shuffle()
        end = start + batch_size
        if end <= self._num_examples:
            self._index_in_epoch = end
            return self._images[start:end], self._labels[start:end]
        images, labels = self._images[start:], self._labels[start:]
        self._epochs_completed += 1
        if shuffle:
            self._shuffle()
        self._index_in_epoch = end - self._num_examples
        return (
            np.concatenate((images, self._images[: self._index_in_epoch])),
            np.concatenate((labels, self._labels[: self._index_in_epoch])),
        )

    def _shuffle(self) -> None:
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images = self._images[order]
        self._labels = self._labels[order]


class Datasets(NamedTuple):
    """What `read_data_sets` returns."""

    train: DataSet
    validation: DataSet
    test: DataSet


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = tf.float32,
    reshape: bool = True,
    validation_size: int | None = None,
    seed: int | None = None,
    source_url: str | None = DEFAULT_SOURCE_URL,
) -> Datasets:
    """MNIST, or anything in its file format, as a training, a validation and a test set.

    Args:
      train_dir: the folder of the four IDX files, of whatever length, gzipped or not. Absent ones are
        fetched: from `keras.datasets`, or from another `source_url` where one is given.
      fake_data: no files; sets that make up constant batches, see `DataSet`.
      one_hot: labels as float64 rows of ten, instead of uint8 numbers.
      dtype, reshape, seed: see `DataSet`.
      validation_size: how many images, taken from the front of the training set, validate. Left out, it is
        TF 1's 5000, or a tenth of a training set that has fewer than that, with a warning that says so.

    Raises:
      ValueError: `validation_size` is not between 0 and the number of training images; a file is not IDX.
      FileNotFoundError: files are absent and cannot be fetched; the message says which to put where.
    """
    if fake_data:
        return Datasets(*(DataSet([], [], True, one_hot, dtype, seed=seed) for _ in Datasets._fields))

    paths = locate(train_dir, source_url)
    arrays = []
    for path, is_labels in zip(paths, (False, True, False, True), strict=True):
        with tf.io.gfile.GFile(path, "rb") as f:
            arrays.append(extract_labels(f, one_hot=one_hot) if is_labels else extract_images(f))
    train_images, train_labels, test_images, test_labels = arrays

    count = len(train_images)
    size = _default_validation_size(count) if validation_size is None else validation_size
    if not 0 <= size <= count:
        raise ValueError(f"Validation size should be between 0 and {count}. Received: {size}.")

    def data_set(images: np.ndarray, labels: np.ndarray) -> DataSet:
        return DataSet(images, labels, dtype=dtype, reshape=reshape, seed=seed)

    # Each construction seeds NumPy anew, so their order is part of the numbers.
    train = data_set(train_images[size:], train_labels[size:])
    validation = data_set(train_images[:size], train_labels[:size])
    return Datasets(train, validation, data_set(test_images, test_labels))


def _default_validation_size(count: int) -> int:
    if count >= _VALIDATION_SIZE:
        return _VALIDATION_SIZE
    warnings.warn(
        f"The training set has {count} images, fewer than the {_VALIDATION_SIZE} that TF 1 sets aside for "
        f"validation: {count // 10} of them validate. Pass validation_size to choose.",
        stacklevel=3,
    )
    return count // 10


def _prepared(images: np.ndarray, dtype: tf.DType, reshape: bool) -> np.ndarray:
    if reshape:
        if images.shape[3] != 1:
            raise AssertionError(f"reshape needs images of depth 1, not of shape {images.shape}")
        images = images.reshape(images.shape[0], images.shape[1] * images.shape[2])
    if dtype == tf.float32:
        images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
    return images
