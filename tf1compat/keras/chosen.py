"""Which optimizer of a model a callback means."""

from __future__ import annotations

import operator
from typing import Any

import keras

__all__ = ["inner_optimizer", "optimizer_of"]


def optimizer_of(model: Any, attribute: str | None = None) -> Any:
    """The optimizer that a model trains with: the one it was compiled with, or that of an attribute.

    Args:
      model: A Keras model.
      attribute: The attribute's name, for a model whose own `train_step` uses several optimizers
        ("generator_optimizer", or with dots "generator.optimizer"); None for the compiled one.

    Raises:
      ValueError: if there is none, or if the model has several and `attribute` does not say which.
      TypeError: if the attribute is no Keras optimizer.
    """
    if attribute is not None:
        found = operator.attrgetter(attribute)(model)
        if not isinstance(found, keras.optimizers.Optimizer):
            raise TypeError(f"optimizer={attribute!r} is no Keras optimizer of model {model.name!r}: {found!r}.")
        return found
    compiled = getattr(model, "optimizer", None)
    known = [compiled, inner_optimizer(compiled)]
    others = {
        name: value
        for name, value in vars(model).items()
        if isinstance(value, keras.optimizers.Optimizer) and all(value is not each for each in known)
    }
    if others:
        names = ", ".join(sorted(["optimizer", *others] if compiled is not None else others))
        raise ValueError(
            f"Model {model.name!r} has more than one optimizer ({names}), or one that it was not compiled with: say "
            f"which of them counts, optimizer={sorted(others)[0]!r}."
        )
    if compiled is None:
        raise ValueError(f"Model {model.name!r} has no optimizer: call compile(optimizer=...) before fit.")
    return compiled


def inner_optimizer(optimizer: Any) -> Any:
    """The optimizer inside a LossScaleOptimizer; any other one is its own."""
    return getattr(optimizer, "inner_optimizer", optimizer)
