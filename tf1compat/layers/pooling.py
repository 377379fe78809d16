"""Poolings along one, two and three axes: the greatest of each window, or its mean."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from . import utils
from .base import Layer
from .functional import functional
from .input_spec import InputSpec
from .layout import in_layout

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
]

_v1 = tf.compat.v1


class _Pooling(Layer):
    """Makes one number of each window of the inputs, for every channel.

    Args:
      pool_size: The window's size, an integer or one for each axis.
      strides: How far the windows are apart, likewise; None is refused, as in TF1.
      padding: `valid` or `same`.
      data_format: `channels_last` or `channels_first`.
      name: The layer's name.

    Raises:
      ValueError: for other arguments than these.
    """

    #: Along how many axes.
    rank: int
    #: TensorFlow's function, by the inputs' rank.
    pool: Any

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(name=name, **kwargs)
        self.pool_size = utils.normalize_tuple(pool_size, self.rank, "pool_size")
        self.strides = utils.normalize_tuple(strides, self.rank, "strides")
        self.padding = utils.normalize_padding(padding)
        self.data_format = utils.normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Any) -> Any:
        if self.rank > 1:
            return in_layout(self._pooled, inputs, self.data_format)
        # Along one axis: along two, of which one has the size 1.
        axis = 2 if self.data_format == "channels_last" else 3
        return tf.squeeze(in_layout(self._pooled, tf.expand_dims(inputs, axis), self.data_format), [axis])

    def _pooled(self, inputs: Any, channels_first: bool) -> Any:
        size, strides = self.pool_size, self.strides
        if self.rank == 1:
            size, strides = (*size, 1), (*strides, 1)
        before, after = ((1, 1), ()) if channels_first else ((1,), (1,))
        return type(self).pool(
            inputs,
            ksize=[*before, *size, *after],
            strides=[*before, *strides, *after],
            padding=self.padding.upper(),
            data_format=utils.convert_data_format(
                "channels_first" if channels_first else "channels_last", inputs.shape.rank
            ),
        )

    def compute_output_shape(self, input_shape: Any) -> tf.TensorShape:
        shape = tf.TensorShape(input_shape).as_list()
        first = 2 if self.data_format == "channels_first" else 1
        for i in range(self.rank):
            shape[first + i] = utils.conv_output_length(
                shape[first + i], self.pool_size[i], self.padding, self.strides[i]
            )
        return tf.TensorShape(shape)


class AveragePooling1D(_Pooling):
    __doc__ = _Pooling.__doc__
    rank, pool = 1, staticmethod(_v1.nn.avg_pool)


class AveragePooling2D(_Pooling):
    __doc__ = _Pooling.__doc__
    rank, pool = 2, staticmethod(_v1.nn.avg_pool)


class AveragePooling3D(_Pooling):
    __doc__ = _Pooling.__doc__
    rank, pool = 3, staticmethod(_v1.nn.avg_pool3d)


class MaxPooling1D(_Pooling):
    __doc__ = _Pooling.__doc__
    rank, pool = 1, staticmethod(_v1.nn.max_pool)


class MaxPooling2D(_Pooling):
    __doc__ = _Pooling.__doc__
    rank, pool = 2, staticmethod(_v1.nn.max_pool)


class MaxPooling3D(_Pooling):
    __doc__ = _Pooling.__doc__
    rank, pool = 3, staticmethod(_v1.nn.max_pool3d)


_PARAMETERS = "pool_size strides padding data_format name"
average_pooling1d = functional(AveragePooling1D, "average_pooling1d", _PARAMETERS)
average_pooling2d = functional(AveragePooling2D, "average_pooling2d", _PARAMETERS)
average_pooling3d = functional(AveragePooling3D, "average_pooling3d", _PARAMETERS)
max_pooling1d = functional(MaxPooling1D, "max_pooling1d", _PARAMETERS)
max_pooling2d = functional(MaxPooling2D, "max_pooling2d", _PARAMETERS)
max_pooling3d = functional(MaxPooling3D, "max_pooling3d", _PARAMETERS)
