"""What residual networks are made of: blocks of units, and their stride."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import add_arg_scope, arg_scope
from tf1compat.contrib.layers.utils import collect_named_outputs

__all__ = ["Block", "conv2d_same", "resnet_arg_scope", "stack_blocks_dense", "subsample"]

v1 = tf.compat.v1


class Block(NamedTuple):
    """Units in a row: the scope, the function that makes a unit, and the arguments of each unit."""

    scope: str
    unit_fn: Callable[..., Any]
    args: Sequence[Mapping[str, Any]]


def subsample(inputs: Any, factor: int, scope: Any = None) -> Any:
    """Every `factor`-th pixel in both directions of [batch, height, width, channels]."""
    return inputs if factor == 1 else layers.max_pool2d(inputs, [1, 1], stride=factor, scope=scope)


def conv2d_same(
    inputs: Any, num_outputs: int, kernel_size: int, stride: int, rate: int = 1, scope: Any = None
) -> Any:
    """A convolution padded alike on both sides whatever the stride: every `stride`-th pixel of that with stride 1.

    ("SAME" pads images of even size on one side more when stride is 2.)
    """
    if stride == 1:
        return layers.conv2d(inputs, num_outputs, kernel_size, stride=1, rate=rate, padding="SAME", scope=scope)
    total = kernel_size + (kernel_size - 1) * (rate - 1) - 1
    sides = [total // 2, total - total // 2]
    inputs = tf.pad(inputs, [[0, 0], sides, sides, [0, 0]])
    return layers.conv2d(inputs, num_outputs, kernel_size, stride=stride, rate=rate, padding="VALID", scope=scope)


@add_arg_scope
def stack_blocks_dense(
    net: Any, blocks: Iterable[Block], output_stride: float | None = None, outputs_collections: Any = None
) -> Any:
    """The outputs of all blocks, one after the other.

    Args:
      net: [batch, height, width, channels].
      output_stride: how many times smaller outputs may be than `net`. From where that is reached on, units have
        stride 1 and their convolutions become wider by the stride they had (`rate`). None sets no limit.
      outputs_collections: where each block's outputs are put.

    Raises:
      ValueError: if the units' strides never make exactly that.
    """
    stride = rate = 1
    for block in blocks:
        with v1.variable_scope(block.scope, "block", [net]) as inside:
            for number, unit in enumerate(block.args, 1):
                if output_stride is not None and stride > output_stride:
                    raise ValueError("The target output_stride cannot be reached.")
                with v1.variable_scope(f"unit_{number}", values=[net]):
                    if stride == output_stride:
                        net = block.unit_fn(net, rate=rate, **{**unit, "stride": 1})
                        rate *= unit.get("stride", 1)
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        stride *= unit.get("stride", 1)
            net = collect_named_outputs(outputs_collections, inside.name, net)
    if output_stride is not None and stride != output_stride:
        raise ValueError("The target output_stride cannot be reached.")
    return net


def resnet_arg_scope(
    weight_decay: float = 0.0001,
    batch_norm_decay: float = 0.997,
    batch_norm_epsilon: float = 1e-5,
    batch_norm_scale: bool = True,
) -> Any:
    """The scope to build residual networks in."""
    params: dict[str, Any] = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": v1.GraphKeys.UPDATE_OPS,
    }
    with (
        arg_scope(
            [layers.conv2d],
            weights_regularizer=layers.l2_regularizer(weight_decay),
            weights_initializer=layers.variance_scaling_initializer(),
            activation_fn=tf.nn.relu,
            normalizer_fn=layers.batch_norm,
            normalizer_params=params,
        ),
        arg_scope([layers.batch_norm], **params),
        arg_scope([layers.max_pool2d], padding="SAME") as scope,
    ):
        return scope
