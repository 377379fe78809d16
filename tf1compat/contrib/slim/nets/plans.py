"""Networks written as a plan, a line an end point, for the Inception family.

    Conv2d_1a_3x3 32 /2                         a convolution with kernel 3x3, 32 channels and stride 2
    MaxPool_3a_3x3 /2                           a pool
    Mixed_5b                                    branches, whose outputs are put side by side:
      Conv2d_0a_1x1 64                          a branch of one step
      Conv2d_0a_1x1 48, Conv2d_0b_5x5 64        a branch of two
      Conv2d_0b_1x3 384 & Conv2d_0c_3x1 384     two steps of the same inputs, side by side

A step may say more: `~0.09` the standard deviation of its initial weights, `SAME` or `VALID` its padding,
`kernel=3x3` where its name says something else, `separable` for a separable convolution.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from tf1compat.contrib import layers
from tf1compat.contrib.framework import arg_scope

__all__ = ["batch_normalized", "build", "depths", "fitting", "lines", "truncated_normal"]

v1 = tf.compat.v1

Depth = Callable[[int], int]
_POOLS = {"MaxPool": layers.max_pool2d, "AvgPool": layers.avg_pool2d}


def truncated_normal(stddev: float) -> Any:
    return v1.truncated_normal_initializer(0.0, stddev)


def depths(multiplier: float, least: int) -> Depth:
    """How many channels there are where a plan says how many.

    Raises:
      ValueError: if the multiplier is not greater than zero.
    """
    if multiplier <= 0:
        raise ValueError("depth_multiplier is not greater than zero.")
    return lambda depth: max(int(depth * multiplier), least)


def lines(plan: str) -> Iterator[tuple[str, list[str]]]:
    """(the line of an end point, its branches) of each."""
    for block in re.split(r"\n(?=\S)", plan.strip()):
        first, *branches = block.splitlines()
        yield first, [branch.strip() for branch in branches]


def build(
    net: Any, plan: str, depth: Depth, final_endpoint: str, end_points: dict[str, Any], padding: str
) -> tuple[Any, bool]:
    """Follow a plan as far as `final_endpoint`; the last outputs, and whether that was met."""
    pools = [layers.max_pool2d, layers.avg_pool2d]
    with arg_scope([layers.conv2d, layers.separable_conv2d, *pools], stride=1, padding=padding):
        for first, branches in lines(plan):
            name = first.split()[0]
            net = _mixed(net, name, branches, depth) if branches else _step(net, first, depth)
            end_points[name] = net
            if name == final_endpoint:
                return net, True
    return net, False


def _mixed(net: Any, name: str, branches: list[str], depth: Depth) -> Any:
    outputs = []
    with v1.variable_scope(name):
        for number, branch in enumerate(branches):
            with v1.variable_scope(f"Branch_{number}"):
                outputs.append(net)
                for steps in branch.split(", "):
                    beside = [_step(outputs[-1], step, depth) for step in steps.split(" & ")]
                    outputs[-1] = beside[0] if len(beside) == 1 else tf.concat(beside, 3)
        return tf.concat(outputs, 3)


def _step(net: Any, step: str, depth: Depth) -> Any:
    name, *rest = step.split()
    kind, kernel = name.partition("_")[0], name.rpartition("_")[2]
    channels, separable = 0, False
    options: dict[str, Any] = {}
    for word in rest:
        if word.startswith("/"):
            options["stride"] = int(word[1:])
        elif word.startswith("~"):
            options["weights_initializer"] = truncated_normal(float(word[1:]))
        elif word in ("SAME", "VALID"):
            options["padding"] = word
        elif word.startswith("kernel="):
            kernel = word[len("kernel=") :]
        elif word == "separable":
            separable = True
        else:
            channels = depth(int(word))
    sides = [int(side) for side in kernel.split("x")]
    if kind in _POOLS:
        return _POOLS[kind](net, sides, scope=name, **options)
    if separable:  # no more channels between its halves than after them
        multiplier = min(int(channels / 3), 8)
        return layers.separable_conv2d(net, channels, sides, depth_multiplier=multiplier, scope=name, **options)
    return layers.conv2d(net, channels, sides, scope=name, **options)


def fitting(net: Any, sides: list[int]) -> list[int]:
    """A kernel no larger than the images are, where that is known."""
    height, width = net.shape.as_list()[1:3]
    return sides if height is None or width is None else [min(height, sides[0]), min(width, sides[1])]


def batch_normalized(weight_decay: float, normalizer_fn: Any, params: dict[str, Any], moving: str) -> Any:
    """The scope in which the Inception networks are built: regularized, rectified convolutions, normalized by
    `normalizer_fn(**params)`, whose moving averages go into the collection `moving`."""
    if normalizer_fn is not None:
        collections = {"beta": None, "gamma": None, "moving_mean": [moving], "moving_variance": [moving]}
        params = {**params, "variables_collections": collections}
    regularizer = layers.l2_regularizer(weight_decay)
    with (
        arg_scope([layers.conv2d, layers.fully_connected], weights_regularizer=regularizer),
        arg_scope(
            [layers.conv2d],
            weights_initializer=layers.variance_scaling_initializer(),
            activation_fn=tf.nn.relu,
            normalizer_fn=normalizer_fn,
            normalizer_params=params,
        ) as scope,
    ):
        return scope
