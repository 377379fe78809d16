"""TF1's rules under Keras's contract: one class, of which each optimizer is a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import keras
import tensorflow as tf

from ...train import Optimizer, replica
from ..supported import check_loop
from .arguments import Signature, rate_of
from .update import Update

__all__ = ["KerasRule"]


class KerasRule(keras.optimizers.Optimizer):
    """A Keras optimizer that updates by a rule of `tf1compat.train`.

    Subclasses are named after the rule that they are given: `class Momentum(KerasRule, rule=MomentumOptimizer)`.
    They take the rule's hyperparameters, `name`, and what all Keras optimizers take: `weight_decay`, `clipnorm`,
    `clipvalue`, `global_clipnorm`, `use_ema`, `ema_momentum`, `ema_overwrite_frequency`, `loss_scale_factor`,
    `gradient_accumulation_steps`.

    The learning rate is a number, a `LearningRateSchedule` (Keras's or `tf1compat.train`'s), or a callable without
    arguments; the other hyperparameters are numbers, fixed once the optimizer is made. The gradients of an
    embedding, `tf.IndexedSlices`, update by TF1's sparse rule, rows that occur twice summed before; with
    `gradient_accumulation_steps` Keras adds gradients up into dense tensors, which update by the dense one.

    Raises:
      TypeError: for arguments that the optimizer does not take.
      ValueError: for a hyperparameter that is no number, or out of its range.
    """

    _rule: ClassVar[type[Optimizer]]
    _takes: ClassVar[Signature]
    _counts_steps: ClassVar[bool]

    def __init_subclass__(cls, rule: type[Optimizer], counts_steps: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._rule, cls._takes, cls._counts_steps = rule, Signature(rule), counts_steps
        cls.__signature__ = cls._takes.shown
        for name in cls._takes.hyperparameters:
            setattr(cls, name, _hyperparameter(name))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        rate, hyperparameters, of_keras = cls._takes.bind(cls.__name__, args, kwargs)
        super().__init__(learning_rate=rate_of(cls.__name__, rate), **of_keras)
        self._hyperparameters = hyperparameters
        self._update = Update(cls._rule, hyperparameters, self, cls._counts_steps)

    @tf.autograph.experimental.do_not_convert
    def build(self, variables: Sequence[Any]) -> None:
        """Make the optimizer's variables for those that are trained; only the first call does."""
        if self.built:
            return
        super().build(variables)
        self._update.build([v for v in variables if not self._overwrite_variable_with_gradient(v)])

    @tf.autograph.experimental.do_not_convert
    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        """Take a step, or with `gradient_accumulation_steps` a part of one.

        Raises:
          NotImplementedError: in one of several replicas, unless eagerly: if gradients are accumulated, and in the
            loop that Keras makes of `steps_per_execution`.
          RuntimeError: there, if XLA compiles the step.
        """
        if replica.replicas() > 1 and not tf.executing_eagerly():
            replica.check_one_device_is_compiled_for()
            check_loop()
            if self.gradient_accumulation_steps:
                raise NotImplementedError(
                    f"gradient_accumulation_steps={self.gradient_accumulation_steps} does not work under "
                    f"{type(tf.distribute.get_strategy()).__name__}: Keras 3 fails to update a strategy's variables in "
                    "a condition. Instead, use larger batches, or compile with run_eagerly=True."
                )
        if self.loss_scale_factor is not None:
            grads = [_Divisible.of(g) if isinstance(g, tf.IndexedSlices) else g for g in grads]
        super().apply(grads, trainable_variables)
        self._update.check_finished()

    @tf.autograph.experimental.do_not_convert
    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable by its gradient."""
        self._update.step(gradient, variable, learning_rate)

    @tf.autograph.experimental.do_not_convert
    def _distributed_tf_update_step(self, distribution: Any, grads_and_vars: Any, learning_rate: Any) -> None:
        # Keras calls this once a step, for all replicas at once: the one place to end a step in.
        super()._distributed_tf_update_step(distribution, grads_and_vars, learning_rate)
        self._update.finish()

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self._hyperparameters}


class _Divisible(tf.IndexedSlices):
    """Slices that Keras can divide by `loss_scale_factor`: it writes `gradient / factor`."""

    @classmethod
    def of(cls, slices: tf.IndexedSlices) -> _Divisible:
        return cls(slices.values, slices.indices, slices.dense_shape)

    def __truediv__(self, divisor: Any) -> tf.IndexedSlices:
        return tf.IndexedSlices(self.values / divisor, self.indices, self.dense_shape)


def _hyperparameter(name: str) -> property:
    return property(lambda self: self._hyperparameters[name], doc=f"`{name}`, as it was given.")
