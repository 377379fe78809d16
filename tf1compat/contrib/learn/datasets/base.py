"""Data sets as pairs of data and target, from CSV files and from scikit-learn."""

from __future__ import annotations

import csv
import importlib
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

__all__ = ["Dataset", "Datasets", "load_boston", "load_csv_with_header", "load_csv_without_header", "load_iris"]

#: Two rows of scikit-learn's iris were corrected after TF1 had copied it: {row: as it was}.
_IRIS_BEFORE = {34: (4.9, 3.1, 1.5, 0.1), 37: (4.9, 3.1, 1.5, 0.1)}


class Dataset(NamedTuple):
    """Rows of features and what belongs to each."""

    data: Any
    target: Any


class Datasets(NamedTuple):
    """The three parts of a data set."""

    train: Any
    validation: Any
    test: Any


def load_csv_with_header(filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1) -> Dataset:
    """A CSV file whose first line begins with the number of rows and of features.

    Raises:
      ValueError: where there are other than so many.
    """
    with tf.io.gfile.GFile(filename) as lines:
        rows = csv.reader(lines)
        header = next(rows)
        found = _parsed(rows, target_dtype, features_dtype, target_column)
    shape = (int(header[0]), int(header[1]))
    if found.data.shape != shape:
        raise ValueError(f"{filename}: the header says {shape} rows and features, and there are {found.data.shape}.")
    return found


def load_csv_without_header(filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1) -> Dataset:
    """A CSV file of rows of features and a target."""
    with tf.io.gfile.GFile(filename) as lines:
        return _parsed(csv.reader(lines), target_dtype, features_dtype, target_column)


def _parsed(rows: Any, target_dtype: Any, features_dtype: Any, target_column: int) -> Dataset:
    data, target = [], []
    for row in rows:
        target.append(row.pop(target_column))
        data.append(np.asarray(row, features_dtype))
    return Dataset(np.array(data), np.array(target).astype(target_dtype))


def load_iris(data_path: Any = None) -> Dataset:
    """150 flowers: four measures, float64, and the species, 0 to 2; of a CSV file, or scikit-learn's, as TF1 had them.

    Raises:
      ImportError: without a path, where scikit-learn is not installed.
    """
    if data_path is not None:
        return load_csv_with_header(data_path, np.int64, np.float64)
    try:
        datasets = importlib.import_module("sklearn.datasets")
    except ImportError as error:
        raise ImportError("tf.contrib.learn.datasets.load_iris() takes its data from scikit-learn: pip install "
                          "scikit-learn, or give data_path, a CSV file.") from error  # fmt: skip
    iris = datasets.load_iris()
    data = iris.data.astype(np.float64)
    for row, before in _IRIS_BEFORE.items():
        data[row] = before
    return Dataset(data, iris.target.astype(np.int64))


def load_boston(data_path: Any = None) -> Dataset:
    """506 districts: 13 measures and the price of a house, of a CSV file.

    Raises:
      NotImplementedError: without a path: TF1 brought this data with it, which its makers have since withdrawn.
    """
    if data_path is None:
        raise NotImplementedError(
            "tf.contrib.learn.datasets.load_boston() had its data in TF1, and scikit-learn has removed them for what "
            "they say of people. Give data_path, a CSV file, or take sklearn.datasets.fetch_california_housing()."
        )
    return load_csv_with_header(data_path, np.float64, np.float64)
