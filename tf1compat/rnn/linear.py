"""The affine map that cells make in their scope: `kernel` and `bias`."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["Linear", "linear", "sharded", "width"]

v1 = tf.compat.v1


def width(args: list[Any]) -> int:
    """The sum of the depths of [batch, depth] tensors; ValueError unless all are known."""
    if not args:
        raise ValueError("`args` must be specified")
    shapes = [a.shape for a in args]
    if any(shape.rank != 2 for shape in shapes):
        raise ValueError(f"linear is expecting 2D arguments: {shapes}")
    depths = [shape.as_list()[1] for shape in shapes]
    if None in depths:
        shape = shapes[depths.index(None)]
        raise ValueError(f"linear expects shape[1] to be provided for shape {shape}, but saw {shape[1]}")
    return sum(depths)


def variables(
    args: list[Any], output_size: int, bias: bool, bias_initializer: Any = None, kernel_initializer: Any = None
) -> tuple[Any, Any]:
    """`kernel` [sum of depths, output_size] and `bias` (or None) of the current scope; the bias is never cut."""
    rows, dtype = width(args), args[0].dtype
    kernel = v1.get_variable("kernel", [rows, output_size], dtype=dtype, initializer=kernel_initializer)
    if not bias:
        return kernel, None
    with v1.variable_scope(v1.get_variable_scope(), auxiliary_name_scope=False) as scope:
        scope.set_partitioner(None)
        first = v1.constant_initializer(0.0) if bias_initializer is None else bias_initializer
        return kernel, v1.get_variable("bias", [output_size], dtype=dtype, initializer=first)


def product(args: list[Any], kernel: Any) -> tf.Tensor:
    """args joined, times the kernel."""
    return tf.matmul(args[0] if len(args) == 1 else tf.concat(args, 1), kernel)


class Linear:
    """`sum_i args[i] W_i + b`, whose variables are those of the scope the object is made in.

    Args:
      args: a [batch, depth] tensor or a list of them, whose depths and dtype size the variables.
      output_size: columns of W.
      build_bias: whether there is a b.
      bias_initializer, kernel_initializer: zeros and the scope's if None.
    """

    def __init__(
        self,
        args: Any,
        output_size: int,
        build_bias: bool,
        bias_initializer: Any = None,
        kernel_initializer: Any = None,
    ) -> None:
        self._weights, self._biases = variables(
            _listed(args), output_size, build_bias, bias_initializer, kernel_initializer
        )

    def __call__(self, args: Any) -> tf.Tensor:
        result = product(_listed(args), self._weights)
        return result if self._biases is None else tf.nn.bias_add(result, self._biases)


def linear(
    args: Any, output_size: int, bias: bool, bias_initializer: Any = None, kernel_initializer: Any = None
) -> tf.Tensor:
    """`Linear(args, …)(args)`: the variables are made or found at every call."""
    return Linear(args, output_size, bias, bias_initializer, kernel_initializer)(args)


def _listed(args: Any) -> list[Any]:
    if args is None:
        raise ValueError("`args` must be specified")
    return list(args) if tf.nest.is_nested(args) else [args]


def sharded(name: str, shape: list[int], dtype: Any, shards: int) -> Any:
    """A matrix kept as variables `name_0`, `name_1`… of nearly equal numbers of rows, joined."""
    if shards > shape[0]:
        raise ValueError(f"Too many shards: shape={shape}, num_shards={shards}")
    rows, more = divmod(shape[0], shards)
    parts = [v1.get_variable(f"{name}_{i}", [rows + (i < more), *shape[1:]], dtype=dtype) for i in range(shards)]
    if len(parts) == 1:
        return parts[0]
    joined = f"{v1.get_variable_scope().name}/{name}/concat:0"
    for tensor in v1.get_collection(v1.GraphKeys.CONCATENATED_VARIABLES):
        if tensor.name == joined and tensor.graph is v1.get_default_graph():
            return tensor
    value = tf.concat(parts, 0, name=f"{name}/concat")
    v1.add_to_collection(v1.GraphKeys.CONCATENATED_VARIABLES, value)
    return value
