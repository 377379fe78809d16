"""TensorFlow functions that no longer take what 1.15's took: its argument order, its old names."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tf1compat.tables.arguments import MENDED

__all__ = ["mend"]

#: Functions that call a variable's method of that name and forget `use_locking` and `name` on the way.
_METHODS = frozenset(["assign_add", "assign_sub"])


def _by_method(method: str, ref: Any, value: Any, **kwargs: Any) -> Any:
    return getattr(ref, method)(value, **kwargs)


@functools.cache
def mend(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, called as 1.15's of that name was.

    Where 1.15 took arguments by name only (`_sentinel` first), one by position raises ValueError as
    there: what old scripts pass by position, logits before labels, would be taken the wrong way round.
    """
    order = [argument.partition("=") for argument in MENDED[name].split()]
    renamed = {old: new for old, _, new in order if new}
    last = name.rpartition(".")[2]

    @functools.wraps(function)
    def called_as_in_1_15(*args: Any, **kwargs: Any) -> Any:
        for (argument, _, _), value in zip(order, args, strict=False):
            if argument == "_sentinel":
                if value is not None:
                    raise ValueError(f"Only call `{last}` with named arguments (labels=…, logits=…)")
            elif argument in kwargs:
                raise TypeError(f"{last}() got multiple values for argument '{argument}'")
            else:
                kwargs[argument] = value
        if len(args) > len(order):
            raise TypeError(f"{last}() takes {len(order)} arguments by position, but {len(args)} were given")
        if name in _METHODS:
            return _by_method(last, **kwargs)
        return function(**{renamed.get(argument, argument): value for argument, value in kwargs.items()})

    return called_as_in_1_15
