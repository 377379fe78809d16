"""Inception v2: Ioffe and Szegedy, Batch normalization, https://arxiv.org/abs/1502.03167."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope

from .plans import batch_normalized, build, depths, fitting

__all__ = ["inception_v2", "inception_v2_arg_scope", "inception_v2_base"]

v1 = tf.compat.v1


def _mixed(name: str, one: int, three: tuple[int, int], double: tuple[int, int], pooled: int, pool: str = "Avg") -> str:
    return f"""{name}
  Conv2d_0a_1x1 {one}
  Conv2d_0a_1x1 {three[0]} ~0.09, Conv2d_0b_3x3 {three[1]}
  Conv2d_0a_1x1 {double[0]} ~0.09, Conv2d_0b_3x3 {double[1]}, Conv2d_0c_3x3 {double[1]}
  {pool}Pool_0a_3x3, Conv2d_0b_1x1 {pooled} ~0.1"""


def _halving(name: str, three: tuple[int, int], double: tuple[int, int]) -> str:
    return f"""{name}
  Conv2d_0a_1x1 {three[0]} ~0.09, Conv2d_1a_3x3 {three[1]} /2
  Conv2d_0a_1x1 {double[0]} ~0.09, Conv2d_0b_3x3 {double[1]}, Conv2d_1a_3x3 {double[1]} /2
  MaxPool_1a_3x3 /2"""


PLAN = "\n".join(
    (
        "Conv2d_1a_7x7 64 /2 separable ~1.0",
        "MaxPool_2a_3x3 /2",
        "Conv2d_2b_1x1 64 ~0.1",
        "Conv2d_2c_3x3 192",
        "MaxPool_3a_3x3 /2",
        _mixed("Mixed_3b", 64, (64, 64), (64, 96), 32),
        _mixed("Mixed_3c", 64, (64, 96), (64, 96), 64),
        _halving("Mixed_4a", (128, 160), (64, 96)),
        _mixed("Mixed_4b", 224, (64, 96), (96, 128), 128),
        _mixed("Mixed_4c", 192, (96, 128), (96, 128), 128),
        _mixed("Mixed_4d", 160, (128, 160), (128, 160), 96),
        _mixed("Mixed_4e", 96, (128, 192), (160, 192), 96),
        _halving("Mixed_5a", (128, 192), (192, 256)),
        _mixed("Mixed_5b", 352, (192, 320), (160, 224), 128),
        _mixed("Mixed_5c", 352, (192, 320), (192, 224), 128, "Max"),
    )
)


def inception_v2_base(
    inputs: Any,
    final_endpoint: str = "Mixed_5c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> Any:
    """The network up to an end point: (its outputs, {end point: outputs}).

    Args:
      inputs: [batch, height, width, channels], at least 32 by 32.
      final_endpoint: the name of a line of the plan.
      min_depth, depth_multiplier: each convolution has max(int(channels * depth_multiplier), min_depth) channels.

    Raises:
      ValueError: if there is no such end point, or the multiplier is not greater than zero.
    """
    depth = depths(depth_multiplier, min_depth)
    end_points: dict[str, Any] = {}
    with v1.variable_scope(scope, "InceptionV2", [inputs]):
        net, met = build(inputs, PLAN, depth, final_endpoint, end_points, "SAME")
    if not met:
        raise ValueError(f"Unknown final endpoint {final_endpoint}")
    return net, end_points


def inception_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = layers.softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV2",
) -> Any:
    """(logits [batch, classes], {end point: outputs, with Logits and Predictions}) of images [batch, 224, 224, 3].

    Without `spatial_squeeze` the logits are [batch, height, width, classes], for larger images.
    """
    depths(depth_multiplier, min_depth)
    with (
        v1.variable_scope(scope, "InceptionV2", [inputs, num_classes], reuse=reuse) as inside,
        arg_scope([layers.batch_norm, layers.dropout], is_training=is_training),
    ):
        net, end_points = inception_v2_base(
            inputs, scope=inside, min_depth=min_depth, depth_multiplier=depth_multiplier
        )
        with v1.variable_scope("Logits"):
            height, width = fitting(net, [7, 7])
            net = layers.avg_pool2d(net, [height, width], padding="VALID", scope=f"AvgPool_1a_{height}x{width}")
            net = layers.dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            logits = layers.conv2d(
                net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_1c_1x1"
            )
            if spatial_squeeze:
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
        end_points["Logits"] = logits
        end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v2.default_image_size = 224  # type: ignore[attr-defined]


def inception_v2_arg_scope(weight_decay: float = 0.00004, batch_norm_var_collection: str = "moving_vars") -> Any:
    """The scope to build it in."""
    params = {"decay": 0.9997, "epsilon": 0.001, "updates_collections": v1.GraphKeys.UPDATE_OPS}
    return batch_normalized(weight_decay, layers.batch_norm, params, batch_norm_var_collection)
