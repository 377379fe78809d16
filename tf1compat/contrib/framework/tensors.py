"""Checks of tensors' shapes and types, and small helpers on tensors and graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = [
    "assert_scalar_int",
    "get_graph_from_inputs",
    "get_name_scope",
    "get_placeholders",
    "py_func",
    "reduce_sum_n",
    "remove_squeezable_dimensions",
    "with_same_shape",
    "with_shape",
    "zero_initializer",
]

v1 = tf.compat.v1


def assert_scalar_int(tensor: Any, name: str | None = None) -> tf.Tensor:
    """`tensor`, if it is a scalar of an integer type.

    Raises:
      ValueError: if it is not.
    """
    with v1.name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = tf.convert_to_tensor(tensor)
        if not tensor.dtype.base_dtype.is_integer:
            raise ValueError(f"Expected integer type for {tensor.name}, received type: {tensor.dtype}.")
        return v1.assert_scalar(tensor, name=scope)


def reduce_sum_n(tensors: Sequence[Any], name: str | None = None) -> tf.Tensor:
    """The sum of all elements of all tensors, a scalar.

    Raises:
      ValueError: for no tensors.
    """
    if not tensors:
        raise ValueError("No tensors provided.")
    with v1.name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [tf.reduce_sum(tensor, name=f"{tensor.op.name}/sum") for tensor in tensors]
        return sums[0] if len(sums) == 1 else tf.add_n(sums, name=scope)


def remove_squeezable_dimensions(predictions: Any, labels: Any, name: str | None = None) -> tuple[Any, Any]:
    """(predictions, labels), with a last dimension of 1 taken off the one whose rank is greater by one."""
    with v1.name_scope(name, "remove_squeezable_dimensions", [predictions, labels]):
        predictions, labels = tf.convert_to_tensor(predictions), tf.convert_to_tensor(labels)
        if predictions.shape.rank is not None and labels.shape.rank is not None:
            difference = predictions.shape.rank - labels.shape.rank
            if difference == 1:
                predictions = tf.squeeze(predictions, [-1])
            elif difference == -1:
                labels = tf.squeeze(labels, [-1])
            return predictions, labels
        difference = tf.rank(predictions) - tf.rank(labels)
        return (_without_last(predictions, tf.equal(difference, 1)), _without_last(labels, tf.equal(difference, -1)))


def _without_last(tensor: tf.Tensor, condition: tf.Tensor) -> tf.Tensor:
    if tensor.shape.rank is not None and (tensor.shape.rank == 0 or tensor.shape[-1] not in (None, 1)):
        return tensor
    return tf.cond(condition, lambda: tf.squeeze(tensor, [-1]), lambda: tensor)


def with_shape(expected_shape: Any, tensor: Any) -> Any:
    """`tensor`, known to be of the shape: checked now where all is known, else when it runs.

    Args:
      expected_shape: a list or vector of int32, -1 or None for a dimension of any size, or a tensor of that.

    A tensor of shape [1] becomes the scalar that is expected.

    Raises:
      ValueError: if the shape is another, or `expected_shape` is no shape.
    """
    if isinstance(tensor, tf.SparseTensor):
        raise ValueError("SparseTensor not supported.")
    dynamic = tf.is_tensor(expected_shape)
    if not dynamic:
        if isinstance(expected_shape, (list, tuple, tf.TensorShape)):
            expected_shape = [-1 if size is None else size for size in list(expected_shape)]
        expected_shape = np.asarray(expected_shape)
        if expected_shape.dtype == np.int64 or not expected_shape.size:
            expected_shape = expected_shape.astype(np.int32)
        if expected_shape.ndim > 1:
            raise ValueError(
                f"Invalid rank {expected_shape.ndim} for shape {expected_shape} expected of tensor {tensor.name}."
            )
    if expected_shape.dtype != tf.int32:
        raise ValueError(
            f"Invalid dtype {expected_shape.dtype} for shape {expected_shape} expected of tensor {tensor.name}."
        )
    known = None if dynamic else [None if size == -1 else int(size) for size in expected_shape.reshape(-1)]
    actual = tensor.shape
    if known is not None and actual.is_fully_defined():
        if actual.is_compatible_with(known):
            return tensor
        if not known and actual.is_compatible_with([1]):
            return tf.reshape(tensor, [], name=f"{tensor.op.name}/Reshape")
        raise ValueError(f"Invalid shape for tensor {tensor.name}, expected {expected_shape}, got {actual}.")
    with v1.name_scope(f"{tensor.op.name}/"):
        if known == []:
            return tf.reshape(tensor, [])
        with tf.control_dependencies([_assert_shape(expected_shape, tensor)]):
            result = tf.identity(tensor)
        if known is not None:
            result.set_shape(known)
        return result


def _assert_shape(expected: Any, tensor: tf.Tensor) -> Any:
    with v1.name_scope("assert_shape") as scope:
        actual = tf.shape(tensor, name="actual")
        same_rank = tf.equal(tf.size(expected), tf.rank(tensor))
        # Two shapes of other ranks cannot be compared element by element.
        same = tf.cond(
            same_rank,
            lambda: tf.reduce_all(tf.logical_or(tf.equal(expected, -1), tf.equal(expected, actual))),
            lambda: tf.constant(False),
        )
        said = [f"Wrong shape for {tensor.name} [expected] [actual].", expected, actual]
        return v1.Assert(same, said, name=scope)


def with_same_shape(expected_tensor: tf.Tensor, tensor: tf.Tensor) -> tf.Tensor:
    """`tensor`, known to be of the shape of `expected_tensor`; see `with_shape`."""
    if expected_tensor.shape.is_fully_defined():
        return with_shape(expected_tensor.shape.as_list(), tensor)
    with v1.name_scope(f"{tensor.op.name}/"):
        expected = tf.shape(expected_tensor, name="expected_shape")
    return with_shape(expected, tensor)


def zero_initializer(ref: Any, use_locking: bool = True, name: str = "zero_initializer") -> Any:
    """The op that gives zeros to a variable that has no value.

    Running it on a variable that has one is an `InvalidArgumentError`. `use_locking` changes nothing: an
    assignment to a variable of ours is never seen in part.
    """
    del use_locking
    with v1.name_scope(name) as scope:
        unset = tf.logical_not(v1.is_variable_initialized(ref))
        with tf.control_dependencies([v1.Assert(unset, [f"{ref.name}: input is already initialized"])]):
            return ref.assign(tf.zeros(ref.shape, ref.dtype.base_dtype), name=scope)


# --- graphs --------------------------------------------------------------------------------------


def get_graph_from_inputs(op_input_list: Sequence[Any], graph: Any = None) -> Any:
    """The graph of the ops and tensors of a list; `graph`, if they are all its own; the default graph for none.

    Raises:
      TypeError: for what is not a list or tuple.
      ValueError: naming the input of another graph.
    """
    if not isinstance(op_input_list, (list, tuple)):
        raise TypeError(f"The op_input_list must be a list or tuple, but got {op_input_list!r}")
    for element in op_input_list:
        own = getattr(element, "graph", None)
        if own is None:
            continue
        if graph is None:
            graph = own
        elif own is not graph:
            raise ValueError(f"{element} is not from the passed-in graph, or that of what stands before it.")
    return v1.get_default_graph() if graph is None else graph


def get_name_scope() -> str:
    """The name scope in force, without a slash at its end."""
    return v1.get_default_graph().get_name_scope()


def get_placeholders(graph: Any) -> list[tf.Tensor]:
    """The placeholders of a graph, in the order in which they were made."""
    if not isinstance(graph, tf.Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    return [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]


def py_func(
    func: Callable[..., Any],
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    output_types: Any = None,
    output_shapes: Any = None,
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """`tf.py_func` of a function that takes nests of arrays, by position and keyword, and returns one.

    Args:
      output_types: the nest of types that `func` returns, or a function of the arguments that gives it.
      output_shapes: the same of shapes; None leaves them unknown.
    """
    kwargs = kwargs or {}
    if not isinstance(args, (list, tuple)):
        raise TypeError(f"args must be list and not {type(args)}. args: {args}")
    if not isinstance(kwargs, Mapping):
        raise TypeError(f"kwargs must be dict and not {type(kwargs)}. args: {kwargs}")
    if callable(output_types) and not isinstance(output_types, tf.DType):
        output_types = output_types(*args, **kwargs)
    if callable(output_shapes):
        output_shapes = output_shapes(*args, **kwargs)
    given = (tuple(args), dict(kwargs))

    def call(*flat: Any) -> list[Any]:
        positional, named = tf.nest.pack_sequence_as(given, flat)
        result = func(*positional, **named)
        tf.nest.assert_same_structure(output_types, result)
        return tf.nest.flatten(result)

    values = v1.py_func(call, tf.nest.flatten(given), tf.nest.flatten(output_types), stateful, name)
    if output_shapes is not None:
        shapes = _beside(output_types, output_shapes)
        for value, shape in zip(values, shapes, strict=True):
            value.set_shape(shape)
    return tf.nest.pack_sequence_as(output_types, values)


def _beside(types: Any, shapes: Any) -> list[Any]:
    """The shapes in the order of the types: theirs is the structure, for a shape is a list too."""
    if isinstance(types, Mapping):
        return [shape for key in sorted(types) for shape in _beside(types[key], shapes[key])]
    if isinstance(types, (list, tuple)):
        return [found for one, shape in zip(types, shapes, strict=True) for found in _beside(one, shape)]
    return [shapes]
