"""Layers whose weights are described by arguments: an initializer, a regularizer and a constraint for each."""

from __future__ import annotations

from typing import Any

from . import identifiers
from .base import Layer

__all__ = ["Weighted"]


class Weighted(Layer):
    """A layer that keeps what it is told of a weight `w` as `w_initializer`, `w_regularizer`, `w_constraint`."""

    def _describe(self, weight: str, initializer: Any, regularizer: Any, constraint: Any) -> None:
        setattr(self, f"{weight}_initializer", identifiers.initializer(initializer))
        setattr(self, f"{weight}_regularizer", identifiers.regularizer(regularizer))
        setattr(self, f"{weight}_constraint", identifiers.constraint(constraint))

    def _make(self, weight: str, shape: Any, dtype: Any = None, named: str | None = None) -> Any:
        """The variable of that weight, which is called `named`, or as the weight is."""
        return self.add_weight(
            named or weight,
            shape,
            dtype or self.dtype,
            getattr(self, f"{weight}_initializer"),
            getattr(self, f"{weight}_regularizer"),
            constraint=getattr(self, f"{weight}_constraint"),
        )
