"""`tf.contrib.learn.datasets`: iris, and MNIST from files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import mnist
from .base import load_boston, load_iris

__all__ = ["DATASETS", "load_boston", "load_dataset", "load_iris"]

#: {name: what loads it}.
DATASETS: dict[str, Callable[..., Any]] = {"boston": load_boston, "iris": load_iris, "mnist": mnist.load_mnist}


def load_dataset(name: str, size: str = "small", test_with_fake_data: bool = False) -> Any:
    """The data set of a name: "iris", a `Dataset`, or "mnist", `Datasets` read from the folder MNIST-data.

    Raises:
      ValueError: for another name.
      NotImplementedError: for "dbpedia", which TF1 downloaded, and "boston" (see `load_boston`).
    """
    if name == "dbpedia":
        raise NotImplementedError(
            "tf.contrib.learn.datasets.load_dataset('dbpedia') downloaded the data from a server, which is not done "
            "here. Read the CSV files yourself, with csv or pandas."
        )
    if name not in DATASETS:
        raise ValueError(f"Name of dataset is not found: {name}")
    return DATASETS[name]()
