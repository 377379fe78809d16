"""TF1's optimizers for `model.compile`: TF1's update rules under all of Keras's contract.

    model.compile(optimizer=tf1compat.keras.optimizers.Momentum(0.01, momentum=0.9), loss="mse")

They are the rules of `tf1compat.train`, which give TF 1.15's numbers. A model that was compiled with one is
saved with it, and loads where this package has been imported.
"""

from __future__ import annotations

from .classes import (
    Adadelta,
    Adagrad,
    AdagradDA,
    Adam,
    Ftrl,
    GradientDescent,
    Momentum,
    ProximalAdagrad,
    ProximalGradientDescent,
    RMSProp,
)

__all__ = [
    "Adadelta",
    "Adagrad",
    "AdagradDA",
    "Adam",
    "Ftrl",
    "GradientDescent",
    "Momentum",
    "ProximalAdagrad",
    "ProximalGradientDescent",
    "RMSProp",
]
