"""What TF1 had and this package has not: objects that say so when they are used.

`from tensorflow.contrib import rnn` at the top of a script costs nothing; calling, subclassing,
entering or iterating what came from there raises `NotImplementedError`, which names the symbol, the
reason and what to write instead. Asking for a constant of a refused class raises `RefusedAttribute`,
which is also an `AttributeError`, so `hasattr` and `getattr` with a default work on it.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["Refusal", "RefusedAttribute"]


class RefusedAttribute(NotImplementedError, AttributeError):
    """A refused constant, or a member of a refused class, was asked for."""


class Refusal(types.ModuleType):
    """Stands for `tf.<symbol>`, a function, class or namespace that is refused.

    Args:
        symbol: the dotted name without `tf.`.
        why: one clause, the reason.
        instead: what to write instead.
        member: for what may be a namespace: gives the member of a name. `import` statements may
            then name it, and asking for members costs nothing until one is used.
    """

    def __init__(self, symbol: str, why: str, instead: str, member: Callable[[str], Any] | None = None):
        super().__init__(f"tf1compat.v1.{symbol}", f"tf.{symbol}, refused: {why}. Instead: {instead}.")
        vars(self).update(symbol=symbol, why=why, instead=instead, member=member)
        if member is not None:
            self.__path__: list[str] = []
            self.__package__ = self.__name__

    def error(self, member: str = "") -> str:
        symbol = f"{self.symbol}.{member}" if member else self.symbol
        return f"tf.{symbol} is not available: {self.why}. Instead: {self.instead}."

    def refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(self.error())

    __call__ = __mro_entries__ = __enter__ = __iter__ = __getitem__ = __len__ = refuse

    def __exit__(self, *exc_info: Any) -> None:
        """Never reached (`__enter__` refuses); `with` looks for it first."""

    def __getattr__(self, name: str) -> Any:
        if name == "__all__" and self.member is not None:
            raise NotImplementedError(self.error("*"))
        if name.startswith("_"):
            raise AttributeError(f"'tf.{self.symbol}' has no attribute '{name}'")
        if self.member is None or name.isupper():
            raise RefusedAttribute(self.error(name))
        vars(self)[name] = value = self.member(name)
        return value

    def __instancecheck__(self, instance: object) -> bool:
        return False  # nothing was ever made of a class that refuses to be called

    def __subclasscheck__(self, cls: type) -> bool:
        return False

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<tf.{self.symbol}: not available, {self.why}>"

    def __dir__(self) -> list[str]:
        return []
