"""IDX, the file format of MNIST: a big-endian header (a magic number, then each dimension), then bytes.

Images have magic number 2051 and dimensions (count, rows, columns); labels have 2049 and (count,).
A file may be gzipped or not; its first bytes tell.
"""

from __future__ import annotations

import gzip
import io
import struct
from typing import IO

import numpy as np

__all__ = ["dense_to_one_hot", "encode", "extract_images", "extract_labels"]

IMAGES_MAGIC = 2051
LABELS_MAGIC = 2049
_GZIP_MAGIC = b"\x1f\x8b"


def extract_images(f: IO[bytes]) -> np.ndarray:
    """The images of an open IDX file, uint8 of shape [count, rows, columns, 1].

    Raises ValueError if the file is not one of images, or shorter than its header says.
    """
    return _extract(f, IMAGES_MAGIC, "image", dimensions=3)[..., np.newaxis]


def extract_labels(f: IO[bytes], one_hot: bool = False, num_classes: int = 10) -> np.ndarray:
    """The labels of an open IDX file: uint8 of shape [count], or with `one_hot` float64 [count, num_classes].

    Raises ValueError if the file is not one of labels, or shorter than its header says.
    """
    labels = _extract(f, LABELS_MAGIC, "label", dimensions=1)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def dense_to_one_hot(labels_dense: np.ndarray, num_classes: int) -> np.ndarray:
    """Rows of zeros with a one in the label's column: float64 of shape [number of labels, num_classes]."""
    return np.eye(num_classes)[labels_dense.ravel()]


def encode(array: np.ndarray) -> bytes:
    """The gzipped IDX file of uint8 images [count, rows, columns] or labels [count], the same each time."""
    magic = {3: IMAGES_MAGIC, 1: LABELS_MAGIC}[array.ndim]
    header = struct.pack(f">{1 + array.ndim}I", magic, *array.shape)
    return gzip.compress(header + array.astype(np.uint8, casting="safe").tobytes(), mtime=0)


def _extract(f: IO[bytes], magic: int, kind: str, dimensions: int) -> np.ndarray:
    name = getattr(f, "name", "a file without a name")
    print("Extracting", name)
    content = f.read()
    stream = io.BytesIO(gzip.decompress(content) if content[:2] == _GZIP_MAGIC else content)
    found = _read32(stream)
    if found != magic:
        raise ValueError(f"Invalid magic number {found} in MNIST {kind} file: {name}")
    shape = [_read32(stream) for _ in range(dimensions)]
    data = np.frombuffer(stream.read(), dtype=np.uint8)
    count = int(np.prod(shape, dtype=np.int64))
    if data.size < count:
        raise ValueError(
            f"The MNIST {kind} file {name} is cut short: its header promises {' x '.join(map(str, shape))} "
            f"bytes, and {data.size} of those {count} are there."
        )
    return data[:count].reshape(shape)


def _read32(bytestream: IO[bytes]) -> int:
    """The next four bytes as an unsigned big-endian integer."""
    four = bytestream.read(4)
    if len(four) < 4:
        raise ValueError(f"An IDX file ends within its header, after {len(four)} of 4 bytes of a number.")
    return int.from_bytes(four, "big")
