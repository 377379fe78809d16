"""The network around residual units, which its two versions share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope
from tf1compat.contrib.layers.utils import convert_collection_to_dict

from .resnet_utils import Block, conv2d_same, stack_blocks_dense

__all__ = ["block_of", "network_of", "of_depth"]

v1 = tf.compat.v1


def network_of(name: str, bottleneck: Callable[..., Any], preactivated: bool) -> Any:
    """The function that builds a network from blocks; of preactivated units, if their inputs are normalized."""

    def resnet(
        inputs: Any,
        blocks: Sequence[Block],
        num_classes: int | None = None,
        is_training: Any = True,
        global_pool: bool = True,
        output_stride: float | None = None,
        include_root_block: bool = True,
        reuse: Any = None,
        scope: Any = None,
    ) -> Any:
        collected = [layers.conv2d, bottleneck, stack_blocks_dense]
        with v1.variable_scope(scope, name, [inputs], reuse=reuse) as inside:
            collection = inside.original_name_scope + "_end_points"
            with (
                arg_scope(collected, outputs_collections=collection),
                arg_scope([layers.batch_norm], is_training=is_training),
            ):
                net = inputs
                if include_root_block:
                    if output_stride is not None:
                        if output_stride % 4 != 0:
                            raise ValueError("The output_stride needs to be a multiple of 4.")
                        output_stride /= 4
                    plain = {"activation_fn": None, "normalizer_fn": None} if preactivated else {}
                    with arg_scope([layers.conv2d], **plain):
                        net = conv2d_same(net, 64, 7, stride=2, scope="conv1")
                    net = layers.max_pool2d(net, [3, 3], stride=2, scope="pool1")
                net = stack_blocks_dense(net, blocks, output_stride)
                if preactivated:
                    net = layers.batch_norm(net, activation_fn=tf.nn.relu, scope="postnorm")
                if global_pool:
                    net = tf.reduce_mean(net, [1, 2], name="pool5", keepdims=True)
                if num_classes is not None:
                    net = layers.conv2d(
                        net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="logits"
                    )
                end_points = convert_collection_to_dict(collection)
                if num_classes is not None:
                    end_points["predictions"] = layers.softmax(net, scope="predictions")
                return net, end_points

    resnet.__name__ = resnet.__qualname__ = name
    resnet.__doc__ = """(outputs, {end point: outputs}) of images [batch, height, width, channels].

    Args:
      blocks: the blocks, see `resnet_utils.Block`.
      num_classes: how many logits; None for the features before them.
      global_pool: whether to average over the pixels: outputs are [batch, 1, 1, classes].
      output_stride: how many times smaller outputs may be than images, see `resnet_utils.stack_blocks_dense`.
      include_root_block: whether to begin with a convolution and a pool.

    Raises:
      ValueError: for an `output_stride` that the blocks cannot have.
    """
    resnet.default_image_size = 224  # type: ignore[attr-defined]
    return resnet


def block_of(bottleneck: Callable[..., Any], name: str) -> Callable[[str, int, int, int], Block]:
    def block(scope: str, base_depth: int, num_units: int, stride: int) -> Block:
        unit = {"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}
        return Block(scope, bottleneck, [unit] * (num_units - 1) + [{**unit, "stride": stride}])

    block.__name__ = block.__qualname__ = name
    block.__doc__ = "A block of bottleneck units of 4 * base_depth channels, the last of which has the stride."
    return block


def of_depth(resnet: Any, block: Callable[..., Block], depth: int, units: tuple[int, int, int, int]) -> Any:
    """The network of so many layers, with so many units in its blocks."""
    name = f"{resnet.__name__}_{depth}"

    def network(
        inputs: Any,
        num_classes: int | None = None,
        is_training: Any = True,
        global_pool: bool = True,
        output_stride: float | None = None,
        reuse: Any = None,
        scope: Any = name,
    ) -> Any:
        blocks = [
            block(f"block{number}", base_depth=32 * 2**number, num_units=count, stride=1 if number == 4 else 2)
            for number, count in enumerate(units, 1)
        ]
        return resnet(
            inputs, blocks, num_classes, is_training, global_pool, output_stride, True, reuse=reuse, scope=scope
        )

    network.__name__ = network.__qualname__ = name
    network.__doc__ = f"`{resnet.__name__}` of {depth} layers."
    return network
