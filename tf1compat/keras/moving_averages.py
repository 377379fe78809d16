"""TF1's moving average of a model's variables as a Keras callback."""

from __future__ import annotations

import contextlib
import numbers
import operator
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from .attaching import Hooks, attach, check_attached, detach, optimizer_of, owners
from .averaged_saving import SavesAverages
from .averages import Averages
from .evaluating import Evaluation
from .supported import check_process
from .swapping import Swap

__all__ = ["ExponentialMovingAverage"]

#: What `variables` may name.
_CHOICES: dict[str, Callable[[Any], list[Any]]] = {
    "trainable": operator.attrgetter("trainable_variables"),
    "all": lambda model: [weight for weight in model.weights if tf.as_dtype(weight.dtype).is_floating],
}


@keras.saving.register_keras_serializable(package="tf1compat")
class ExponentialMovingAverage(keras.callbacks.Callback):
    """Keeps a moving average of each of a model's variables, and validates with the averages.

        average = tf1compat.keras.ExponentialMovingAverage(0.999, num_updates=True)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x, y, validation_data=(x_test, y_test), callbacks=[average])
        model.evaluate(x_test, y_test, callbacks=[average])  # with the averages; without it, the weights
        model.predict(x_test, callbacks=[average])

    After each step of the optimizer, inside the step that Keras compiles,

        average -= (average - variable) * (1 - decay)

    where with `num_updates` the decay is `min(decay, (1 + num_updates) / (10 + num_updates))`. Batches whose
    gradients are only accumulated, and steps that loss scaling skips, do not count. An average begins at the
    value its variable has when training does, with `zero_debias` at 0 and is then divided by
    `1 - decay ** steps`, so that the beginning has no weight.

    The averages are no weights of the model: they are kept beside it, are saved and loaded with it by
    `model.save`, `save_weights`, `load_weights` and `BackupAndRestore`, and go on in its next `fit`, with this
    callback or another one of the same `name`. `load` is for a model that `load_model` made. The weights
    themselves are never changed, but in `swapped` blocks, in what `saving` wraps while it saves, and by
    `keep_average`.

    Args:
      decay: A scalar below 1, such as 0.999: a number (float32 is made of it), a variable, or a callable
        without arguments that returns a scalar tensor.
      num_updates: None for a constant decay; True for the optimizer's own count of the steps it made (its
        `iterations`, which is 1 in the first step); or a variable, or a callable that returns a scalar.
      zero_debias: Whether averages begin at 0 and are corrected for it.
      variables: "trainable"; "all", with batch normalization's statistics; a list of the model's variables;
        or a callable that takes the model and returns such a list.
      evaluate_with_average: Whether `fit`'s validation, and `evaluate` and `predict` where they are given this
        callback, compute with the averages.
      keep_average: Whether the weights are the averages when `fit` has finished; otherwise they are its own.
      optimizer: Which optimizer's steps count, where the model has several: the name of its attribute.
      name: What tells several averages of one model apart; of them one may have `evaluate_with_average`.

    Raises:
      TypeError, ValueError: for arguments that cannot be.
      NotImplementedError: in a process of a MultiWorkerMirroredStrategy, where Keras's `fit` cannot run.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        variables: str | Sequence[Any] | Callable[[Any], Sequence[Any]] = "trainable",
        evaluate_with_average: bool = True,
        keep_average: bool = False,
        optimizer: str | None = None,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        super().__init__()
        check_process()
        if isinstance(decay, numbers.Real) and not 0.0 <= float(decay) < 1.0:
            raise ValueError(f"decay should be at least 0 and below 1, such as 0.999; it is {decay!r}.")
        for argument, value in (("decay", decay), ("num_updates", num_updates)):
            if isinstance(value, str) or (value is None and argument == "decay"):
                raise TypeError(
                    f"{argument} should be a number, a variable, or a callable that returns a scalar; it is {value!r}."
                )
        if isinstance(num_updates, numbers.Real) and num_updates is not True:
            raise ValueError(
                f"num_updates={num_updates!r} would never change: pass True for the optimizer's count of its steps, a "
                f"variable, or None."
            )
        if isinstance(variables, str) and variables not in _CHOICES:
            raise ValueError(f"variables should be {' or '.join(map(repr, _CHOICES))}; it is {variables!r}.")
        if not isinstance(name, str) or not name.isidentifier():
            raise ValueError(f"name should be a word, as names of variables in Python; it is {name!r}.")
        self.decay = decay
        self.num_updates = num_updates
        self.zero_debias = zero_debias
        self.variables = variables
        self.evaluate_with_average = evaluate_with_average
        self.keep_average = keep_average
        self.optimizer = optimizer
        self.name = name
        self._evaluations: dict[str, Evaluation] = {}

    # Training.

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._averages.configure(self._choose, self.zero_debias)

    def on_train_begin(self, logs: Any = None) -> None:
        model = self.model
        optimizer_of(model, self.optimizer)
        for other in owners(model):
            if other is not self and isinstance(other, ExponentialMovingAverage):
                self._check_beside(other)
        if self._averages.swap is not None:
            self._averages.swap.put_back()
        self._averages.prepare()
        hooks = Hooks(before_step=self._before_step, after_step=self._after_step)
        attach(model, self, hooks, self.optimizer)

    def _check_beside(self, other: ExponentialMovingAverage) -> None:
        if other.name == self.name:
            raise ValueError(f"Two averages of one model are both called {self.name!r}: give one another name=.")
        if other.evaluate_with_average and self.evaluate_with_average:
            raise ValueError(
                f"Both {other.name!r} and {self.name!r} would be what the model is validated with: give one "
                f"evaluate_with_average=False."
            )

    def _before_step(self, optimizer: Any) -> None:
        # A model that builds itself from its first batch has variables only now, before their first update.
        self._averages.prepare()

    def _after_step(self, optimizer: Any, stepped: Any) -> None:
        if not self._averages.started:
            return
        num_updates = (lambda: optimizer.iterations) if self.num_updates is True else self.num_updates
        self._averages.update(self.decay, num_updates, stepped)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        # Weights loaded by another callback's on_train_begin may have come without averages.
        if not self._averages.started:
            self._averages.prepare()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        check_attached(self.model, self)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._started()

    def on_train_end(self, logs: Any = None) -> None:
        detach(self.model, self)
        if self.keep_average:
            self._averages.into_variables()

    # Evaluating.

    def on_test_begin(self, logs: Any = None) -> None:
        self._begin("test")

    def on_test_end(self, logs: Any = None) -> None:
        self._end("test")

    def on_predict_begin(self, logs: Any = None) -> None:
        self._begin("predict")

    def on_predict_end(self, logs: Any = None) -> None:
        self._end("predict")

    def _begin(self, kind: str) -> None:
        if not self.evaluate_with_average:
            return
        averages, evaluation = self._started(), self._evaluations.get(kind)
        if evaluation is None or not evaluation.serves(averages):
            evaluation = self._evaluations[kind] = Evaluation(self.model, kind, averages)
        evaluation.begin()

    def _end(self, kind: str) -> None:
        if self.evaluate_with_average:
            self._evaluations[kind].end()

    # The averages themselves.

    def average(self, variable: keras.Variable) -> tf.Variable | None:
        """The variable that holds the average of one of the model's variables; None where there is none."""
        return next((shadow for of, shadow in self._averages.pairs() if of is variable), None)

    def reset(self) -> None:
        """Let the averages begin anew in the model's next `fit`, at the weights it then has."""
        self._averages.begin_again()

    def swapped(self) -> contextlib.AbstractContextManager[None]:
        """A block in which the model's variables hold their averages: to export it, or to compute anything.

            with average.swapped():
                model.export("averaged")

        After it they hold what they held before, bit for bit, also if it raised. `fit` begins with the
        weights, also inside.
        """
        return self._current_swap().block()

    def saving(self, callback: keras.callbacks.Callback) -> keras.callbacks.Callback:
        """A callback that does as `callback` does, but saves the averages as the model's weights.

            callbacks=[average, average.saving(keras.callbacks.ModelCheckpoint("best.keras"))]

        Raises:
          ValueError: for a BackupAndRestore, which saves both and would go on from the wrong weights.
        """
        return SavesAverages(callback, lambda: self._current_swap().call)

    def load(self, model: Any, filepath: Any) -> None:
        """Give a built model the weights, the optimizer's state and the averages of a file.

            model = keras.saving.load_model("model.keras")
            average = tf1compat.keras.ExponentialMovingAverage(0.999)
            average.load(model, "model.keras")

        Args:
          model: The model of a `.keras` file, or one built like that of a `.weights.h5` file.
          filepath: The file.

        Raises:
          ValueError: if the file holds no averages of this name, or those of other variables.
        """
        self.set_model(model)
        self._averages.loaded = False
        model.load_weights(filepath)
        if not self._averages.loaded:
            raise ValueError(f"{str(filepath)!r} holds no averages named {self.name!r}; the weights have been loaded.")

    @property
    def _averages(self) -> Averages:
        if self.model is None:
            raise RuntimeError(f"{self.name!r} has no model yet: pass it to fit, or call load.")
        return Averages.of(self.model, self.name)

    def _started(self) -> Averages:
        averages = self._averages
        if not averages.started:
            raise RuntimeError(
                f"Model {self.model.name!r} has no averages named {self.name!r} yet: train it with this callback, or "
                f"call load."
            )
        return averages

    def _current_swap(self) -> Swap:
        averages = self._started()
        if averages.swap is None or averages.swap.version != averages.version:
            averages.swap = Swap(self.model, averages)
        return averages.swap

    def _choose(self, model: Any) -> Sequence[Any]:
        if isinstance(self.variables, str):
            return _CHOICES[self.variables](model)
        return self.variables(model) if callable(self.variables) else self.variables

    # Configuration.

    def get_config(self) -> dict[str, Any]:
        """The arguments, for `from_config`.

        Raises:
          ValueError: where an argument is a variable or a callable, which cannot be written down.
        """
        plain = (bool, str, numbers.Real, type(None))
        config = {each: getattr(self, each) for each in _ARGUMENTS}
        for each, value in config.items():
            if not isinstance(value, plain):
                raise ValueError(f"{each}={value!r} cannot be part of a config.")
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> ExponentialMovingAverage:
        return cls(**config)


_ARGUMENTS = (
    "decay",
    "num_updates",
    "zero_debias",
    "variables",
    "evaluate_with_average",
    "keep_average",
    "optimizer",
    "name",
)
