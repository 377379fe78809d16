"""Convolutions and poolings of inputs whose channels come first."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

__all__ = ["in_layout"]


@functools.cache
def _has_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))


def in_layout(op: Callable[[Any, bool], Any], inputs: Any, data_format: str) -> Any:
    """`op(inputs, channels first?)`, with channels last where only a GPU has the kernels for the other.

    TF1's CPU kernels refused channels that come first, and so do many of TensorFlow 2's: without a GPU, the
    op is given the inputs transposed, and its result is transposed back.
    """
    if data_format == "channels_last" or _has_gpu():
        return op(inputs, data_format == "channels_first")
    rank = inputs.shape.rank
    axes = range(1, rank)
    outputs = op(tf.transpose(inputs, [0, *axes[1:], 1]), False)
    return tf.transpose(outputs, [0, rank - 1, *axes[:-1]])
