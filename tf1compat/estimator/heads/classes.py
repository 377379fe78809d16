"""What heads of classes share: classes by number and name, and their exported form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

__all__ = ["all_class_ids", "all_classes", "chosen", "class_names", "classification", "numbers_of"]

v1 = tf.compat.v1


def all_class_ids(logits: tf.Tensor, count: int) -> tf.Tensor:
    """[batch, count]: every class's number, for each example."""
    return tf.tile(tf.expand_dims(tf.range(count), 0), [tf.shape(logits)[0], 1])


def all_classes(logits: tf.Tensor, count: int, vocabulary: Sequence[str] | None) -> tf.Tensor:
    """[batch, count]: every class's name, its number as a string where there is none, for each example."""
    names = tf.constant(list(vocabulary)) if vocabulary else tf.strings.as_string(tf.range(count))
    return tf.tile(tf.expand_dims(names, 0), [tf.shape(logits)[0], 1])


def class_names(class_ids: tf.Tensor, vocabulary: Sequence[str] | None) -> tf.Tensor:
    """The names of classes."""
    if not vocabulary:
        return tf.strings.as_string(class_ids, name="str_classes")
    keys = tf.range(len(vocabulary), dtype=tf.int64)
    pairs = tf.lookup.KeyValueTensorInitializer(keys, tf.constant(list(vocabulary)))
    return tf.lookup.StaticHashTable(pairs, "UNK", name="class_string_lookup").lookup(tf.cast(class_ids, tf.int64))


def numbers_of(labels: tf.Tensor, vocabulary: Sequence[str]) -> tf.Tensor:
    """The classes' numbers by their names, -1 for an unknown one; ValueError for labels that are no strings."""
    if labels.dtype != tf.string:
        raise ValueError(f"Labels dtype should be string if there is a vocabulary. Instead got {labels.dtype}")
    values = tf.range(len(vocabulary), dtype=tf.int64)
    pairs = tf.lookup.KeyValueTensorInitializer(tf.constant(list(vocabulary)), values)
    return tf.lookup.StaticHashTable(pairs, -1, name="class_id_lookup").lookup(labels)


def classification(probabilities: tf.Tensor, count: int, vocabulary: Sequence[str] | None) -> Any:
    """The signature of a classifier: every class's name and probability."""
    return _tf.model_utils.ClassificationOutput(
        scores=probabilities, classes=all_classes(probabilities, count, vocabulary)
    )


def chosen(predictions: dict[str, Any], keys: Sequence[str] | None) -> dict[str, Any]:
    """The predictions of these keys; ValueError for one that there is not."""
    unknown = [key for key in keys or () if key not in predictions]
    if unknown:
        raise ValueError(f"Prediction key must be one of {sorted(predictions)}, given: {unknown}.")
    return {key: predictions[key] for key in keys} if keys else predictions
