"""TF1's optimizers for Keras, by name. What they have in common is in `KerasRule`."""

from __future__ import annotations

import keras

from ... import train
from .adapter import KerasRule

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

_known_to_keras = keras.saving.register_keras_serializable(package="tf1compat")


@_known_to_keras
class GradientDescent(KerasRule, rule=train.GradientDescentOptimizer):
    """`variable -= learning_rate * gradient`.

    Args:
      learning_rate: The step's size.
    """


@_known_to_keras
class Momentum(KerasRule, rule=train.MomentumOptimizer):
    """Gradient descent along a running sum of gradients.

        accumulator = momentum * accumulator + gradient
        variable -= learning_rate * accumulator

    and with `use_nesterov`

        variable -= learning_rate * (gradient + momentum * accumulator)

    Keras's `SGD` has the learning rate inside its sum, and so goes on with old steps when the rate changes;
    TF1's is outside.

    Args:
      learning_rate: The step's size.
      momentum: What is left of the accumulator after a step, from 0 to 1.
      use_nesterov: Whether to use Nesterov's momentum.
    """


@_known_to_keras
class Adam(KerasRule, rule=train.AdamOptimizer):
    """Adam. In step t, counted from 1:

        rate = learning_rate * sqrt(1 - beta2^t) / (1 - beta1^t)
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient^2
        variable -= rate * m / (sqrt(v) + epsilon)

    A sparse gradient counts as a dense one with zeros in the other rows. `epsilon` is 1e-8, Keras's 1e-7.

    Args:
      learning_rate: The largest step, nearly.
      beta1: How much of the mean gradient is kept in a step, from 0 to less than 1.
      beta2: How much of the mean squared gradient is kept, likewise.
      epsilon: What keeps the divisor from zero.
    """


@_known_to_keras
class Adagrad(KerasRule, rule=train.AdagradOptimizer):
    """Gradients divided by the root of the sum of their squares.

        accumulator += gradient^2
        variable -= learning_rate * gradient / sqrt(accumulator)

    TF1 has no epsilon in it, which Keras adds to the sum.

    Args:
      learning_rate: The step's size.
      initial_accumulator_value: What the accumulator begins with, above zero.
    """


@_known_to_keras
class Adadelta(KerasRule, rule=train.AdadeltaOptimizer):
    """Steps as large as the steps before, in proportion to the gradients before.

        accum = rho * accum + (1 - rho) * gradient^2
        step = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * gradient
        accum_update = rho * accum_update + (1 - rho) * step^2
        variable -= learning_rate * step

    Args:
      learning_rate: What each step is multiplied by; 1.0 in the paper.
      rho: How much of the means is kept in a step, from 0 to 1.
      epsilon: What the first steps grow from.
    """


@_known_to_keras
class RMSProp(KerasRule, rule=train.RMSPropOptimizer):
    """Gradients divided by the root of their mean square, with momentum.

        rms = decay * rms + (1 - decay) * gradient^2
        momentum_sum = momentum * momentum_sum + learning_rate * gradient / sqrt(rms + epsilon)
        variable -= momentum_sum

    and if `centered`, by the root of their variance:

        mg = decay * mg + (1 - decay) * gradient
        momentum_sum = momentum * momentum_sum + learning_rate * gradient / sqrt(rms - mg^2 + epsilon)

    TF1's `epsilon` is inside the root, and its `rms` begins with one; Keras's with zero.

    Args:
      learning_rate: The step's size.
      decay: How much of the means is kept in a step, from 0 to 1.
      momentum: What is left of the last step, from 0 to 1.
      epsilon: What keeps the root from zero.
      centered: Whether to divide by the root of the variance.
    """


@_known_to_keras
class Ftrl(KerasRule, rule=train.FtrlOptimizer):
    """Follow the regularized leader, with both kinds of L2 penalty.

        shrunk = gradient + 2 * l2_shrinkage * variable
        new = accum + gradient^2
        linear += shrunk - (new^-p - accum^-p) / learning_rate * variable
        variable = (clip(linear, -l1, l1) - linear) / (new^-p / learning_rate + 2 * l2)
        accum = new

    where p is `learning_rate_power`.

    Args:
      learning_rate: The step's size.
      learning_rate_power: How the step shrinks as squares add up; zero (never) or less.
      initial_accumulator_value: What `accum` begins with; zero or more.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more.
      l2_regularization_strength: The weight of the sum of squares, which steadies; zero or more.
      l2_shrinkage_regularization_strength: Its weight in the loss, which makes weights small; zero or more.
    """


@_known_to_keras
class AdagradDA(KerasRule, rule=train.AdagradDAOptimizer, counts_steps=True):
    """Adagrad's dual averaging, for linear models of which most weights are to be zero.

        g_sum += gradient
        g2_sum += gradient^2
        variable = -sign(g_sum) * learning_rate * max(|g_sum| - l1 * t, 0)
                   / (l2 * t * learning_rate + sqrt(g2_sum))

    In step t, counted from 1: TF1's `global_step` is the optimizer's `iterations`. The variable is computed from
    the sums alone: its initial value is forgotten.

    Args:
      learning_rate: The step's size.
      initial_gradient_squared_accumulator_value: What the sum of squares begins with, above zero.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more.
      l2_regularization_strength: The weight of the sum of squares; zero or more.
    """


@_known_to_keras
class ProximalGradientDescent(KerasRule, rule=train.ProximalGradientDescentOptimizer):
    """Gradient descent, then the weights that the penalties prefer.

        moved = variable - learning_rate * gradient
        variable = sign(moved) * max(|moved| - learning_rate * l1, 0) / (1 + learning_rate * l2)

    Args:
      learning_rate: The step's size.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more.
      l2_regularization_strength: The weight of half the sum of squares; zero or more.
    """


@_known_to_keras
class ProximalAdagrad(KerasRule, rule=train.ProximalAdagradOptimizer):
    """Adagrad's step, then the weights that the penalties prefer.

        accumulator += gradient^2
        rate = learning_rate / sqrt(accumulator)
        moved = variable - rate * gradient
        variable = sign(moved) * max(|moved| - rate * l1, 0) / (1 + rate * l2)

    Args:
      learning_rate: The step's size.
      initial_accumulator_value: What the accumulator begins with, above zero.
      l1_regularization_strength: The weight of the sum of absolute values; zero or more.
      l2_regularization_strength: The weight of half the sum of squares; zero or more.
    """
