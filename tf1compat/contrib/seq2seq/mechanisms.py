"""What attends: a query is scored against each step of a memory, and the scores become weights.

Shapes: B examples, T steps of memory, U units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.layers.base import Layer
from tf1compat.layers.dense_layer import Dense
from tf1compat.rnn import states

__all__ = [
    "AttentionMechanism",
    "BahdanauAttention",
    "BaseAttentionMechanism",
    "LuongAttention",
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


class AttentionMechanism:
    """What an `AttentionWrapper` takes: `alignments, state = mechanism(query, state)`, and two sizes."""

    @property
    def alignments_size(self) -> Any:
        """T, an int or a scalar tensor."""
        raise NotImplementedError

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        raise NotImplementedError


class BaseAttentionMechanism(AttentionMechanism):
    """A memory, its keys, and what makes weights of scores; a subclass scores in `__call__(query, state)`.

    Args:
      query_layer: a layer of `tf.layers` for queries, or None.
      memory: [B, T, ...], the outputs of an encoder; zeros beyond an example's length.
      probability_fn: `(scores, state) -> alignments`, both [B, T].
      memory_sequence_length: [B] of integers above zero, or None.
      memory_layer: a layer that makes keys of the memory.
      check_inner_dims_defined: whether the memory's dimensions after the second must be known.
      score_mask_value: the score beyond an example's length; -inf if None.
      custom_key_value_fn: `(keys, values) -> (keys, values)`, or None.
      name: a name scope.

    Raises:
      TypeError: for layers that are none, or a `probability_fn` that cannot be called.
      ValueError: for a memory of unknown dimensions.
    """

    def __init__(
        self,
        query_layer: Any,
        memory: Any,
        probability_fn: Callable[[Any, Any], Any],
        memory_sequence_length: Any = None,
        memory_layer: Any = None,
        check_inner_dims_defined: bool = True,
        score_mask_value: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str | None = None,
    ) -> None:
        for what, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError(f"{what} is not a Layer: {type(layer).__name__}")
        if not callable(probability_fn):
            raise TypeError(f"probability_fn must be callable, saw type: {type(probability_fn).__name__}")
        self._query_layer = query_layer
        self._memory_layer = memory_layer
        first = tf.nest.flatten(memory)[0]
        self.dtype = tf.convert_to_tensor(first).dtype.name if memory_layer is None else memory_layer.dtype
        mask_value = tf.as_dtype(self.dtype).as_numpy_dtype(-math.inf) if score_mask_value is None else score_mask_value

        def probabilities(score: Any, state: Any) -> Any:
            return probability_fn(masked_score(score, memory_sequence_length, score_mask_value=mask_value), state)

        self._probability_fn = probabilities
        with v1.name_scope(name, "BaseAttentionMechanismInit"):
            self._values = prepared_memory(
                memory, memory_sequence_length, check_inner_dims_defined=check_inner_dims_defined
            )
            self._keys = self._values if memory_layer is None else memory_layer(self._values)
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            known = self._keys.shape.as_list()
            self._batch_size = known[0] or tf.shape(self._keys)[0]
            self._alignments_size = known[1] or tf.shape(self._keys)[1]

    @property
    def memory_layer(self) -> Any:
        """The layer that made the keys, or None."""
        return self._memory_layer

    @property
    def query_layer(self) -> Any:
        """The layer for queries, or None."""
        return self._query_layer

    @property
    def values(self) -> Any:
        """The memory, [B, T, ...]."""
        return self._values

    @property
    def keys(self) -> Any:
        """What queries are compared to, [B, T, U]."""
        return self._keys

    @property
    def batch_size(self) -> Any:
        """B, an int or a scalar tensor."""
        return self._batch_size

    @property
    def alignments_size(self) -> Any:
        return self._alignments_size

    @property
    def state_size(self) -> Any:
        return self._alignments_size

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """The alignments before the first step: zeros, [B, T]."""
        return states.zeros(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size: Any, dtype: Any) -> Any:
        """The state before the first step: the initial alignments."""
        return self.initial_alignments(batch_size, dtype)


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


def _of_score_alone(probability_fn: Callable[[Any], Any] | None) -> Callable[[Any, Any], Any]:
    chosen = probability_fn or tf.nn.softmax
    return lambda score, _: chosen(score)


class LuongAttention(BaseAttentionMechanism):
    """probability_fn(keys . query), keys = memory W (Luong et al., 2015, arXiv:1508.04025).

    Args:
      num_units: U; a query must have as many.
      memory, memory_sequence_length, score_mask_value, custom_key_value_fn, name: as for the base.
      scale: whether the scores are times the variable `attention_g`.
      probability_fn: `scores -> alignments`; softmax if None.
      dtype: of the memory layer; float32 if None.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        probability_fn: Callable[[Any], Any] | None = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str = "LuongAttention",
    ) -> None:
        super().__init__(
            query_layer=None,
            memory_layer=projection(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=_of_score_alone(probability_fn),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units = num_units
        self._scale = scale
        self._name = name

    def __call__(self, query: Any, state: Any) -> Any:
        """`(alignments, alignments)` for a query [B, U]."""
        with v1.variable_scope(None, "luong_attention", [query]):
            score = multiplicative_score(self, query)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class BahdanauAttention(BaseAttentionMechanism):
    """probability_fn(v . tanh(memory W + query V)) (Bahdanau et al., 2015, arXiv:1409.0473).

    Args:
      num_units: U.
      memory, memory_sequence_length, score_mask_value, custom_key_value_fn, name: as for the base.
      normalize: whether v is normalized to a length that is learned, with a bias (arXiv:1602.07868).
      probability_fn: `scores -> alignments`; softmax if None.
      dtype: of the two layers; float32 if None.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        probability_fn: Callable[[Any], Any] | None = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str = "BahdanauAttention",
    ) -> None:
        super().__init__(
            query_layer=projection(num_units, "query_layer", dtype),
            memory_layer=projection(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=_of_score_alone(probability_fn),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units = num_units
        self._normalize = normalize
        self._name = name

    def __call__(self, query: Any, state: Any) -> Any:
        """`(alignments, alignments)` for a query [B, ...]."""
        with v1.variable_scope(None, "bahdanau_attention", [query]):
            score = additive_score(self, query)
        alignments = self._probability_fn(score, state)
        return alignments, alignments
