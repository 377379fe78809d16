"""What a Keras optimizer made of one of TF1's rules takes: the rule's hyperparameters, checked, and Keras's own."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any

from ...train import Optimizer

__all__ = ["Signature", "rate_of"]

#: Arguments of TF1's that Keras has its own way for, or none: what to say where one is given.
_NOT_KERAS = {
    "use_locking": "it was for threads that update one variable at once, which Keras does not do",
    "global_step": "Keras counts the steps itself, in `iterations`",
    "accum_name": "Keras names an optimizer's variables by itself",
    "linear_name": "Keras names an optimizer's variables by itself",
}


def _is_fraction(value: float) -> bool:
    return 0 <= value <= 1


def _is_not_negative(value: float) -> bool:
    return value >= 0


#: What a hyperparameter must be besides a number. What is not here, its rule checks as TF1 did.
_RANGES: dict[str, tuple[str, Callable[[float], bool]]] = {
    **dict.fromkeys(["beta1", "beta2"], ("from 0 to less than 1", lambda value: 0 <= value < 1)),
    **dict.fromkeys(["decay", "momentum", "rho"], ("from 0 to 1", _is_fraction)),
    **dict.fromkeys(
        ["epsilon", "l1_regularization_strength", "l2_regularization_strength"], ("zero or more", _is_not_negative)
    ),
}


class Signature:
    """The hyperparameters of one of TF1's rules, the learning rate first.

    They have TF1's names and defaults. Those that TF1 took before `use_locking` (and any `global_step`) may be
    given by position, as there; the ones after it only by name, so that no TF1 call changes its meaning.

    Args:
      rule: A class of `tf1compat.train`.
    """

    def __init__(self, rule: type[Optimizer]) -> None:
        kinds = inspect.Parameter
        found, by_position = [], True
        for parameter in inspect.signature(rule).parameters.values():
            if parameter.name in _NOT_KERAS:
                by_position = False
            elif parameter.name == "name":
                self.name: str = parameter.default
            else:
                kind = kinds.POSITIONAL_OR_KEYWORD if by_position else kinds.KEYWORD_ONLY
                found.append(parameter.replace(kind=kind, annotation=kinds.empty))
        self._parameters = {parameter.name: parameter for parameter in found}
        own = [kinds("name", kinds.KEYWORD_ONLY, default=self.name), kinds("keras_arguments", kinds.VAR_KEYWORD)]
        #: For `inspect` and `help`.
        self.shown = inspect.Signature([*sorted(found, key=lambda parameter: parameter.kind), *own])

    @property
    def hyperparameters(self) -> list[str]:
        """Their names, without the learning rate."""
        return [name for name in self._parameters if name != "learning_rate"]

    def bind(self, cls: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, dict[str, Any], Any]:
        """The learning rate, the hyperparameters as plain numbers, and what Keras is given.

        Args:
          cls: The name of the class, for errors.
          args: What it was called with.
          kwargs: Likewise.

        Raises:
          TypeError: for an argument that is missing, given twice or not Keras's way.
          ValueError: for a hyperparameter that is no number, or out of its range.
        """
        for name, why in _NOT_KERAS.items():
            if name in kwargs:
                raise TypeError(f"{cls}() takes no argument {name!r} (received {kwargs[name]!r}): {why}.")
        if "decay" in kwargs and "decay" not in self._parameters:
            raise TypeError(
                f"{cls}() takes no argument 'decay' (received {kwargs['decay']!r}): give a schedule of "
                "tf1compat.train or of keras.optimizers.schedules as `learning_rate`."
            )
        try:
            bound = self.shown.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{cls}(): {error}; its signature is {cls}{self.shown}") from None
        bound.apply_defaults()
        given = dict(bound.arguments)
        keras_arguments = {"name": given.pop("name"), **given.pop("keras_arguments")}
        rate = given.pop("learning_rate")
        return rate, {name: self._checked(cls, name, value) for name, value in given.items()}, keras_arguments

    def _checked(self, cls: str, name: str, value: Any) -> bool | float:
        if isinstance(self._parameters[name].default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"{cls}: `{name}` must be True or False. Received: {name}={value!r}")
            return value
        words, is_right = _RANGES.get(name, ("finite", math.isfinite))
        if not _is_number(value) or not math.isfinite(value) or not is_right(value):
            raise ValueError(f"{cls}: `{name}` must be a number, {words}. Received: {name}={value!r}")
        return float(value)


def rate_of(cls: str, value: Any) -> Any:
    """A learning rate as Keras takes it: any finite number as a float; schedules and callables as they are.

    Raises:
      ValueError: for anything else.
    """
    if callable(value):
        return value
    if not _is_number(value) or not math.isfinite(value):
        raise ValueError(
            f"{cls}: `learning_rate` must be a finite number, a schedule, or a callable without arguments that returns "
            f"one (for a variable `lambda: variable`). Received: learning_rate={value!r}"
        )
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
