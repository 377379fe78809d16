"""What attention mechanisms are made of: a memory and scores that are masked, and two ways to score.

Shapes: B examples, T steps of memory, U units.
"""

from __future__ import annotations

import math
from typing import Any

import tensorflow as tf

from tf1compat.layers.dense_layer import Dense

__all__ = [
    "additive_score",
    "bahdanau_score",
    "hardmax",
    "luong_score",
    "masked_score",
    "multiplicative_score",
    "prepared_memory",
    "projection",
]

v1 = tf.compat.v1


# --- masks ---------------------------------------------------------------------------------------


def prepared_memory(
    memory: Any, memory_sequence_length: Any = None, memory_mask: Any = None, check_inner_dims_defined: bool = True
) -> Any:
    """The memory, a nest of [B, T, ...], as tensors with zeros beyond the lengths or where the mask is False."""
    _one_mask(memory_sequence_length, memory_mask)
    memory = tf.nest.map_structure(lambda m: tf.convert_to_tensor(m, name="memory"), memory)
    tensors = tf.nest.flatten(memory)
    for m in tensors if check_inner_dims_defined else ():
        if not m.shape[2:].is_fully_defined():
            raise ValueError(f"Expected memory {m.name} to have fully defined inner dims, but saw shape: {m.shape}")
    if memory_sequence_length is not None:
        lengths = tf.convert_to_tensor(memory_sequence_length, name="memory_sequence_length")
        mask = tf.sequence_mask(lengths, tf.shape(tensors[0])[1], tensors[0].dtype)
    elif memory_mask is not None:
        mask = tf.cast(memory_mask, tensors[0].dtype)
    else:
        return memory

    def masked(m: tf.Tensor) -> tf.Tensor:
        ones = tf.ones([tf.rank(m) - 2 if m.shape.rank is None else m.shape.rank - 2], tf.int32)
        return m * tf.reshape(mask, tf.concat([tf.shape(mask), ones], 0))

    return tf.nest.map_structure(masked, memory)


def masked_score(
    score: Any, memory_sequence_length: Any = None, memory_mask: Any = None, score_mask_value: Any = None
) -> Any:
    """The scores, [B, T], with `score_mask_value` beyond the lengths or where the mask is False."""
    _one_mask(memory_sequence_length, memory_mask)
    if memory_sequence_length is not None:
        above_zero = v1.assert_positive(
            memory_sequence_length, message="All values in memory_sequence_length must be greater than zero."
        )
        with tf.control_dependencies([above_zero]):
            memory_mask = tf.sequence_mask(memory_sequence_length, tf.shape(score)[1])
    if memory_mask is None:
        return score
    return v1.where(memory_mask, score, score_mask_value * tf.ones_like(score))


def _one_mask(memory_sequence_length: Any, memory_mask: Any) -> None:
    if memory_sequence_length is not None and memory_mask is not None:
        raise ValueError("memory_sequence_length and memory_mask can't be provided at same time.")


def hardmax(logits: Any, name: str | None = None) -> tf.Tensor:
    """1 at the greatest of the last dimension, the first one of equals, 0 elsewhere."""
    with v1.name_scope(name, "Hardmax"):
        logits = tf.convert_to_tensor(logits, name="logits")
        depth = logits.shape.as_list()[-1]
        return tf.one_hot(tf.argmax(logits, -1), tf.shape(logits)[-1] if depth is None else depth, dtype=logits.dtype)


# --- scores --------------------------------------------------------------------------------------


def projection(units: int, name: str, dtype: Any) -> Dense:
    """A layer `name/kernel` without a bias."""
    return Dense(units, name=name, use_bias=False, dtype=tf.float32 if dtype is None else dtype)


def luong_score(query: Any, keys: Any, scale: Any) -> tf.Tensor:
    """scale * keys . query, [B, T]; `scale` None is 1. `query` is [B, U], `keys` [B, T, U]."""
    depth, units = query.shape.as_list()[-1], keys.shape.as_list()[-1]
    if depth != units or depth is None:
        raise ValueError(
            "Incompatible or unknown inner dimensions between query and keys.  "
            f"Query ({query}) has units: {depth}.  Keys ({keys}) have units: {units}.  "
            f"Perhaps you need to set num_units to the keys' dimension ({units})?"
        )
    score = tf.squeeze(tf.matmul(tf.expand_dims(query, 1), keys, transpose_b=True), [1])
    return score if scale is None else scale * score


def bahdanau_score(
    processed_query: Any, keys: Any, attention_v: Any, attention_g: Any = None, attention_b: Any = None
) -> tf.Tensor:
    """v . tanh(keys + query), [B, T]; with g and b, g v / |v| . tanh(keys + query + b)."""
    summed = keys + tf.expand_dims(processed_query, 1)
    if attention_g is None or attention_b is None:
        return tf.reduce_sum(attention_v * tf.tanh(summed), [2])
    normed = attention_g * attention_v * tf.math.rsqrt(tf.reduce_sum(tf.square(attention_v)))
    return tf.reduce_sum(normed * tf.tanh(summed + attention_b), [2])


def multiplicative_score(mechanism: Any, query: Any) -> tf.Tensor:
    """Luong's score, with the variable `attention_g`, 1 at first, where the mechanism scales."""
    g = None
    if mechanism._scale:
        g = v1.get_variable("attention_g", dtype=query.dtype, initializer=v1.ones_initializer(), shape=())
    return luong_score(query, mechanism._keys, g)


def additive_score(mechanism: Any, query: Any) -> tf.Tensor:
    """Bahdanau's score: `attention_v` [U], and where the mechanism normalizes `attention_g` and `attention_b` [U]."""
    units = mechanism._num_units
    processed = query if mechanism.query_layer is None else mechanism.query_layer(query)
    v = v1.get_variable("attention_v", [units], dtype=query.dtype)
    g = b = None
    if mechanism._normalize:
        first = v1.constant_initializer(math.sqrt(1.0 / units))
        g = v1.get_variable("attention_g", dtype=query.dtype, initializer=first, shape=())
        b = v1.get_variable("attention_b", [units], dtype=query.dtype, initializer=v1.zeros_initializer())
    return bahdanau_score(processed, mechanism._keys, v, g, b)
