"""The schedules of TF1 as Keras `LearningRateSchedule`s, which are saved and loaded with a model.

    optimizer = keras.optimizers.SGD(tf1compat.train.ExponentialDecay(0.1, 1000, 0.96, staircase=True))

Each is called with a step, which Keras does, and returns the rate there, as a tensor: eagerly, inside
`tf.function` and in a TF1 graph. The formulas are those of the functions in `schedules`, computed as
TF 1.15.5 computed them; arguments are what they are there, in Keras's order and under its names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

import keras
import tensorflow as tf

from . import decay_rules

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LinearCosineDecay",
    "NaturalExpDecay",
    "NoisyLinearCosineDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
]


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """A rule of `decay_rules` with everything but the step given.

    A subclass names its rule; its constructor takes the rule's arguments after the step, which are then
    its attributes and its config. Raises TypeError for arguments that the rule does not take.
    """

    rule: ClassVar[Callable[..., tf.Tensor]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        signature = inspect.signature(cls.rule)
        cls.__signature__ = signature.replace(parameters=list(signature.parameters.values())[1:])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        bound = type(self).__signature__.bind(*args, **kwargs)
        bound.apply_defaults()
        self._arguments = dict(bound.arguments)

    def __getattr__(self, name: str) -> Any:
        arguments = vars(self).get("_arguments", {})
        if name in arguments:
            return arguments[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __call__(self, step: Any) -> tf.Tensor:
        return type(self).rule(step, **self._arguments)

    def get_config(self) -> dict[str, Any]:
        return dict(self._arguments)


_known_to_keras = keras.saving.register_keras_serializable(package="tf1compat")


@_known_to_keras
class ExponentialDecay(Schedule):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`, as `exponential_decay`."""

    rule = staticmethod(decay_rules.exponential)


@_known_to_keras
class NaturalExpDecay(Schedule):
    """`initial_learning_rate * exp(-decay_rate) ** (step / decay_steps)`, as `natural_exp_decay`."""

    rule = staticmethod(decay_rules.natural_exp)


@_known_to_keras
class InverseTimeDecay(Schedule):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`, as `inverse_time_decay`."""

    rule = staticmethod(decay_rules.inverse_time)


@_known_to_keras
class PolynomialDecay(Schedule):
    """From `initial_learning_rate` to `end_learning_rate` by a power of the steps left, as `polynomial_decay`."""

    rule = staticmethod(decay_rules.polynomial)


@_known_to_keras
class PiecewiseConstantDecay(Schedule):
    """One of `values` in each interval between `boundaries`, as `piecewise_constant_decay`.

    Boundaries of another dtype than the step's are cast to it. Raises ValueError when there is not one
    value more than boundaries.
    """

    rule = staticmethod(decay_rules.piecewise_constant)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.boundaries) != len(self.values) - 1:
            raise ValueError("The length of boundaries should be 1 less than the length of values")


@_known_to_keras
class CosineDecay(Schedule):
    """Half a cosine from `initial_learning_rate` to `alpha` times it, as `cosine_decay`."""

    rule = staticmethod(decay_rules.cosine)


@_known_to_keras
class CosineDecayRestarts(Schedule):
    """Half cosines that begin anew, as `cosine_decay_restarts`."""

    rule = staticmethod(decay_rules.cosine_restarts)


@_known_to_keras
class LinearCosineDecay(Schedule):
    """A line times a cosine, as `linear_cosine_decay`."""

    rule = staticmethod(decay_rules.linear_cosine)


@_known_to_keras
class NoisyLinearCosineDecay(Schedule):
    """A line with normal noise times a cosine, as `noisy_linear_cosine_decay`."""

    rule = staticmethod(decay_rules.noisy_linear_cosine)
