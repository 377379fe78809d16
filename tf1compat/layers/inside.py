"""What the modules inside TF1's `tf.layers` have (`tensorflow.python.layers.core` and so on), for programs that
import from there: the public names, and older ones that were kept beside them."""

from __future__ import annotations

from tf1compat import layers

from . import experimental

#: Public name: the older ones.
_OLDER = {
    "AveragePooling2D": "AvgPool2D",
    "BatchNormalization": "BatchNorm",
    "Conv1D": "Convolution1D",
    "Conv2D": "Convolution2D",
    "Conv2DTranspose": "Convolution2DTranspose Deconv2D Deconvolution2D",
    "Conv3D": "Convolution3D",
    "Conv3DTranspose": "Convolution3DTranspose Deconv3D Deconvolution3D",
    "Dense": "FullyConnected",
    "MaxPooling2D": "MaxPool2D",
    "SeparableConv2D": "SeparableConvolution2D",
    "average_pooling2d": "avg_pool2d",
    "batch_normalization": "batch_norm",
    "conv1d": "convolution1d",
    "conv2d": "convolution2d",
    "conv2d_transpose": "convolution2d_transpose deconv2d deconvolution2d",
    "conv3d": "convolution3d",
    "conv3d_transpose": "convolution3d_transpose deconv3d deconvolution3d",
    "dense": "fully_connected",
    "max_pooling2d": "max_pool2d",
    "separable_conv2d": "separable_convolution2d",
}
_FOUND = {
    **{name: getattr(layers, name) for name in layers.__all__},
    **{name: getattr(experimental, name) for name in experimental.__all__},
    **{old: getattr(layers, name) for name, names in _OLDER.items() for old in names.split()},
}
globals().update(_FOUND)

__all__ = list(_FOUND)
