"""Inception v3: Szegedy et al., Rethinking the Inception architecture, https://arxiv.org/abs/1512.00567."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope

from .plans import batch_normalized, build, depths, fitting, truncated_normal

__all__ = ["inception_v3", "inception_v3_arg_scope", "inception_v3_base"]

v1 = tf.compat.v1

STEM = """
Conv2d_1a_3x3 32 /2
Conv2d_2a_3x3 32
Conv2d_2b_3x3 64 SAME
MaxPool_3a_3x3 /2
Conv2d_3b_1x1 80
Conv2d_4a_3x3 192
MaxPool_5a_3x3 /2
"""


def _first(name: str, pooled: int, five: str = "Conv2d_0a_1x1 48, Conv2d_0b_5x5 64") -> str:
    return f"""{name}
  Conv2d_0a_1x1 64
  {five}
  Conv2d_0a_1x1 64, Conv2d_0b_3x3 96, Conv2d_0c_3x3 96
  AvgPool_0a_3x3, Conv2d_0b_1x1 {pooled}"""


def _second(name: str, depth: int) -> str:
    return f"""{name}
  Conv2d_0a_1x1 192
  Conv2d_0a_1x1 {depth}, Conv2d_0b_1x7 {depth}, Conv2d_0c_7x1 192
  Conv2d_0a_1x1 {depth}, Conv2d_0b_7x1 {depth}, Conv2d_0c_1x7 {depth}, Conv2d_0d_7x1 {depth}, Conv2d_0e_1x7 192
  AvgPool_0a_3x3, Conv2d_0b_1x1 192"""


def _third(name: str, upright: str) -> str:
    return f"""{name}
  Conv2d_0a_1x1 320
  Conv2d_0a_1x1 384, Conv2d_0b_1x3 384 & {upright} 384
  Conv2d_0a_1x1 448, Conv2d_0b_3x3 384, Conv2d_0c_1x3 384 & Conv2d_0d_3x1 384
  AvgPool_0a_3x3, Conv2d_0b_1x1 192"""


#: Some convolutions are not named after their place and kernel; checkpoints have them so.
MIXED = "\n".join(
    (
        _first("Mixed_5b", 32),
        _first("Mixed_5c", 64, "Conv2d_0b_1x1 48, Conv_1_0c_5x5 64"),
        _first("Mixed_5d", 64),
        """Mixed_6a
  Conv2d_1a_1x1 384 kernel=3x3 /2 VALID
  Conv2d_0a_1x1 64, Conv2d_0b_3x3 96, Conv2d_1a_1x1 96 kernel=3x3 /2 VALID
  MaxPool_1a_3x3 /2 VALID""",
        _second("Mixed_6b", 128),
        _second("Mixed_6c", 160),
        _second("Mixed_6d", 160),
        _second("Mixed_6e", 192),
        """Mixed_7a
  Conv2d_0a_1x1 192, Conv2d_1a_3x3 320 /2 VALID
  Conv2d_0a_1x1 192, Conv2d_0b_1x7 192, Conv2d_0c_7x1 192, Conv2d_1a_3x3 192 /2 VALID
  MaxPool_1a_3x3 /2 VALID""",
        _third("Mixed_7b", "Conv2d_0b_3x1"),
        _third("Mixed_7c", "Conv2d_0c_3x1"),
    )
)


def inception_v3_base(
    inputs: Any,
    final_endpoint: str = "Mixed_7c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> Any:
    """The network up to an end point: (its outputs, {end point: outputs}).

    Args:
      inputs: [batch, height, width, channels].
      final_endpoint: the name of a line of the plan.
      min_depth, depth_multiplier: each convolution has max(int(channels * depth_multiplier), min_depth) channels.

    Raises:
      ValueError: if there is no such end point, or the multiplier is not greater than zero.
    """
    depth = depths(depth_multiplier, min_depth)
    end_points: dict[str, Any] = {}
    with v1.variable_scope(scope, "InceptionV3", [inputs]):
        net, met = build(inputs, STEM, depth, final_endpoint, end_points, "VALID")
        if not met:
            net, met = build(net, MIXED, depth, final_endpoint, end_points, "SAME")
    if not met:
        raise ValueError(f"Unknown final endpoint {final_endpoint}")
    return net, end_points


def inception_v3(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = layers.softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV3",
) -> Any:
    """(logits, end points) of images [batch, 299, 299, 3].

    Returns:
      The logits, [batch, classes], without `spatial_squeeze` [batch, height, width, classes]; and {end point:
      outputs}, in which are AuxLogits, those of a second head half way, PreLogits, Logits and Predictions.
    """
    depth = depths(depth_multiplier, min_depth)
    plain: dict[str, Any] = {"activation_fn": None, "normalizer_fn": None}
    with (
        v1.variable_scope(scope, "InceptionV3", [inputs, num_classes], reuse=reuse) as inside,
        arg_scope([layers.batch_norm, layers.dropout], is_training=is_training),
    ):
        net, end_points = inception_v3_base(
            inputs, scope=inside, min_depth=min_depth, depth_multiplier=depth_multiplier
        )
        with (
            arg_scope([layers.conv2d, layers.max_pool2d, layers.avg_pool2d], stride=1, padding="SAME"),
            v1.variable_scope("AuxLogits"),
        ):
            aux = layers.avg_pool2d(
                end_points["Mixed_6e"], [5, 5], stride=3, padding="VALID", scope="AvgPool_1a_5x5"
            )
            aux = layers.conv2d(aux, depth(128), [1, 1], scope="Conv2d_1b_1x1")
            height, width = fitting(aux, [5, 5])
            aux = layers.conv2d(
                aux,
                depth(768),
                [height, width],
                weights_initializer=truncated_normal(0.01),
                padding="VALID",
                scope=f"Conv2d_2a_{height}x{width}",
            )
            aux = layers.conv2d(
                aux, num_classes, [1, 1], weights_initializer=truncated_normal(0.001), scope="Conv2d_2b_1x1", **plain
            )
            end_points["AuxLogits"] = tf.squeeze(aux, [1, 2], name="SpatialSqueeze") if spatial_squeeze else aux
        with v1.variable_scope("Logits"):
            height, width = fitting(net, [8, 8])
            net = layers.avg_pool2d(net, [height, width], padding="VALID", scope=f"AvgPool_1a_{height}x{width}")
            net = layers.dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            end_points["PreLogits"] = net
            logits = layers.conv2d(net, num_classes, [1, 1], scope="Conv2d_1c_1x1", **plain)
            if spatial_squeeze:
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
        end_points["Logits"] = logits
        end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v3.default_image_size = 299  # type: ignore[attr-defined]


def inception_v3_arg_scope(
    weight_decay: float = 0.00004,
    batch_norm_var_collection: str = "moving_vars",
    batch_norm_decay: float = 0.9997,
    batch_norm_epsilon: float = 0.001,
    updates_collections: Any = v1.GraphKeys.UPDATE_OPS,
    use_fused_batchnorm: bool = True,
) -> Any:
    """The scope to build it in."""
    params = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "updates_collections": updates_collections,
        "fused": use_fused_batchnorm,
    }
    return batch_normalized(weight_decay, layers.batch_norm, params, batch_norm_var_collection)
