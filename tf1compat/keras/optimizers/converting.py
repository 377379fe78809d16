"""TF1's optimizers as Keras's: what `model.compile(optimizer=tf.train.AdamOptimizer(…))` is given in a TF1 program."""

from __future__ import annotations

import numbers
from typing import Any

from ... import train
from . import classes
from .adapter import KerasRule

__all__ = ["of_rule"]

_CLASSES: dict[type, type[KerasRule]] = {
    one._rule: one for one in (getattr(classes, name) for name in classes.__all__)
}


def of_rule(optimizer: Any) -> KerasRule | None:
    """The Keras optimizer with the rule and the hyperparameters of one of `tf1compat.train`; None for anything else.

    Raises:
      NotImplementedError: for an optimizer that is none of TF1's own, and for a hyperparameter that is a tensor.
    """
    if not isinstance(optimizer, train.Optimizer):
        return None
    name = type(optimizer).__name__
    made = _CLASSES.get(type(optimizer))
    if made is None:
        raise NotImplementedError(
            f"compile(optimizer={name}(…)) is not available: Keras 3 takes no optimizer of a graph. Instead: one of "
            f"{', '.join(sorted(one.__name__ for one in _CLASSES))} or of tf.keras.optimizers."
        )
    given = {}
    for argument in ("learning_rate", *made._takes.hyperparameters):
        value = getattr(optimizer, f"_{argument}", None)
        if argument == "learning_rate" and value is None:
            value = optimizer._lr  # type: ignore[attr-defined]
        if not (isinstance(value, numbers.Real) or (argument == "learning_rate" and callable(value))):
            raise NotImplementedError(
                f"compile(optimizer={name}({argument}={value!r})) is not available: Keras 3 trains outside of the "
                "graph. Instead: a number, or for a decaying rate learning_rate=tf.keras.optimizers.schedules…."
            )
        given[argument] = value
    return made(**given)
