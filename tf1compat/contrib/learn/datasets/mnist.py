"""`tf.contrib.learn.datasets.mnist`: MNIST from the files of its folder."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["load_mnist"]


def load_mnist(train_dir: str = "MNIST-data") -> Any:
    """`read_data_sets(train_dir)`: train, validation and test sets of flat images in [0, 1] and labels 0 to 9."""
    # The reader lives on the floor above, where what scripts import as tensorflow.examples is.
    reader = importlib.import_module("tf1compat.v1.examples.tutorials.mnist.input_data")
    return reader.read_data_sets(train_dir)
