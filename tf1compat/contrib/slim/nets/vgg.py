"""VGG: Simonyan and Zisserman, Very deep convolutional networks, https://arxiv.org/abs/1409.1556."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope

from .heads import connected, named

__all__ = ["vgg_16", "vgg_19", "vgg_a", "vgg_arg_scope", "vgg_d", "vgg_e"]

v1 = tf.compat.v1

_CHANNELS = (64, 128, 256, 512, 512)


def vgg_arg_scope(weight_decay: float = 0.0005) -> Any:
    """The scope to build them in."""
    with (
        arg_scope(
            [layers.conv2d, layers.fully_connected],
            activation_fn=tf.nn.relu,
            weights_regularizer=layers.l2_regularizer(weight_decay),
            biases_initializer=v1.zeros_initializer(),
        ),
        arg_scope([layers.conv2d], padding="SAME") as scope,
    ):
        return scope


def _vgg(name: str, repeats: tuple[int, ...], collecting: Callable[[Any], str]) -> Any:
    """The network with so many convolutions before each of its pools."""

    def network(
        inputs: Any,
        num_classes: int = 1000,
        is_training: Any = True,
        dropout_keep_prob: float = 0.5,
        spatial_squeeze: bool = True,
        scope: Any = name,
    ) -> Any:
        with v1.variable_scope(scope, name, [inputs]) as inside:
            collection = collecting(inside) + "_end_points"
            collected = [layers.conv2d, layers.fully_connected, layers.max_pool2d]
            with arg_scope(collected, outputs_collections=collection):
                net = inputs
                for number, (times, channels) in enumerate(zip(repeats, _CHANNELS, strict=True), 1):
                    net = layers.repeat(net, times, layers.conv2d, channels, [3, 3], scope=f"conv{number}")
                    net = layers.max_pool2d(net, [2, 2], scope=f"pool{number}")
                net = connected(net, (4096, 4096), [7, 7], num_classes, is_training, dropout_keep_prob)
            return named(net, collection, inside, spatial_squeeze)

    network.__name__ = network.__qualname__ = name
    network.__doc__ = (
        f"(logits [batch, classes], {{end point: outputs}}) of images [batch, 224, 224, 3]; {sum(repeats) + 3} layers."
        "\n\n    Without `spatial_squeeze` the logits are [batch, height, width, classes], for larger images.\n    "
    )
    network.default_image_size = 224  # type: ignore[attr-defined]
    return network


vgg_a = _vgg("vgg_a", (1, 1, 2, 2, 2), lambda scope: scope.original_name_scope)
vgg_d = vgg_16 = _vgg("vgg_16", (2, 2, 3, 3, 3), lambda scope: scope.original_name_scope)
vgg_e = vgg_19 = _vgg("vgg_19", (2, 2, 4, 4, 4), lambda scope: scope.name)
