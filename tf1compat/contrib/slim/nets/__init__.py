"""`tf.contrib.slim.nets`: the image networks, as modules of functions (`inception_v3.inception_v3(images, 1001)`).

Variables and end points have the names they had, so that the checkpoints published for them load.
"""

from __future__ import annotations

from . import alexnet, inception, overfeat, resnet_utils, resnet_v1, resnet_v2, vgg

__all__ = ["alexnet", "inception", "overfeat", "resnet_utils", "resnet_v1", "resnet_v2", "vgg"]
