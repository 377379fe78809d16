"""Callbacks that give a compiled Keras model TensorFlow 1's training rules, inside its compiled step.

    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, callbacks=[tf1compat.keras.ExponentialMovingAverage(0.999, num_updates=True)])
"""

from __future__ import annotations

from . import optimizers
from .clipping import GradientClipping
from .decay import LearningRateDecay
from .moving_averages import ExponentialMovingAverage

__all__ = [
    "ExponentialMovingAverage",
    "GradientClipping",
    "LearningRateDecay",
    "optimizers",
]
