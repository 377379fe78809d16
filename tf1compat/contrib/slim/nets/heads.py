"""What AlexNet, OverFeat and VGG share: three fully connected layers, written as convolutions."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.layers.utils import convert_collection_to_dict

__all__ = ["connected", "named"]


def connected(
    net: Any,
    widths: tuple[int, int],
    kernel: list[int],
    num_classes: int,
    is_training: Any,
    keep_prob: float,
    **last: Any,
) -> Any:
    """fc6, fc7 and fc8, with dropout between them; `last` are further arguments of fc8."""
    net = layers.conv2d(net, widths[0], kernel, padding="VALID", scope="fc6")
    net = layers.dropout(net, keep_prob, is_training=is_training, scope="dropout6")
    net = layers.conv2d(net, widths[1], [1, 1], scope="fc7")
    net = layers.dropout(net, keep_prob, is_training=is_training, scope="dropout7")
    return layers.conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="fc8", **last)


def named(net: Any, collection: str, scope: Any, spatial_squeeze: bool) -> tuple[Any, dict[str, Any]]:
    """(logits, {end point: outputs}) from what the layers collected."""
    end_points = convert_collection_to_dict(collection)
    if spatial_squeeze:
        net = end_points[f"{scope.name}/fc8"] = tf.squeeze(net, [1, 2], name="fc8/squeezed")
    return net, end_points
