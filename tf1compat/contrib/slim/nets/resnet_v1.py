"""Residual networks: He et al., Deep residual learning, https://arxiv.org/abs/1512.03385.

Each convolution is normalized after it.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import add_arg_scope
from tf1compat.contrib.layers.utils import collect_named_outputs, last_dimension

from .residual import block_of, network_of, of_depth
from .resnet_utils import conv2d_same, resnet_arg_scope, subsample

__all__ = [
    "bottleneck",
    "resnet_arg_scope",
    "resnet_v1",
    "resnet_v1_101",
    "resnet_v1_152",
    "resnet_v1_200",
    "resnet_v1_50",
    "resnet_v1_block",
]

v1 = tf.compat.v1


@add_arg_scope
def bottleneck(
    inputs: Any,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    rate: int = 1,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """relu(shortcut + residual): three convolutions, of which the middle one has stride and `depth_bottleneck`."""
    with v1.variable_scope(scope, "bottleneck_v1", [inputs]) as inside:
        if depth == last_dimension(inputs.shape, min_rank=4):
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = layers.conv2d(inputs, depth, [1, 1], stride=stride, activation_fn=None, scope="shortcut")
        residual = layers.conv2d(inputs, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = layers.conv2d(residual, depth, [1, 1], stride=1, activation_fn=None, scope="conv3")
        return collect_named_outputs(outputs_collections, inside.name, tf.nn.relu(shortcut + residual))


resnet_v1 = network_of("resnet_v1", bottleneck, preactivated=False)
resnet_v1_block = block_of(bottleneck, "resnet_v1_block")
resnet_v1_50 = of_depth(resnet_v1, resnet_v1_block, 50, (3, 4, 6, 3))
resnet_v1_101 = of_depth(resnet_v1, resnet_v1_block, 101, (3, 4, 23, 3))
resnet_v1_152 = of_depth(resnet_v1, resnet_v1_block, 152, (3, 8, 36, 3))
resnet_v1_200 = of_depth(resnet_v1, resnet_v1_block, 200, (3, 24, 36, 3))
