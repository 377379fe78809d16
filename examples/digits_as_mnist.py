"""Writes the handwritten digits that scikit-learn ships as MNIST's four files, for programs that read MNIST.

    python -m tf1compat run examples/digits_as_mnist.py FOLDER

They are real: 1,797 digits that 13 people wrote, scanned at 8 by 8 pixels in 17 shades. Each pixel becomes a
square of 3 by 3 and the shades become 0 to 255, with a margin that makes 28 by 28. The first 1,500 train.
"""

from __future__ import annotations

import sys

import numpy as np
from sklearn.datasets import load_digits

from tf1compat.v1.examples.tutorials.mnist import idx, source

TRAINING = 1500


def digits() -> tuple[np.ndarray, np.ndarray]:
    """The digits' images, uint8 [1797, 28, 28], and labels, uint8 [1797]."""
    bunch = load_digits()
    shades = np.round(bunch.images * 255 / 16).astype(np.uint8)
    enlarged = np.kron(shades, np.ones((1, 3, 3), np.uint8))
    return np.pad(enlarged, ((0, 0), (2, 2), (2, 2))), bunch.target.astype(np.uint8)


def write(folder: str) -> None:
    """Writes the four gzipped IDX files into `folder`, the same bytes each time."""
    images, labels = digits()
    parts = (images[:TRAINING], labels[:TRAINING], images[TRAINING:], labels[TRAINING:])
    source.write_files(folder, dict(zip(source.FILES, map(idx.encode, parts), strict=True)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tf1compat run examples/digits_as_mnist.py FOLDER")
    write(sys.argv[1])
    print(f"Wrote scikit-learn's digits, {TRAINING} to train on, as MNIST files into {sys.argv[1]}")
