"""`arg_scope`: other defaults for the arguments of functions, for the length of a block."""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

__all__ = [
    "add_arg_scope",
    "arg_scope",
    "arg_scope_func_key",
    "arg_scoped_arguments",
    "current_arg_scope",
    "has_arg_scope",
]

#: What a scope is: for the key of each function its arguments' values.
Scope = dict[Any, dict[str, Any]]


#: The scopes entered in any thread and not left.
_entered: list[Scope] = []


class _Stack(threading.local):
    """A thread's scopes, innermost last.

    TF1 had one stack for all threads, which mixed up threads that built at the same time. What it gave on purpose
    is kept: a thread begins with the scope that it was started in.
    """

    def __init__(self) -> None:
        self.scopes: list[Scope] = [_entered[-1] if _entered else {}]


_stack = _Stack()
#: The key of each function that takes part, and the names of its arguments that have defaults.
_arguments: dict[Any, tuple[str, ...]] = {}


def arg_scope_func_key(op: Any) -> Any:
    """What scopes know a function by."""
    return getattr(op, "_key_op", str(op))


def current_arg_scope() -> Scope:
    """The scope in force: for each function's key the values of its arguments. Pass it to `arg_scope` again."""
    return _stack.scopes[-1]


def has_arg_scope(func: Any) -> bool:
    """Whether `add_arg_scope` decorates this function."""
    return arg_scope_func_key(func) in _arguments


def arg_scoped_arguments(func: Any) -> tuple[str, ...]:
    """The arguments of a decorated function that have defaults, in their order."""
    if not has_arg_scope(func):
        raise AssertionError(f"{_name(func)} is not decorated with @add_arg_scope")
    return _arguments[arg_scope_func_key(func)]


@contextlib.contextmanager
def arg_scope(list_ops_or_scope: Sequence[Any] | Mapping[Any, Any], **kwargs: Any) -> Iterator[Scope]:
    """The block in which the functions named take `kwargs` where a call says nothing else.

    Args:
      list_ops_or_scope: functions under `add_arg_scope`; or a scope that an earlier block gave, which is then in
        force as it is.
      **kwargs: the arguments, which each of the functions must have. An inner block's go before an outer one's.

    Raises:
      TypeError: for what is neither a list, a tuple nor a scope.
      ValueError: for a function that is not decorated, and for arguments beside a scope.
    """
    if isinstance(list_ops_or_scope, Mapping):
        if kwargs:
            raise ValueError(f"A scope that is used again takes no arguments, but got {sorted(kwargs)}.")
        scope = dict(list_ops_or_scope)
    elif isinstance(list_ops_or_scope, (list, tuple)):
        scope = dict(current_arg_scope())
        for op in list_ops_or_scope:
            if not has_arg_scope(op):
                raise ValueError(f"{_name(op)} is not decorated with @add_arg_scope")
            key = arg_scope_func_key(op)
            scope[key] = {**scope.get(key, {}), **kwargs}
    else:
        raise TypeError(f"arg_scope takes a list or tuple of functions, or a scope, but got {list_ops_or_scope!r}")
    _stack.scopes.append(scope)
    _entered.append(scope)
    try:
        yield scope
    finally:
        _stack.scopes.pop()
        del _entered[next(place for place, other in enumerate(_entered) if other is scope)]


def add_arg_scope(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a function so that `arg_scope` sets defaults of its arguments."""
    key = arg_scope_func_key(func)

    @functools.wraps(func)
    def scoped(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **{**current_arg_scope().get(key, {}), **kwargs})

    _arguments[key] = tuple(
        parameter.name
        for parameter in inspect.signature(func).parameters.values()
        if parameter.default is not inspect.Parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    )
    scoped._key_op = key  # type: ignore[attr-defined]
    return scoped


def _name(op: Any) -> str:
    return f"{getattr(op, '__module__', '')}.{getattr(op, '__name__', op)}"
