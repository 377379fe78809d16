"""`tf.contrib.lookup`: tables, with the argument orders that they had here."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf

__all__ = [
    "HashTable",
    "MutableDenseHashTable",
    "index_table_from_tensor",
    "index_to_string",
    "index_to_string_table_from_tensor",
    "string_to_index",
    "string_to_index_table_from_file",
    "string_to_index_table_from_tensor",
]

v1 = tf.compat.v1
_lookup = _tf.lookup_ops
FastHashSpec = _lookup.FastHashSpec
MutableDenseHashTable = v1.lookup.experimental.DenseHashTable


class HashTable(v1.lookup.StaticHashTable):  # type: ignore[name-defined, misc]
    """A table that an initializer fills, `tf.tables_initializer()` or `table.init` in a Session.

    Args:
      initializer: such as `KeyValueTensorInitializer(keys, values)`.
      default_value: what keys that it has not give.
      shared_name: the name under which tables of one Session are the same.
      name: of the operation.
    """

    def __init__(
        self, initializer: Any, default_value: Any, shared_name: str | None = None, name: str | None = None
    ) -> None:
        self._named_by_caller = shared_name
        super().__init__(initializer, default_value, name=name)

    def _create_resource(self) -> Any:
        table = tf.raw_ops.HashTableV2(
            shared_name=self._named_by_caller or "",
            key_dtype=self._initializer.key_dtype,
            value_dtype=self._initializer.value_dtype,
            name=self._name or "hash_table",
        )
        self._table_name = None if tf.executing_eagerly() else table.op.name.split("/")[-1]
        return table

    @property
    def init(self) -> Any:
        return self.initializer


def index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    dtype: Any = tf.string,
    name: str | None = None,
) -> Any:
    """The table that gives each of the keys its place among them; `tf.lookup`'s, `mapping` being `vocabulary_list`."""
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return _lookup.index_table_from_tensor(
        vocabulary_list=mapping,
        num_oov_buckets=num_oov_buckets,
        default_value=default_value,
        hasher_spec=hasher_spec,
        dtype=dtype,
        name=name,
    )


def string_to_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    name: str | None = None,
) -> Any:
    """`index_table_from_tensor` of strings."""
    with v1.name_scope(name, "string_to_index") as scope:
        mapping = tf.convert_to_tensor(mapping)
    if mapping.dtype.base_dtype != tf.string:
        raise ValueError("string_to_index_table_from_tensor requires string.")
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, name=scope)


def string_to_index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    name: str | None = None,
) -> Any:
    """The table that gives each line of a file its number."""
    return _lookup.index_table_from_file(
        vocabulary_file, num_oov_buckets, vocab_size, default_value, hasher_spec, key_dtype=tf.string, name=name
    )


def string_to_index(tensor: Any, mapping: Any, default_value: int = -1, name: str | None = None) -> Any:
    """The places of strings among `mapping`."""
    return index_table_from_tensor(mapping=mapping, default_value=default_value, name=name).lookup(tensor)


def index_to_string_table_from_tensor(mapping: Any, default_value: str = "UNK", name: str | None = None) -> Any:
    """The table that gives each place its string."""
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return _lookup.index_to_string_table_from_tensor(
        vocabulary_list=mapping, default_value=default_value, name=name
    )


def index_to_string(tensor: Any, mapping: Any, default_value: str = "UNK", name: str | None = None) -> Any:
    """The strings at places of `mapping`."""
    return index_to_string_table_from_tensor(mapping=mapping, default_value=default_value, name=name).lookup(tensor)
