"""`tensorflow.python.training.tracking.util`, which TensorFlow has moved."""

from __future__ import annotations

import tensorflow as tf

__all__ = ["Checkpoint"]

Checkpoint = tf.compat.v1.train.Checkpoint
