"""When two functions are one step, what a step is called, and how Python values among arguments compare."""

from __future__ import annotations

import enum
import functools
import inspect
import types
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import tensorflow as tf

__all__ = [
    "STEPS", "Identity", "bind", "check_graph", "contents", "key_of", "name_of", "parameters_of", "paths_of",
    "surroundings", "value_key",
]  # fmt: skip

#: What `Session.run` takes for a step, rather than for something to fetch.
STEPS = (types.FunctionType, types.MethodType, functools.partial)


class Identity:
    """Equal for the same object alone; keeps it, so that no other takes its identity."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)

    def __repr__(self) -> str:
        return repr(self.value)


def value_key(value: Any) -> Hashable:
    """Equal for Python values that a trace may take for each other: plain ones by value, others by identity."""
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes, enum.Enum, tf.DType)):
        return type(value), value
    if isinstance(value, (types.MethodType, functools.partial)):
        return key_of(value)
    return Identity(value)


def key_of(fn: Any) -> Hashable:
    """Equal for functions that are one step.

    Bound methods are by object and function, partials by what they bind. A function that is defined anew, as a
    lambda in a loop is, is the same step where its code, defaults, closure and the globals that it names are the
    same objects.
    """
    if isinstance(fn, functools.partial):
        bound = tuple(value_key(v) for v in fn.args), tuple((k, value_key(v)) for k, v in sorted(fn.keywords.items()))
        return functools.partial, value_key(fn.func), *bound
    if isinstance(fn, types.MethodType):
        return types.MethodType, Identity(fn.__func__), Identity(fn.__self__)
    if isinstance(fn, types.FunctionType):
        around = ((name, value_key(value)) for name, value in surroundings(fn).items())
        return Identity(fn.__code__), Identity(fn.__globals__), *around
    return Identity(fn)


def surroundings(fn: types.FunctionType) -> dict[str, Any]:
    """What a function finds around it, by name: defaults, what it closes over, the globals that it names."""
    found = {f"default {at}": value for at, value in enumerate(fn.__defaults__ or ())}
    found.update(fn.__kwdefaults__ or {})
    found.update((name, fn.__globals__.get(name)) for name in _names(Identity(fn.__code__)))
    found.update(zip(fn.__code__.co_freevars, map(contents, fn.__closure__ or ()), strict=True))
    return found


@functools.lru_cache(maxsize=1000)
def _names(code: Identity) -> list[str]:
    """All names that code looks up, that of functions inside it too."""
    inner = [_names(Identity(const)) for const in code.value.co_consts if isinstance(const, types.CodeType)]
    return sorted({*code.value.co_names, *(name for names in inner for name in names)})


def contents(cell: Any) -> Any:
    """What a cell of a closure holds; the cell itself while it is empty."""
    try:
        return cell.cell_contents
    except ValueError:
        return cell


def name_of(fn: Any) -> str:
    """What to call a function: `<lambda>` is `lambda`."""
    while isinstance(fn, functools.partial):
        fn = fn.func
    return getattr(fn, "__name__", type(fn).__name__).strip("<>")


def bind(fn: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Arguments as `inspect.BoundArguments`: those given by keyword in their places where they have one.

    Raises:
      TypeError: where the function does not take them, naming it.
    """
    try:
        return inspect.signature(fn).bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None


def parameters_of(fn: Callable[..., Any], count: int) -> list[str]:
    """Names for a function's first arguments."""
    parameters = inspect.signature(fn).parameters.values()
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return names[:count] + [f"args_{at}" for at in range(len(names), count)]


def check_graph(name: str, graph: Any, nest: Any) -> None:
    """Refuse tensors of another graph among the arguments."""
    for part in tf.nest.flatten(nest):
        other = part.graph if isinstance(part, (tf.Tensor, tf.Operation)) else graph
        if other is not graph:
            raise ValueError(f"{name} was given {part!r}, which is of another graph than this Session's.")


def paths_of(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[str]:
    """A name for each leaf of `tf.nest.flatten((args, kwargs))`: parameter, then place in its nest."""
    names = parameters_of(fn, len(args))
    found: list[str] = []

    def walk(path: str, nest: Any) -> None:
        if isinstance(nest, Mapping):
            for key in sorted(nest):
                walk(f"{path}_{key}" if path else str(key), nest[key])
        elif isinstance(nest, tuple) and hasattr(nest, "_fields"):
            for field, part in zip(nest._fields, nest, strict=True):
                walk(f"{path}_{field}", part)
        elif isinstance(nest, (list, tuple)):
            for at, part in enumerate(nest):
                walk(f"{path}_{at}", part)
        else:
            found.append(path)

    for at, arg in enumerate(args):
        walk(names[at], arg)
    walk("", kwargs)
    leaves = len(tf.nest.flatten((args, kwargs)))
    return found if len(found) == leaves else [f"argument_{at}" for at in range(leaves)]
