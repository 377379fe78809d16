"""What `tf.parse_example` needs to know to read a ready-made model's features, labels and weights."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["classifier_parse_example_spec", "regressor_parse_example_spec"]

v1 = tf.compat.v1


def classifier_parse_example_spec(
    feature_columns: Any,
    label_key: str,
    label_dtype: tf.DType = tf.int64,
    label_default: Any = None,
    weight_column: Any = None,
) -> dict[str, Any]:
    """{key: how to parse it} of the columns, the label, one number or string an example, and the weights.

    Raises:
      ValueError: where the label's or weights' key is a feature's too, or the weights' column is none.
    """
    return _with_label(feature_columns, label_key, (1,), label_dtype, label_default, weight_column)


def regressor_parse_example_spec(
    feature_columns: Any,
    label_key: str,
    label_dtype: tf.DType = tf.float32,
    label_default: Any = None,
    label_dimension: int = 1,
    weight_column: Any = None,
) -> dict[str, Any]:
    """`classifier_parse_example_spec` for `label_dimension` numbers an example."""
    return _with_label(feature_columns, label_key, (label_dimension,), label_dtype, label_default, weight_column)


def _with_label(columns: Any, label_key: str, shape: Any, dtype: Any, default: Any, weight_column: Any) -> Any:
    spec = dict(v1.feature_column.make_parse_example_spec(columns))
    if label_key in spec:
        raise ValueError(f"label should not be used as feature. label_key: {label_key}, features: {sorted(spec)}")
    spec[label_key] = tf.io.FixedLenFeature(shape, dtype, default)
    if weight_column is None:
        return spec
    column = v1.feature_column.numeric_column(weight_column) if isinstance(weight_column, str) else weight_column
    if not hasattr(column, "normalizer_fn"):
        raise ValueError(
            f"weight_column should be an instance of tf.feature_column.numeric_column. Given type: {type(column)} "
            f"value: {column}"
        )
    if column.key in spec:
        raise ValueError(
            f"weight_column should not be used as feature. weight_column: {column.key}, features: {sorted(spec)}"
        )
    return {**spec, **column.parse_example_spec}
