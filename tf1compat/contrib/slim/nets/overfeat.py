"""OverFeat: Sermanet et al., https://arxiv.org/abs/1312.6229."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope

from .heads import connected, named
from .plans import truncated_normal

__all__ = ["overfeat", "overfeat_arg_scope"]

v1 = tf.compat.v1


def overfeat_arg_scope(weight_decay: float = 0.0005) -> Any:
    """The scope to build it in."""
    with (
        arg_scope(
            [layers.conv2d, layers.fully_connected],
            activation_fn=tf.nn.relu,
            weights_regularizer=layers.l2_regularizer(weight_decay),
            biases_initializer=v1.zeros_initializer(),
        ),
        arg_scope([layers.conv2d], padding="SAME"),
        arg_scope([layers.max_pool2d], padding="VALID") as scope,
    ):
        return scope


def overfeat(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "overfeat",
) -> Any:
    """(logits [batch, classes], {end point: outputs}) of images [batch, 231, 231, 3].

    Without `spatial_squeeze` the logits are [batch, height, width, classes], for larger images.
    """
    with v1.variable_scope(scope, "overfeat", [inputs]) as inside:
        collection = inside.name + "_end_points"
        collected = [layers.conv2d, layers.fully_connected, layers.max_pool2d]
        with arg_scope(collected, outputs_collections=collection):
            net = layers.conv2d(inputs, 64, [11, 11], 4, padding="VALID", scope="conv1")
            net = layers.max_pool2d(net, [2, 2], scope="pool1")
            net = layers.conv2d(net, 256, [5, 5], padding="VALID", scope="conv2")
            net = layers.max_pool2d(net, [2, 2], scope="pool2")
            net = layers.conv2d(net, 512, [3, 3], scope="conv3")
            net = layers.conv2d(net, 1024, [3, 3], scope="conv4")
            net = layers.conv2d(net, 1024, [3, 3], scope="conv5")
            net = layers.max_pool2d(net, [2, 2], scope="pool5")
            with arg_scope(
                [layers.conv2d],
                weights_initializer=truncated_normal(0.005),
                biases_initializer=v1.constant_initializer(0.1),
            ):
                net = connected(
                    net,
                    (3072, 4096),
                    [6, 6],
                    num_classes,
                    is_training,
                    dropout_keep_prob,
                    biases_initializer=v1.zeros_initializer(),
                )
        return named(net, collection, inside, spatial_squeeze)
