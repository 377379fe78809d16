"""Where MNIST's four files come from: the folder, or a network that is asked once and not waited for."""

from __future__ import annotations

import os
import queue
import threading
import urllib.request
import uuid
from http.client import HTTPResponse

import numpy as np
import tensorflow as tf

from . import idx

__all__ = ["DEFAULT_SOURCE_URL", "FILES", "locate", "missing_files", "write_files"]

# The names of TF 1: training images and labels, then the test set's.
FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"

# Addresses that TF 1 programs give for MNIST itself, which Keras fetches from an address that still answers.
_MNIST_ITSELF = (
    DEFAULT_SOURCE_URL,
    "http://yann.lecun.com/exdb/mnist/",
    "https://yann.lecun.com/exdb/mnist/",
)
_KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_PATIENCE = 8.0  # seconds for a server to begin its answer


def locate(directory: str, source_url: str | None = None) -> list[str]:
    """The paths of MNIST's four files in `directory`, in the order of FILES, fetching those that are absent.

    A file counts as present under its name in FILES, or without `.gz`. What is fetched is written into
    `directory`, so that the next call is local. Raises FileNotFoundError, saying which files to put where,
    if some are absent and cannot be fetched.
    """
    absent = missing_files(directory)
    if absent:
        try:
            _fetch(directory, absent, source_url or DEFAULT_SOURCE_URL)
        except OSError as reason:
            raise FileNotFoundError(_advice(directory, absent, reason)) from reason
    return [_present(directory, name) or os.path.join(directory, name) for name in FILES]


def missing_files(directory: str) -> list[str]:
    """Those of FILES that `directory` holds neither gzipped nor plain."""
    return [name for name in FILES if _present(directory, name) is None]


def write_files(directory: str, contents: dict[str, bytes]) -> None:
    """Writes each named file into `directory`, made if absent. A reader never sees one half written."""
    tf.io.gfile.makedirs(directory)
    for name, content in contents.items():
        path = os.path.join(directory, name)
        partial = f"{path}.{uuid.uuid4().hex}.partial"
        with tf.io.gfile.GFile(partial, "wb") as f:
            f.write(content)
        tf.io.gfile.rename(partial, path, overwrite=True)


def _present(directory: str, name: str) -> str | None:
    for spelling in (name, name.removesuffix(".gz")):
        path = os.path.join(directory, spelling)
        if tf.io.gfile.exists(path):
            return path
    return None


def _fetch(directory: str, names: list[str], source_url: str) -> None:
    if source_url in _MNIST_ITSELF:
        print("Fetching MNIST through keras.datasets")
        arrays = dict(zip(FILES, _keras_mnist(), strict=True))
        contents = {name: idx.encode(arrays[name]) for name in names}
    else:
        contents = {name: _download(source_url + name) for name in names}
    write_files(directory, contents)
    for name, content in contents.items():
        print("Successfully downloaded", name, len(content), "bytes.")


def _keras_mnist() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The four arrays, in the order of FILES, from Keras's cache or else from the network."""
    import keras

    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    if not os.path.exists(os.path.join(home, "datasets", "mnist.npz")):
        # Keras waits without limit for a network that is not there: knock first.
        _open(_KERAS_URL).close()
    try:
        (train_images, train_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
    except Exception as reason:  # Keras raises a bare Exception when a download fails
        raise OSError(str(reason)) from reason
    return train_images, train_labels, test_images, test_labels


def _download(url: str) -> bytes:
    with _open(url) as response:
        return response.read()


def _open(url: str) -> HTTPResponse:
    """The server's answer, begun; OSError if it takes longer than _PATIENCE, which bounds each read too.

    A thread asks, because urllib's own limit does not cover looking a host's name up.
    """
    answers: queue.Queue[HTTPResponse | Exception] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(url, timeout=_PATIENCE))
        except Exception as reason:
            answers.put(reason)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_PATIENCE)
    except queue.Empty:
        raise TimeoutError(f"{url} did not answer within {_PATIENCE:.0f} seconds") from None
    if isinstance(answer, Exception):
        raise OSError(f"{url}: {answer}") from answer
    return answer


def _advice(directory: str, absent: list[str], reason: Exception) -> str:
    wanted = "\n".join(f"  {os.path.join(directory, name)}" for name in absent)
    return (
        f"MNIST is not in {directory!r} and could not be fetched ({reason}).\n"
        f"Put these files there, with or without .gz, and run again:\n{wanted}\n"
        f"They are at {DEFAULT_SOURCE_URL}; any IDX files of that form and of any length will do."
    )
