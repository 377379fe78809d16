"""MNIST's four files, from the folder that holds them, as arrays."""

import gzip
import pathlib

import numpy as np

HINT = """There is no MNIST in {}. scikit-learn's digits, written as MNIST's files, will do:
    python -m tf1compat run examples/digits_as_mnist.py {}"""


def load(folder):
    """(images, labels) to train on and to test: float32 [examples, 28, 28, 1] from 0 to 1, int64 [examples]."""
    try:
        return _read(folder, "train"), _read(folder, "t10k")
    except FileNotFoundError:
        raise SystemExit(HINT.format(folder, folder)) from None


def _read(folder, part):
    with gzip.open(pathlib.Path(folder) / f"{part}-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1)
    with gzip.open(pathlib.Path(folder) / f"{part}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return (images / np.float32(255), labels.astype(np.int64))
