"""What attends: a query is scored against each step of a memory, and the scores become weights.

Shapes: B examples, T steps of memory, U units.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.layers.base import Layer
from tf1compat.rnn import states

from .attending import additive_score, masked_score, multiplicative_score, prepared_memory, projection

__all__ = ["AttentionMechanism", "BahdanauAttention", "BaseAttentionMechanism", "LuongAttention"]

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
