"""`tf.contrib.layers`' feature columns: those of `tf.feature_column` under their first names.

A column made here is one of `tf.feature_column`, so every model takes it. What differed are the names of variables,
which the two functions that put columns together keep.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

__all__ = [
    "bucketized_column",
    "create_feature_spec_for_parsing",
    "crossed_column",
    "embedding_column",
    "infer_real_valued_columns",
    "input_from_feature_columns",
    "one_hot_column",
    "parse_feature_columns_from_examples",
    "real_valued_column",
    "sparse_column_with_hash_bucket",
    "sparse_column_with_integerized_feature",
    "sparse_column_with_keys",
    "sparse_column_with_vocabulary_file",
    "weighted_sparse_column",
    "weighted_sum_from_feature_columns",
]

v1 = tf.compat.v1
fc = tf.compat.v1.feature_column
#: The names of the kinds of columns, by which TF1 put them in order.
_KINDS = {
    "BucketizedColumn": "_BucketizedColumn",
    "CrossedColumn": "_CrossedColumn",
    "EmbeddingColumn": "_EmbeddingColumn",
    "IndicatorColumn": "_OneHotColumn",
    "NumericColumn": "_RealValuedColumn",
    "HashedCategoricalColumn": "_SparseColumnHashed",
    "IdentityCategoricalColumn": "_SparseColumnIntegerized",
    "VocabularyListCategoricalColumn": "_SparseColumnKeys",
    "VocabularyFileCategoricalColumn": "_SparseColumnVocabulary",
    "WeightedCategoricalColumn": "_WeightedSparseColumn",
}


def real_valued_column(
    column_name: str,
    dimension: int = 1,
    default_value: Any = None,
    dtype: tf.DType = tf.float32,
    normalizer: Callable[[Any], Any] | None = None,
) -> Any:
    """`dimension` numbers; ValueError where that is below 1."""
    if dimension is None or dimension < 1:
        raise ValueError(f"dimension must be greater than 0. dimension: {dimension}, column_name: {column_name}")
    return fc.numeric_column(column_name, (dimension,), default_value, dtype, normalizer)


def _only_sum(column_name: str, combiner: str) -> None:
    if combiner != "sum":
        raise NotImplementedError(
            f"tf.contrib.layers' column {column_name!r} with combiner={combiner!r}: tf.feature_column.linear_model("
            "sparse_combiner=...) or tf.feature_column.embedding_column(combiner=...) say how values go together."
        )


def sparse_column_with_hash_bucket(
    column_name: str, hash_bucket_size: int, combiner: str = "sum", dtype: tf.DType = tf.string, hash_keys: Any = None
) -> Any:
    """Strings or integers, numbered by a hash."""
    _only_sum(column_name, combiner)
    if hash_keys is not None:
        raise NotImplementedError(f"tf.contrib.layers' column {column_name!r} with hash_keys: leave them out.")
    return fc.categorical_column_with_hash_bucket(column_name, hash_bucket_size, dtype)


def sparse_column_with_keys(
    column_name: str, keys: Sequence[Any], default_value: int = -1, combiner: str = "sum", dtype: tf.DType = tf.string
) -> Any:
    """Strings or integers, numbered by their places in `keys`; others have the number `default_value`."""
    _only_sum(column_name, combiner)
    return fc.categorical_column_with_vocabulary_list(column_name, keys, dtype, default_value)


def sparse_column_with_vocabulary_file(
    column_name: str,
    vocabulary_file: str,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    combiner: str = "sum",
    dtype: tf.DType = tf.string,
) -> Any:
    """Strings or integers, numbered by their lines in a file."""
    _only_sum(column_name, combiner)
    default = None if num_oov_buckets else default_value
    return fc.categorical_column_with_vocabulary_file(
        column_name, vocabulary_file, vocab_size, num_oov_buckets, default, dtype
    )


def sparse_column_with_integerized_feature(
    column_name: str, bucket_size: int, combiner: str = "sum", dtype: tf.DType = tf.int64
) -> Any:
    """Integers below `bucket_size`; those over it start again at 0 no more, but are an error."""
    _only_sum(column_name, combiner)
    return fc.categorical_column_with_identity(column_name, bucket_size)


def weighted_sparse_column(sparse_id_column: Any, weight_column_name: str, dtype: tf.DType = tf.float32) -> Any:
    """A column whose values have weights, which another feature gives."""
    return fc.weighted_categorical_column(sparse_id_column, weight_column_name, dtype)


def one_hot_column(sparse_id_column: Any) -> Any:
    """Ones in the places of a column's values."""
    return fc.indicator_column(sparse_id_column)


def bucketized_column(source_column: Any, boundaries: Sequence[float]) -> Any:
    """Which of the intervals between the boundaries a number is in."""
    return fc.bucketized_column(source_column, boundaries)


def crossed_column(columns: Sequence[Any], hash_bucket_size: int, combiner: str = "sum") -> Any:
    """Combinations of columns' values, numbered by a hash, which is `tf.feature_column.crossed_column`'s."""
    _only_sum("_X_".join(sorted(column.name for column in columns)), combiner)
    keys = [column.key if type(column).__name__ == "HashedCategoricalColumn" else column for column in columns]
    return fc.crossed_column(keys, hash_bucket_size)


def embedding_column(
    sparse_id_column: Any,
    dimension: int,
    combiner: str = "mean",
    initializer: Any = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> Any:
    """A vector for each value; unless told otherwise a normal one, with deviation 1/sqrt(number of values)."""
    if initializer is None:
        initializer = v1.truncated_normal_initializer(stddev=1.0 / math.sqrt(sparse_id_column.num_buckets))
    return fc.embedding_column(
        sparse_id_column,
        dimension,
        combiner,
        initializer,
        ckpt_to_load_from,
        tensor_name_in_ckpt,
        max_norm,
        trainable,
    )


def infer_real_valued_columns(features: Any) -> list[Any]:
    """A real valued column for each feature, of its width; for a tensor one called "".

    Raises:
      ValueError: for what is no matrix of numbers.
    """
    named = features if isinstance(features, Mapping) else {"": features}
    found = []
    for key, feature in sorted(named.items()):
        if feature.shape.rank != 2 or not (feature.dtype.is_floating or feature.dtype.is_integer):
            raise ValueError(f"Feature {key!r} is no matrix of numbers: {feature.dtype}, {feature.shape}.")
        found.append(real_valued_column(key, feature.shape.as_list()[1], dtype=feature.dtype))
    return found


def create_feature_spec_for_parsing(feature_columns: Any) -> dict[str, Any]:
    """How `tf.parse_example` is to read what the columns need."""
    columns = feature_columns.values() if isinstance(feature_columns, Mapping) else feature_columns
    return dict(fc.make_parse_example_spec(list(columns)))


def parse_feature_columns_from_examples(
    serialized: Any, feature_columns: Any, name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """{key: tensor} of what serialized Examples hold for the columns."""
    return v1.parse_example(serialized, create_feature_spec_for_parsing(feature_columns), name, example_names)


# --- columns put together --------------------------------------------------------------------------


def _in_order(columns: Any) -> list[Any]:
    return sorted(set(columns), key=_place)


def _place(column: Any) -> tuple[str, ...]:
    """By the kind, for columns of a column by its place, and by the name."""
    inner = getattr(column, "categorical_column", None)
    return (_KINDS.get(type(column).__name__, ""), *(_place(inner) if inner is not None else (column.name,)))


def _is_numeric(column: Any) -> bool:
    return type(column).__name__ == "NumericColumn"


def _numbers(column: Any, features: Mapping[str, Any]) -> Any:
    """[batch, width] of a real valued column."""
    if column.key not in features:
        raise ValueError(f"Feature {column.key!r} is not in the features: {sorted(features)}.")
    values = tf.cast(features[column.key], tf.float32)
    if column.normalizer_fn is not None:
        values = column.normalizer_fn(values)
    return tf.reshape(values, [-1, math.prod(column.shape)])


def _renaming(scope: str, names: Mapping[str, str]) -> Callable[..., Any]:
    """A variable getter: of what stands in `scope`, the inner scope goes, and the variable's own name changes."""

    def renamed(getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        inner = name[len(scope) + 1 :].split("/")[1:] if scope else name.split("/")[1:]
        inner[-1] = names.get(inner[-1], inner[-1])
        return getter("/".join([scope, *inner] if scope else inner), *args, **kwargs)

    return renamed


def input_from_feature_columns(
    columns_to_tensors: Mapping[str, Any],
    feature_columns: Any,
    weight_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Any:
    """[batch, width]: dense columns, side by side in the order of their kinds and names.

    The variables of embeddings are `<column>/weights`, below `input_from_feature_columns` or `scope`.
    """
    features = dict(columns_to_tensors)
    with v1.variable_scope(scope, "input_from_feature_columns") as outer:
        getter = _renaming(outer.name, {"embedding_weights": "weights"})
        parts = []
        for column in _in_order(feature_columns):
            if _is_numeric(column):
                parts.append(_numbers(column, features))
            else:
                with v1.variable_scope(outer, custom_getter=getter, auxiliary_name_scope=False):
                    parts.append(fc.input_layer(features, [column], weight_collections, trainable))
        return tf.concat(parts, 1)


def weighted_sum_from_feature_columns(
    columns_to_tensors: Mapping[str, Any],
    feature_columns: Any,
    num_outputs: int,
    weight_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> tuple[Any, dict[Any, list[Any]], Any]:
    """(logits, {column: variables}, bias) of a linear model.

    The variables are `<column>/weight` of real valued columns, `<column>/weights` of others, and `bias_weight`, below
    `weighted_sum_from_feature_columns` or `scope`.
    """
    features = dict(columns_to_tensors)
    with v1.variable_scope(scope, "weighted_sum_from_feature_columns") as outer:
        getter = _renaming(outer.name, {"bias_weights": "bias_weight"})
        columns = _in_order(feature_columns)
        others = [column for column in columns if not _is_numeric(column)]
        variables: dict[Any, Any] = {}
        parts = []
        for column in columns:
            if _is_numeric(column):
                values = _numbers(column, features)
                weight = v1.get_variable(
                    f"{column.name}/weight",
                    [values.shape.as_list()[1], num_outputs],
                    initializer=v1.zeros_initializer(),
                    trainable=trainable,
                    collections=[
                        v1.GraphKeys.GLOBAL_VARIABLES,
                        v1.GraphKeys.MODEL_VARIABLES,
                        *(weight_collections or ()),
                    ],
                )
                variables[column] = [weight]
                parts.append(tf.matmul(values, tf.convert_to_tensor(weight)))
        if others:
            found: dict[Any, Any] = {}
            with v1.variable_scope(outer, custom_getter=getter, auxiliary_name_scope=False):
                parts.append(
                    fc.linear_model(features, others, num_outputs, "sum", weight_collections, trainable, found)
                )
            (bias,) = tf.nest.flatten(found.pop("bias"))
            variables.update({column: tf.nest.flatten(own) for column, own in found.items()})
            return tf.add_n(parts), variables, bias
        bias = v1.get_variable("bias_weight", [num_outputs], initializer=v1.zeros_initializer(), trainable=trainable,
                               collections=[v1.GraphKeys.GLOBAL_VARIABLES, v1.GraphKeys.MODEL_VARIABLES])  # fmt: skip
        return tf.nn.bias_add(tf.add_n(parts), tf.convert_to_tensor(bias)), variables, bias
