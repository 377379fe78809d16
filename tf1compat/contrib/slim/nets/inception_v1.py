"""Inception v1 (GoogLeNet): Szegedy et al., Going deeper with convolutions, https://arxiv.org/abs/1409.4842."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope

from .plans import batch_normalized, build, truncated_normal

__all__ = ["inception_v1", "inception_v1_arg_scope", "inception_v1_base"]

v1 = tf.compat.v1


def _mixed(name: str, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int) -> str:
    """Four branches. In Mixed_5b one convolution was named as if it were the branch's first."""
    last = "Conv2d_0a_3x3" if name == "Mixed_5b" else "Conv2d_0b_3x3"
    return f"""{name}
  Conv2d_0a_1x1 {one}
  Conv2d_0a_1x1 {three[0]}, Conv2d_0b_3x3 {three[1]}
  Conv2d_0a_1x1 {five[0]}, {last} {five[1]}
  MaxPool_0a_3x3, Conv2d_0b_1x1 {pooled}"""


PLAN = "\n".join(
    (
        "Conv2d_1a_7x7 64 /2",
        "MaxPool_2a_3x3 /2",
        "Conv2d_2b_1x1 64",
        "Conv2d_2c_3x3 192",
        "MaxPool_3a_3x3 /2",
        _mixed("Mixed_3b", 64, (96, 128), (16, 32), 32),
        _mixed("Mixed_3c", 128, (128, 192), (32, 96), 64),
        "MaxPool_4a_3x3 /2",
        _mixed("Mixed_4b", 192, (96, 208), (16, 48), 64),
        _mixed("Mixed_4c", 160, (112, 224), (24, 64), 64),
        _mixed("Mixed_4d", 128, (128, 256), (24, 64), 64),
        _mixed("Mixed_4e", 112, (144, 288), (32, 64), 64),
        _mixed("Mixed_4f", 256, (160, 320), (32, 128), 128),
        "MaxPool_5a_2x2 /2",
        _mixed("Mixed_5b", 256, (160, 320), (32, 128), 128),
        _mixed("Mixed_5c", 384, (192, 384), (48, 128), 128),
    )
)


def inception_v1_base(inputs: Any, final_endpoint: str = "Mixed_5c", scope: Any = "InceptionV1") -> Any:
    """The network up to an end point: (its outputs, {end point: outputs}).

    Args:
      inputs: [batch, height, width, channels].
      final_endpoint: the name of a line of the plan.

    Raises:
      ValueError: if there is no such end point.
    """
    end_points: dict[str, Any] = {}
    with (
        v1.variable_scope(scope, "InceptionV1", [inputs]),
        arg_scope([layers.conv2d, layers.fully_connected], weights_initializer=truncated_normal(0.01)),
    ):
        net, met = build(inputs, PLAN, lambda depth: depth, final_endpoint, end_points, "SAME")
    if not met:
        raise ValueError(f"Unknown final endpoint {final_endpoint}")
    return net, end_points


def inception_v1(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    prediction_fn: Any = layers.softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV1",
) -> Any:
    """(logits [batch, classes], {end point: outputs, with Logits and Predictions}) of images [batch, 224, 224, 3].

    Without `spatial_squeeze` the logits are [batch, height, width, classes], for larger images.
    """
    with (
        v1.variable_scope(scope, "InceptionV1", [inputs, num_classes], reuse=reuse) as inside,
        arg_scope([layers.batch_norm, layers.dropout], is_training=is_training),
    ):
        net, end_points = inception_v1_base(inputs, scope=inside)
        with v1.variable_scope("Logits"):
            net = layers.avg_pool2d(net, [7, 7], stride=1, scope="MaxPool_0a_7x7")
            net = layers.dropout(net, dropout_keep_prob, scope="Dropout_0b")
            logits = layers.conv2d(
                net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_0c_1x1"
            )
            if spatial_squeeze:
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
            end_points["Logits"] = logits
            end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v1.default_image_size = 224  # type: ignore[attr-defined]


def inception_v1_arg_scope(
    weight_decay: float = 0.00004, use_batch_norm: bool = True, batch_norm_var_collection: str = "moving_vars"
) -> Any:
    """The scope to build it in, with batch normalization unless told otherwise."""
    params = {"decay": 0.9997, "epsilon": 0.001, "updates_collections": v1.GraphKeys.UPDATE_OPS}
    if not use_batch_norm:
        return batch_normalized(weight_decay, None, {}, batch_norm_var_collection)
    return batch_normalized(weight_decay, layers.batch_norm, params, batch_norm_var_collection)
