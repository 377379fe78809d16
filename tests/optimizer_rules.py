"""The optimizers that the tests go through, and gradients for them."""

import numpy as np

#: name: a function of (the namespace that has the classes, a global step) that makes an optimizer.
RULES = {
    "gradient descent": lambda train, step: train.GradientDescentOptimizer(0.1),
    "momentum": lambda train, step: train.MomentumOptimizer(0.1, 0.9),
    "nesterov": lambda train, step: train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adam": lambda train, step: train.AdamOptimizer(0.1, beta2=0.9),
    "rmsprop": lambda train, step: train.RMSPropOptimizer(0.1, momentum=0.5),
    "centred rmsprop": lambda train, step: train.RMSPropOptimizer(0.1, centered=True, epsilon=0.01),
    "adagrad": lambda train, step: train.AdagradOptimizer(0.1),
    "adagrad da": lambda train, step: train.AdagradDAOptimizer(
        0.1, step, l1_regularization_strength=0.01, l2_regularization_strength=0.02
    ),
    "adadelta": lambda train, step: train.AdadeltaOptimizer(1.0, epsilon=1e-4),
    "ftrl": lambda train, step: train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "shrinking ftrl": lambda train, step: train.FtrlOptimizer(
        0.1,
        learning_rate_power=-0.3,
        l2_regularization_strength=0.1,
        l2_shrinkage_regularization_strength=0.1,
    ),
    "proximal gradient descent": lambda train, step: train.ProximalGradientDescentOptimizer(0.1, 0.01, 0.02),
    "proximal adagrad": lambda train, step: train.ProximalAdagradOptimizer(0.1, 0.1, 0.01, 0.02),
}
STEPS = 5
_numbers = np.random.RandomState(0)
#: Rows 0 to 3 of each step's sparse gradient have these indices; some occur twice.
INDICES = _numbers.randint(0, 5, (STEPS, 4))
ROWS = _numbers.randn(STEPS, 4, 2).astype("float32")
DENSE = _numbers.randn(STEPS, 5, 2).astype("float32")
START = _numbers.randn(5, 2).astype("float32")
