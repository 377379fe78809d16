"""Cells around a cell that add weights: embeddings and projections, highways; and `CompiledWrapper`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .base import RNNCell, assert_like_rnncell
from .linear import Linear
from .wrappers import assert_same_shapes

__all__ = [
    "CompiledWrapper",
    "EmbeddingWrapper",
    "HighwayWrapper",
    "InputProjectionWrapper",
    "OutputProjectionWrapper",
]

v1 = tf.compat.v1


class _Around(RNNCell):
    """The sizes and the zero state of the cell inside, whose variables stand in this cell's own scope."""

    def __init__(self, cell: Any, reuse: bool | None = None) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell

    @property
    def state_size(self) -> Any:
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            return self._cell.zero_state(batch_size, dtype)


class EmbeddingWrapper(_Around):
    """Looks integer inputs up in `embedding` [embedding_classes, embedding_size] before `cell` has them.

    Args:
      cell: the cell inside.
      embedding_classes: how many symbols.
      embedding_size: how long a symbol's vector is.
      initializer: of the embedding; if None the scope's, or uniform between -sqrt(3) and sqrt(3).
      reuse: as for every cell.
    """

    def __init__(
        self,
        cell: Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: Any = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                f"Both embedding_classes and embedding_size must be > 0: {embedding_classes}, {embedding_size}."
            )
        self._embedding_classes = embedding_classes
        self._embedding_size = embedding_size
        self._initializer = initializer

    def call(self, inputs: Any, state: Any) -> Any:
        with tf.device("/cpu:0"):
            limit = math.sqrt(3)
            embedding = v1.get_variable(
                "embedding",
                [self._embedding_classes, self._embedding_size],
                initializer=self._initializer
                or v1.get_variable_scope().initializer
                or v1.random_uniform_initializer(-limit, limit),
                dtype=(state[0] if isinstance(state, tuple) else state).dtype,
            )
            return self._cell(v1.nn.embedding_lookup(embedding, tf.reshape(inputs, [-1])), state)


class InputProjectionWrapper(_Around):
    """Maps inputs to `num_proj` columns (`kernel`, `bias`), then by `activation` if given, before `cell` has them.

    `input_size` has no effect, as in TF1, which warned.
    """

    def __init__(
        self,
        cell: Any,
        num_proj: int,
        activation: Callable[[Any], Any] | None = None,
        input_size: Any = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(cell, reuse)
        if input_size is not None:
            v1.logging.warn("%s: The input_size parameter is deprecated.", self)
        self._num_proj = num_proj
        self._activation = activation
        self._linear: Linear | None = None

    def call(self, inputs: Any, state: Any) -> Any:
        self._linear = self._linear or Linear(inputs, self._num_proj, True)
        projected = self._linear(inputs)
        return self._cell(self._activation(projected) if self._activation else projected, state)


class OutputProjectionWrapper(_Around):
    """Maps the outputs of `cell` to `output_size` columns (`kernel`, `bias`), then by `activation` if given."""

    def __init__(
        self,
        cell: Any,
        output_size: int,
        activation: Callable[[Any], Any] | None = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._output_size = output_size
        self._activation = activation
        self._linear: Linear | None = None

    @property
    def output_size(self) -> Any:
        return self._output_size

    def call(self, inputs: Any, state: Any) -> Any:
        output, new_state = self._cell(inputs, state)
        self._linear = self._linear or Linear(output, self._output_size, True)
        projected = self._linear(output)
        return self._activation(projected) if self._activation else projected, new_state


class HighwayWrapper(_Around):
    """Mixes inputs and outputs of `cell` (Srivastava et al., 2015, arXiv:1505.00387):

        carry * inputs + transform * outputs,  carry = sigmoid(inputs carry_w + carry_b)

    `transform` is 1 - carry, or has weights `transform_w` and `transform_b` where `couple_carry_transform_gates`
    is False. `carry_b` begins with `carry_bias_init`, `transform_b` with its negative. The variables stand in the
    scope that the wrapper is called in.
    """

    def __init__(self, cell: Any, couple_carry_transform_gates: bool = True, carry_bias_init: float = 1.0) -> None:
        super().__init__(cell)
        self._couple_carry_transform_gates = couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    def _gate(self, name: str, inputs: Any, bias: float) -> tf.Tensor:
        depth = inputs.shape.with_rank(2).as_list()[1]
        kernel = v1.get_variable(f"{name}_w", [depth, depth])
        first = v1.get_variable(f"{name}_b", [depth], initializer=v1.constant_initializer(bias))
        return tf.sigmoid(v1.nn.xw_plus_b(inputs, kernel, first))

    def _highway(self, inputs: Any, outputs: Any) -> tf.Tensor:
        carry = self._gate("carry", inputs, self._carry_bias_init)
        coupled = self._couple_carry_transform_gates
        transform = 1 - carry if coupled else self._gate("transform", inputs, -self._carry_bias_init)
        return inputs * carry + outputs * transform

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        outputs, new_state = self._cell(inputs, state, scope=scope)
        assert_same_shapes(inputs, outputs)
        return tf.nest.map_structure(self._highway, inputs, outputs), new_state


class CompiledWrapper(_Around):
    """`cell`, with nothing changed: TF1 marked its ops for the XLA compiler, which is a matter of speed alone.

    Here a whole run is compiled or none (the Session's `global_jit_level`), so there is nothing to mark, and
    `compile_stateful` only chose which ops to mark.
    """

    def __init__(self, cell: Any, compile_stateful: bool = False) -> None:
        super().__init__(cell)
        self._compile_stateful = compile_stateful

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        return self._cell(inputs, state, scope=scope)
