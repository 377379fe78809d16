"""What every recurrent cell is: `RNNCell`, and `LayerRNNCell`, which makes its variables in `build`."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow as _tf
from tf1compat.layers.base import Layer

from . import states

__all__ = ["LayerRNNCell", "RNNCell", "assert_like_rnncell", "check_dtypes", "depth_of", "has"]

v1 = tf.compat.v1


class RNNCell(Layer):
    """One step of a recurrent network: `output, new_state = cell(inputs, state)`.

    A subclass has the properties `state_size` (an int, a TensorShape, or a nest of them) and `output_size`, and
    either `call(inputs, state)` or its own `__call__`. `inputs` is a [batch, depth] tensor, `state` a nest like
    `state_size` of tensors with the batch in front. `call` may make variables by `tf.get_variable`: they stand
    in the cell's scope, which is the cell's name below the scope of its first call, and later calls reuse them.
    """

    def __init__(self, trainable: bool = True, name: str | None = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._is_tf_rnn_cell = True

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """`(output, new state)`; `scope` (a name or a VariableScope) takes the cell's own scope's place."""
        if scope is not None:
            with v1.variable_scope(scope, custom_getter=self._rnn_get_variable) as scope:
                return super().__call__(inputs, state, scope=scope)
        kept = getattr(self, "rnncell_scope", None)
        if kept is None:
            kept = v1.variable_scope(v1.get_variable_scope(), custom_getter=self._rnn_get_variable)
            self.rnncell_scope = kept
        with kept:
            return super().__call__(inputs, state)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        kept = self.__dict__.pop("rnncell_scope", None)  # the scope that it was called in belongs to the graph
        try:
            return super().__deepcopy__(memo)
        finally:
            if kept is not None:
                self.rnncell_scope = kept

    def _rnn_get_variable(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        """A custom getter that notes which variables `call` asks for."""
        variable = getter(*args, **kwargs)
        parts = list(variable) if isinstance(variable, _tf.PartitionedVariable) else [variable]
        kept = self._trainable_weights if parts[0].trainable else self._non_trainable_weights
        if all(variable is not v for v in kept):
            kept.append(variable)
        return variable

    @property
    def state_size(self) -> Any:
        """The size of the state: an int, a TensorShape or a nest of those."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the output: an int, a TensorShape or a nest of those."""
        raise NotImplementedError("Abstract method")

    def build(self, _: Any) -> None:
        """Nothing: the variables of a plain RNNCell come from `call`."""

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """`zero_state` for the batch and dtype given, or for those of `inputs`; ValueError where the two differ."""
        if inputs is not None:
            inputs = tf.convert_to_tensor(inputs, name="inputs")
            known = inputs.shape.as_list()[0]
            if batch_size is not None:
                given = tf.get_static_value(batch_size, partial=True) if tf.is_tensor(batch_size) else batch_size
                if known != given:
                    raise ValueError(
                        "batch size from input tensor is different from the input param. "
                        f"Input tensor batch: {known}, batch_size: {batch_size}"
                    )
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError(
                    "dtype from input tensor is different from the input param. "
                    f"Input tensor dtype: {inputs.dtype}, dtype: {dtype}"
                )
            batch_size, dtype = known or tf.shape(inputs)[0], inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros like `state_size`, with the batch (an int or a scalar tensor) in front of each."""
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            return states.zeros(self.state_size, batch_size, dtype)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another such cell; a subclass adds its own."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The cell that a `get_config` describes."""
        return cls(**config)


class LayerRNNCell(RNNCell):
    """A cell that makes its variables in `build(inputs_shape)`, by `add_variable`, as layers do."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None, *args: Any, **kwargs: Any) -> Any:
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)


def has(thing: Any, name: str) -> bool:
    """`hasattr`, without ending at what a property itself lacks."""
    try:
        getattr(thing, name)
    except AttributeError:
        return False
    except NotImplementedError:
        return True
    return True


def assert_like_rnncell(cell_name: str, cell: Any) -> None:
    """TypeError unless `cell` has what cells have, whatever its class."""
    lacks = [f"'{name}' property is missing" for name in ("output_size", "state_size") if not has(cell, name)]
    if not has(cell, "get_initial_state") and not has(cell, "zero_state"):
        lacks.append("either 'zero_state' or 'get_initial_state' method is required")
    if not callable(cell):
        lacks.append("is not callable")
    if lacks:
        raise TypeError(f"The argument {cell_name!r} ({cell}) is not an RNNCell: {', '.join(lacks)}.")


def check_dtypes(*dtypes: Any) -> None:
    """ValueError unless each dtype (None is any) is one that tanh and sigmoid take."""
    for dtype in dtypes:
        if dtype is not None and not (tf.as_dtype(dtype).is_floating or tf.as_dtype(dtype).is_complex):
            raise ValueError(f"RNN cell only supports floating point inputs, but saw dtype: {tf.as_dtype(dtype)}")


def check_inputs(*values: Any) -> None:
    """`check_dtypes` of every tensor in the nests given."""
    check_dtypes(*(value.dtype for value in tf.nest.flatten(values)))


def depth_of(shape: Any) -> int:
    """The last dimension of a build shape or a tensor of inputs; ValueError while it is unknown."""
    shape = shape.shape if tf.is_tensor(shape) else tf.TensorShape(shape)
    depth = shape.as_list()[-1]
    if depth is None:
        raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {shape}")
    return depth
