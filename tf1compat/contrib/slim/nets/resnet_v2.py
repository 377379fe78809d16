"""Residual networks: He et al., Identity mappings in deep residual networks, https://arxiv.org/abs/1603.05027.

Each convolution's inputs are normalized before it.
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
    "resnet_v2",
    "resnet_v2_101",
    "resnet_v2_152",
    "resnet_v2_200",
    "resnet_v2_50",
    "resnet_v2_block",
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
    """shortcut + residual: three convolutions, of which the middle one has stride and `depth_bottleneck`."""
    plain: dict[str, Any] = {"activation_fn": None, "normalizer_fn": None}
    with v1.variable_scope(scope, "bottleneck_v2", [inputs]) as inside:
        preact = layers.batch_norm(inputs, activation_fn=tf.nn.relu, scope="preact")
        if depth == last_dimension(inputs.shape, min_rank=4):
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = layers.conv2d(preact, depth, [1, 1], stride=stride, scope="shortcut", **plain)
        residual = layers.conv2d(preact, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = layers.conv2d(residual, depth, [1, 1], stride=1, scope="conv3", **plain)
        return collect_named_outputs(outputs_collections, inside.name, shortcut + residual)


resnet_v2 = network_of("resnet_v2", bottleneck, preactivated=True)
resnet_v2_block = block_of(bottleneck, "resnet_v2_block")
resnet_v2_50 = of_depth(resnet_v2, resnet_v2_block, 50, (3, 4, 6, 3))
resnet_v2_101 = of_depth(resnet_v2, resnet_v2_block, 101, (3, 4, 23, 3))
resnet_v2_152 = of_depth(resnet_v2, resnet_v2_block, 152, (3, 8, 36, 3))
resnet_v2_200 = of_depth(resnet_v2, resnet_v2_block, 200, (3, 24, 36, 3))
