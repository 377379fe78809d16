"""Training as TensorFlow 1.15 computed it, in TF1 graphs and in TensorFlow 2 alike."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from .averaging import assign_moving_average, weighted_moving_average
from .checkpoints import Saver, latest_checkpoint, verify_checkpoint
from .clipping import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
    l2_loss,
)
from .moving_averages import ExponentialMovingAverage
from .optimizer import Optimizer
from .optimizers import (
    AdadeltaOptimizer,
    AdagradDAOptimizer,
    AdagradOptimizer,
    AdamOptimizer,
    FtrlOptimizer,
    GradientDescentOptimizer,
    MomentumOptimizer,
    ProximalAdagradOptimizer,
    ProximalGradientDescentOptimizer,
    RMSPropOptimizer,
    SyncReplicasOptimizer,
)
from .schedules import (
    cosine_decay,
    cosine_decay_restarts,
    exponential_decay,
    inverse_time_decay,
    linear_cosine_decay,
    natural_exp_decay,
    noisy_linear_cosine_decay,
    piecewise_constant,
    piecewise_constant_decay,
    polynomial_decay,
)
from .shares import reduce_gradients

# These are Keras's classes at heart. Where TensorFlow has loaded Keras, Keras learns of them, so that it loads models
# saved with them; where it has not (see `cli.starting`), they load it when they are asked for.
if TYPE_CHECKING or "keras" in sys.modules:
    from .regularizers import (
        apply_regularization,
        l1_l2_regularizer,
        l1_regularizer,
        l2_regularizer,
        sum_regularizer,
    )
    from .schedule_classes import (
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        LinearCosineDecay,
        NaturalExpDecay,
        NoisyLinearCosineDecay,
        PiecewiseConstantDecay,
        PolynomialDecay,
    )

__all__ = [
    "AdadeltaOptimizer",
    "AdagradDAOptimizer",
    "AdagradOptimizer",
    "AdamOptimizer",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "ExponentialMovingAverage",
    "FtrlOptimizer",
    "GradientDescentOptimizer",
    "InverseTimeDecay",
    "LinearCosineDecay",
    "MomentumOptimizer",
    "NaturalExpDecay",
    "NoisyLinearCosineDecay",
    "Optimizer",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "ProximalAdagradOptimizer",
    "ProximalGradientDescentOptimizer",
    "RMSPropOptimizer",
    "Saver",
    "SyncReplicasOptimizer",
    "apply_regularization",
    "assign_moving_average",
    "clip_by_average_norm",
    "clip_by_global_norm",
    "clip_by_norm",
    "clip_by_value",
    "cosine_decay",
    "cosine_decay_restarts",
    "exponential_decay",
    "global_norm",
    "inverse_time_decay",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_loss",
    "l2_regularizer",
    "latest_checkpoint",
    "linear_cosine_decay",
    "natural_exp_decay",
    "noisy_linear_cosine_decay",
    "piecewise_constant",
    "piecewise_constant_decay",
    "polynomial_decay",
    "reduce_gradients",
    "sum_regularizer",
    "verify_checkpoint",
    "weighted_moving_average",
]


def __getattr__(name: str) -> Any:
    for module in ("regularizers", "schedule_classes") if name in __all__ else ():
        home = importlib.import_module(f".{module}", __name__)
        if name in home.__all__:
            return getattr(home, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
