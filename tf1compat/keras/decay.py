"""TF1's learning rate schedules as a callback that attaches to a compiled Keras model.

    schedule = tf1compat.train.ExponentialDecay(0.1, decay_steps=1000, decay_rate=0.96, staircase=True)
    model.fit(x, y, callbacks=[tf1compat.keras.LearningRateDecay(schedule)])
"""

from __future__ import annotations

import inspect
from typing import Any

import keras
import tensorflow as tf

from . import attaching
from .hooked import HookedCallback

__all__ = ["LearningRateDecay"]


@keras.saving.register_keras_serializable(package="tf1compat")
class LearningRateDecay(HookedCallback):
    """Set the optimizer's learning rate in each training step, inside the compiled step, and log it.

    The rate of a step is `schedule(n)`, where `n` is the optimizer's `iterations`: the steps that it made
    before, in this `fit` and earlier ones, restored ones too (BackupAndRestore, a loaded model). Batches whose
    gradients are only accumulated, or that loss scaling skips, count for nothing.

    It is written into the optimizer's own `learning_rate` variable, which can be read there at any time and
    takes part in saving. After `fit` that variable keeps the last rate: a next `fit` with the callback goes on
    with the schedule, one without goes on at that rate, and `optimizer.learning_rate = rate` sets another.
    Whatever else sets the rate between steps (ReduceLROnPlateau, LearningRateScheduler) is overruled.

    Each epoch's logs get `learning_rate`, the rate of the epoch's last batch; with `optimizer`, named
    `learning_rate_generator_optimizer`.

    Args:
      schedule: A schedule of `tf1compat.train` (`ExponentialDecay`, `PiecewiseConstantDecay`, ...) or of
        `keras.optimizers.schedules`, or another callable of the step, an int64 scalar tensor, that returns a
        scalar. It is traced with the train step.
      optimizer: For a model whose `train_step` uses several optimizers, the attribute of the one meant.

    Raises:
      TypeError: for a schedule that is no callable of one argument.
      ValueError: when training begins: for a model without an optimizer or, where `optimizer` is None, with
        several; for an optimizer that was not compiled with a number for its learning rate; for a second
        LearningRateDecay of one optimizer; before the first step: for a schedule that returns no scalar.
      NotImplementedError: when training begins, for what Keras cannot run there.
    """

    def __init__(self, schedule: Any, optimizer: str | None = None) -> None:
        super().__init__(optimizer)
        _check_takes_a_step(schedule)
        self.schedule = schedule

    def get_config(self) -> dict[str, Any]:
        return {"schedule": keras.saving.serialize_keras_object(self.schedule), "optimizer": self.optimizer}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> LearningRateDecay:
        return cls(**{**config, "schedule": keras.saving.deserialize_keras_object(config["schedule"])})

    def on_train_begin(self, logs: Any = None) -> None:
        self._rate = _rate_variable(attaching.optimizer_of(self.model, self.optimizer))
        self.attach(attaching.Hooks(before_step=self._set))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.write(logs, learning_rate=float(tf.convert_to_tensor(self._rate).numpy()))

    def _set(self, optimizer: Any) -> None:
        rate = tf.convert_to_tensor(self.schedule(tf.convert_to_tensor(optimizer.iterations)))
        if rate.shape.rank != 0:
            raise ValueError(
                f"The learning rate at a step should be a scalar; schedule {self.schedule!r} gave a tensor of "
                f"shape {rate.shape}."
            )
        self._rate.assign(tf.cast(rate, self._rate.dtype))


def _check_takes_a_step(schedule: Any) -> None:
    wanted = (
        "LearningRateDecay takes a schedule of tf1compat.train, such as ExponentialDecay(0.1, 1000, 0.96), or "
        "another callable from the step to the rate"
    )
    if not callable(schedule) or isinstance(schedule, type):
        raise TypeError(f"{wanted}; it got {schedule!r}.")
    if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return
    try:
        inspect.signature(schedule).bind(0)
    except TypeError as error:
        raise TypeError(
            f"{wanted}; {schedule!r} cannot be called with a step ({error}). What tf1compat.train.exponential_decay "
            f"and the like return follows the global_step they were given: take the classes named alike."
        ) from None
    except ValueError:  # a builtin that does not tell what it takes
        pass


def _rate_variable(optimizer: Any) -> keras.Variable:
    """The variable in which an optimizer keeps the rate that it was compiled with."""
    inner = attaching.inner_optimizer(optimizer)
    rate = getattr(inner, "learning_rate", None)  # a MultiOptimizer has none
    if all(rate is not variable for variable in inner.variables):
        raise ValueError(
            f"LearningRateDecay needs an optimizer with a number for its learning rate, as in "
            f"SGD(learning_rate=0.1), which it then sets; {type(inner).__name__} {inner.name!r} was made with a "
            f"schedule, a callable, or optimizers that have a rate each. A schedule of tf1compat.train can also "
            f"be an optimizer's learning_rate itself."
        )
    return rate
