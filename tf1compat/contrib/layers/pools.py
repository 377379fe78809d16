"""Poolings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf1compat import layers
from tf1compat.contrib.framework import add_arg_scope

from .utils import collect_named_outputs, n_positive_integers
from .weighted import checked_format

__all__ = ["avg_pool2d", "avg_pool3d", "max_pool2d", "max_pool3d", "pool"]

v1 = tf.compat.v1


def _pooling(name: str, scope_name: str, layer_class: Any, what: str, formats: tuple[str, str]) -> Callable[..., Any]:
    """The pooling function over a class of tf.layers."""

    def pooling(
        inputs: Any,
        kernel_size: Any,
        stride: Any = 2,
        padding: str = "VALID",
        data_format: str = formats[0],
        outputs_collections: Any = None,
        scope: str | None = None,
    ) -> Any:
        layout = checked_format(data_format, *formats)
        with v1.name_scope(scope, scope_name, [inputs]) as inside:
            layer = layer_class(
                pool_size=kernel_size, strides=stride, padding=padding, data_format=layout, _scope=inside
            )
            outputs = layer.apply(tf.convert_to_tensor(inputs))
            return collect_named_outputs(outputs_collections, inside, outputs)

    pooling.__name__ = pooling.__qualname__ = name
    pooling.__doc__ = (
        f"The {what} of each window of `kernel_size`, `stride` apart: an integer, or one for each dimension. "
        f"`data_format` is {formats[0]} or {formats[1]}."
    )
    return add_arg_scope(pooling)


avg_pool2d = _pooling("avg_pool2d", "AvgPool2D", layers.AveragePooling2D, "mean", ("NHWC", "NCHW"))
avg_pool3d = _pooling("avg_pool3d", "AvgPool3D", layers.AveragePooling3D, "mean", ("NDHWC", "NCDHW"))
max_pool2d = _pooling("max_pool2d", "MaxPool2D", layers.MaxPooling2D, "maximum", ("NHWC", "NCHW"))
max_pool3d = _pooling("max_pool3d", "MaxPool3D", layers.MaxPooling3D, "maximum", ("NDHWC", "NCDHW"))


@add_arg_scope
def pool(
    inputs: Any,
    kernel_size: Any,
    pooling_type: str,
    padding: str = "VALID",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    stride: Any = 1,
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Any:
    """`tf.nn.pool`: "AVG" or "MAX" over windows in any number of dimensions, with a dilation or a stride."""
    with v1.name_scope(scope, f"{pooling_type.lower()}_pool", [inputs]) as inside:
        inputs = tf.convert_to_tensor(inputs)
        rank = inputs.shape.rank
        if rank is None:
            raise ValueError("Rank of inputs must be known")
        if rank < 3:
            raise ValueError("Rank of inputs must be >= 3")
        outputs = v1.nn.pool(
            input=inputs,
            window_shape=n_positive_integers(rank - 2, kernel_size),
            pooling_type=pooling_type,
            padding=padding,
            data_format=data_format,
            dilation_rate=n_positive_integers(rank - 2, dilation_rate),
            strides=n_positive_integers(rank - 2, stride),
            name=inside,
        )
        return collect_named_outputs(outputs_collections, inside, outputs)
