"""`AttentionWrapper`: a cell that attends to a memory at each step."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.contrib.framework.tensors import with_same_shape
from tf1compat.rnn import states
from tf1compat.rnn.base import RNNCell, assert_like_rnncell

from .attending import projection
from .mechanisms import AttentionMechanism

__all__ = ["AttentionWrapper", "AttentionWrapperState", "compute_attention"]

v1 = tf.compat.v1


class AttentionWrapperState(
    collections.namedtuple(
        "AttentionWrapperState",
        ("cell_state", "attention", "time", "alignments", "alignment_history", "attention_state"),
    )
):
    """The state of an AttentionWrapper after a step.

    `cell_state` is that of the cell inside, `attention` [batch, size] the last attention, `time` the number of steps
    (a scalar int32). `alignments`, `attention_state` and `alignment_history` (a TensorArray, or () where it is not
    kept) are one, or where the wrapper was given a list of mechanisms, a tuple.
    """

    def clone(self, **kwargs: Any) -> AttentionWrapperState:
        """This state with other fields, whose tensors must have the shapes of those they replace."""

        def checked(old: Any, new: Any) -> Any:
            return with_same_shape(old, new) if tf.is_tensor(old) and tf.is_tensor(new) else new

        return tf.nest.map_structure(checked, self, self._replace(**kwargs))


def compute_attention(mechanism: Any, cell_output: Any, attention_state: Any, attention_layer: Any) -> Any:
    """`(attention, alignments, next attention_state)`: the values' mean by the alignments, through the layer if any."""
    alignments, next_state = mechanism(cell_output, state=attention_state)
    context = tf.squeeze(tf.matmul(tf.expand_dims(alignments, 1), mechanism.values), [1])
    if attention_layer is not None:
        context = attention_layer(tf.concat([cell_output, context], 1))
    return context, alignments, next_state


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


class AttentionWrapper(RNNCell):
    """Gives `cell` its inputs with the last attention, and computes the next one of what it gave.

        output, cell_state = cell(cell_input_fn(inputs, attention), cell_state)
        attention = attention_layer([output, sum_t alignments[t] values[t]])

    With a list of mechanisms, the attentions of all are joined. For a BeamSearchDecoder, memory, lengths and states
    are made by `tile_batch`, and `zero_state` has the batch times the width.

    Args:
      cell: an RNNCell.
      attention_mechanism: one, or a list of them.
      attention_layer_size: an int, or one for each mechanism: the layer is a matrix `attention_layer/kernel` with so
        many columns. If None and `attention_layer` is None, the attention is the context.
      alignment_history: whether the state keeps all alignments, in a TensorArray.
      cell_input_fn: `(inputs, attention) -> inputs of the cell`; joins them if None.
      output_attention: whether the output is the attention rather than the cell's output.
      initial_cell_state: what `zero_state` has for the cell instead of zeros.
      name: the cell's name.
      attention_layer: a layer, or one for each mechanism, instead of `attention_layer_size`.
      attention_fn: a function like `compute_attention`, in its place.
      dtype: the cell's dtype.

    Raises:
      TypeError: for a mechanism or `cell_input_fn` that is none.
      ValueError: unless there is a size or a layer for each mechanism, and not both.
    """

    def __init__(
        self,
        cell: Any,
        attention_mechanism: Any,
        attention_layer_size: Any = None,
        alignment_history: bool = False,
        cell_input_fn: Callable[[Any, Any], Any] | None = None,
        output_attention: bool = True,
        initial_cell_state: Any = None,
        name: str | None = None,
        attention_layer: Any = None,
        attention_fn: Callable[..., Any] | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        mechanisms = _listed(attention_mechanism)
        for each in mechanisms:
            if not isinstance(each, AttentionMechanism):
                expected = (
                    "contain only instances of AttentionMechanism"
                    if self._is_multi
                    else "be an AttentionMechanism or list of multiple AttentionMechanism instances"
                )
                raise TypeError(f"attention_mechanism must {expected}, saw type: {type(each).__name__}")
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError(f"cell_input_fn must be callable, saw type: {type(cell_input_fn).__name__}")
        self._cell = cell
        self._attention_mechanisms = mechanisms
        self._choose_layers(attention_layer_size, attention_layer)
        self._attention_fn = attention_fn or compute_attention
        self._cell_input_fn = cell_input_fn or (lambda inputs, attention: tf.concat([inputs, attention], -1))
        self._output_attention = output_attention
        self._alignment_history = alignment_history
        with v1.name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = None
            if initial_cell_state is not None:
                last = tf.nest.flatten(initial_cell_state)[-1]
                self._initial_cell_state = self._checked(
                    initial_cell_state,
                    last.shape.as_list()[0] or tf.shape(last)[0],
                    f"When constructing AttentionWrapper {self._base_name}: Non-matching batch sizes between the "
                    "memory (encoder output) and initial_cell_state.  Are you using the BeamSearchDecoder?  You may "
                    "need to tile your initial state via the tf.contrib.seq2seq.tile_batch function with argument "
                    "multiple=beam_width.",
                    "check_initial_cell_state",
                )

    def _choose_layers(self, sizes: Any, layers: Any) -> None:
        """Sets the layers of the mechanisms, or None, and the size of all attentions together."""
        mechanisms = self._attention_mechanisms
        self._attention_layers: tuple[Any, ...] | None = None
        if sizes is not None and layers is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        depths = [mechanism.values.shape.as_list()[-1] for mechanism in mechanisms]
        for what, one, given in (("attention_layer_size", "integer", sizes), ("attention_layer", "layer", layers)):
            if given is not None and len(_listed(given)) != len(mechanisms):
                raise ValueError(
                    f"If provided, {what} must contain exactly one {one} per attention_mechanism, "
                    f"saw: {len(_listed(given))} vs {len(mechanisms)}"
                )
        if sizes is not None:
            self._attention_layers = tuple(
                projection(size, "attention_layer", mechanism.dtype)
                for size, mechanism in zip(_listed(sizes), mechanisms, strict=True)
            )
            depths = list(_listed(sizes))
        elif layers is not None:
            self._attention_layers = _listed(layers)
            depths = [
                tf.TensorShape(layer.compute_output_shape(tf.TensorShape([None, self._cell.output_size + depth])))[-1]
                for layer, depth in zip(self._attention_layers, depths, strict=True)
            ]
        self._attention_layer_size = sum(depths)

    def _batch_size_checks(self, batch_size: Any, error_message: str) -> list[Any]:
        return [
            v1.assert_equal(batch_size, mechanism.batch_size, message=error_message)
            for mechanism in self._attention_mechanisms
        ]

    def _checked(self, value: Any, batch_size: Any, error_message: str, name: str) -> Any:
        """`value`, after a check that the memories' batches have the size given."""
        with tf.control_dependencies(self._batch_size_checks(batch_size, error_message)):
            return tf.nest.map_structure(lambda s: tf.identity(s, name=name), value)

    def _item_or_tuple(self, seq: Any) -> Any:
        """A tuple where the wrapper was given a list of mechanisms, otherwise its one item."""
        values = tuple(seq)
        return values if self._is_multi else values[0]

    @property
    def output_size(self) -> Any:
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self) -> AttentionWrapperState:
        mechanisms = self._attention_mechanisms
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            attention=self._attention_layer_size,
            time=tf.TensorShape([]),
            alignments=self._item_or_tuple(a.alignments_size for a in mechanisms),
            alignment_history=self._item_or_tuple(
                a.alignments_size if self._alignment_history else () for a in mechanisms
            ),
            attention_state=self._item_or_tuple(a.state_size for a in mechanisms),
        )

    def zero_state(self, batch_size: Any, dtype: Any) -> AttentionWrapperState:
        """The state before the first step; an error where the memories' batches have another size."""
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            cell_state = self._checked(
                cell_state,
                batch_size,
                f"When calling zero_state of AttentionWrapper {self._base_name}: Non-matching batch sizes between the "
                "memory (encoder output) and the requested batch size.  Are you using the BeamSearchDecoder?  If so, "
                "make sure your encoder output has been tiled to beam_width via tf.contrib.seq2seq.tile_batch, and the "
                "batch_size= argument passed to zero_state is batch_size * beam_width.",
                "checked_cell_state",
            )
            mechanisms = self._attention_mechanisms
            alignments = [a.initial_alignments(batch_size, dtype) for a in mechanisms]
            return AttentionWrapperState(
                cell_state=cell_state,
                attention=states.zeros(self._attention_layer_size, batch_size, dtype),
                time=tf.zeros([], tf.int32),
                alignments=self._item_or_tuple(alignments),
                alignment_history=self._item_or_tuple(
                    tf.TensorArray(dtype, size=0, dynamic_size=True, element_shape=each.shape)
                    if self._alignment_history
                    else ()
                    for each in alignments
                ),
                attention_state=self._item_or_tuple(a.initial_state(batch_size, dtype) for a in mechanisms),
            )

    def call(self, inputs: Any, state: Any) -> Any:
        """`(the attention or the cell's output, next state)`; TypeError unless `state` is an AttentionWrapperState."""
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(
                f"Expected state to be instance of AttentionWrapperState. Received type {type(state)} instead."
            )
        output, cell_state = self._cell(self._cell_input_fn(inputs, state.attention), state.cell_state)
        output = self._checked(
            output,
            output.shape.as_list()[0] or tf.shape(output)[0],
            f"When applying AttentionWrapper {self.name}: Non-matching batch sizes between the memory (encoder output) "
            "and the query (decoder output).  Are you using the BeamSearchDecoder?  You may need to tile your memory "
            "input via the tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width.",
            "checked_cell_output",
        )
        count = len(self._attention_mechanisms)
        before = state.attention_state if self._is_multi else (state.attention_state,)
        kept = state.alignment_history if self._is_multi else (state.alignment_history,)
        layers = self._attention_layers or (None,) * count
        attentions, alignments, attention_states, histories = [], [], [], []
        for mechanism, layer, its_state, history in zip(self._attention_mechanisms, layers, before, kept, strict=True):
            attention, weights, next_attention_state = self._attention_fn(mechanism, output, its_state, layer)
            attentions.append(attention)
            alignments.append(weights)
            attention_states.append(next_attention_state)
            histories.append(history.write(state.time, weights) if self._alignment_history else ())
        attention = tf.concat(attentions, 1)
        next_state = AttentionWrapperState(
            cell_state=cell_state,
            attention=attention,
            time=state.time + 1,
            alignments=self._item_or_tuple(alignments),
            alignment_history=self._item_or_tuple(histories),
            attention_state=self._item_or_tuple(attention_states),
        )
        return (attention if self._output_attention else output), next_state
