"""Sorting by a function that compares two, and `cmp` itself."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["cmp", "compares", "comparison", "list_sort", "sorted_list"]

_DECIDES: dict[str, Callable[[int], bool]] = {
    "lt": lambda order: order < 0,
    "le": lambda order: order <= 0,
    "eq": lambda order: order == 0,
    "ne": lambda order: order != 0,
    "gt": lambda order: order > 0,
    "ge": lambda order: order >= 0,
}


def cmp(a: Any, b: Any) -> int:
    """-1, 0 or 1."""
    return (a > b) - (a < b)


def comparison(name: str) -> Callable[[Any, Any], Any]:
    """The method `__lt__` (for "lt") and its kin of a class that defines `__cmp__`."""

    def compare(self: Any, other: Any) -> bool:
        return _DECIDES[name](self.__cmp__(other))

    return compare


def compares(kind: type) -> type:
    """A class whose `__cmp__` answers for the comparisons that it does not define."""
    for name in _DECIDES:
        if f"__{name}__" not in vars(kind):
            setattr(kind, f"__{name}__", comparison(name))
    return kind


def _key(cmp: Any, key: Any) -> Any:
    if cmp is None:
        return key
    by = functools.cmp_to_key(cmp)
    return by if key is None else lambda item: by(key(item))


def sorted_list(iterable: Iterable[Any], cmp: Any = None, key: Any = None, reverse: bool = False) -> list[Any]:
    """Python 2's `sorted`."""
    return builtins.sorted(iterable, key=_key(cmp, key), reverse=reverse)


def list_sort(items: list[Any]) -> Callable[..., None]:
    """`items.sort`."""

    def sort(cmp: Any = None, key: Any = None, reverse: bool = False) -> None:
        items.sort(key=_key(cmp, key), reverse=reverse)

    return sort
