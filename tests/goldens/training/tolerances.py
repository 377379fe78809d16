"""How near each rule must come to TensorFlow 1.15.5: the one table of tolerances."""

from __future__ import annotations

# Line of the fidelity table: the largest difference allowed, in units of the dtype's epsilon times the largest
# magnitude (see differences.Difference), where TensorFlow's kernels compute (a graph, eager code, tf.function,
# MirroredStrategy) and where XLA's code does. 0 is equality. What is allowed is about twice what was seen: other
# processors have other vectors and so other orders and roundings.
TOLERANCES = {
    # optimizers, after 50 steps
    "GradientDescent": (0, 4),
    "Momentum": (0, 6),
    "Nesterov": (0, 8),
    "Adam": (5, 5),
    "RMSProp": (4, 8),
    "RMSProp centred": (4, 5),
    "Adagrad": (4, 5),
    "AdagradDA": (3, 4),
    "Adadelta": (10, 12),
    "Ftrl": (12, 16),
    "ProximalGradientDescent": (0, 16),
    "ProximalAdagrad": (5, 6),
    "SyncReplicas": (0, 0),
    # schedules
    "exponential_decay": (12, 12),
    "natural_exp_decay": (12, 12),
    "inverse_time_decay": (3, 4),
    "polynomial_decay": (4, 4),
    "piecewise_constant": (0, 0),
    "cosine_decay": (4, 4),
    "cosine_decay_restarts": (24, 24),
    "linear_cosine_decay": (4, 4),
    "noisy_linear_cosine_decay": (4, 4),
    # averages
    "ExponentialMovingAverage": (0, 3),
    "assign_moving_average": (0, 3),
    "weighted_moving_average": (0, 4),
    # clips and norms, and their gradients
    "clip_by_value": (0, 0),
    "clip_by_norm": (4, 8),
    "clip_by_average_norm": (0, 5),
    "global_norm": (4, 4),
    "clip_by_global_norm": (4, 5),
    "l2_loss": (2, 4),
    # penalties, and their gradients
    "l1_regularizer": (2, 3),
    "l2_regularizer": (2, 3),
    "l1_l2_regularizer": (2, 3),
    "sum_regularizer": (2, 3),
    "apply_regularization": (2, 3),
}


def allowed(line, mode):
    """The largest difference allowed, in those units."""
    kernels, compiled = TOLERANCES[line]
    return compiled if mode == "XLA" else kernels
