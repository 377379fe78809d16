"""The tables of mends, by the names under which a program asks for them."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from . import companion_mends, drawing_mends, numpy_mends, pandas_mends
from .mend import Mend

__all__ = ["METHODS", "MODULES", "TABLES", "method", "module"]

#: Module: what it dropped.
TABLES: dict[str, tuple[Mend, ...]] = {
    **numpy_mends.TABLES,
    **companion_mends.TABLES,
    **drawing_mends.TABLES,
    **pandas_mends.TABLES,
}

#: Name here: the module. (`scipy.misc` is `scipy_misc`.)
MODULES = {
    name.replace(".", "_"): name for name, table in TABLES.items() if any("." not in mend.name for mend in table)
}


def _methods() -> Iterator[tuple[str, str, Mend]]:
    for name, table in TABLES.items():
        yield from ((name, mend.name.partition(".")[2], mend) for mend in table if "." in mend.name)


#: What objects dropped: attribute: the modules and rows that have it.
METHODS: dict[str, tuple[tuple[str, Mend], ...]] = {
    name: tuple((home, mend) for home, other, mend in _methods() if other == name) for _, name, _ in _methods()
}


class _WithDropped(ModuleType):
    """A module, with what it dropped. What it has, it answers itself."""

    def __init__(self, real: str) -> None:
        super().__init__(f"{__package__}.{real.replace('.', '_')}", f"{real}, with what it dropped since 2018.")
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> Any:
        mends = {mend.name: mend for mend in TABLES[self._real]}
        try:
            real = importlib.import_module(self._real)
        except ModuleNotFoundError:  # SciPy will be without scipy.misc
            if name not in mends:
                raise
            real = self
        try:
            if name in vars(real) or name not in mends:
                return getattr(real, name)
            value = mends[name].make(real)
        except AttributeError:
            raise AttributeError(f"module {self._real!r} has no attribute {name!r}", name=name, obj=self) from None
        vars(self)[name] = value
        return value


def module(name: str) -> ModuleType:
    """The module of `MODULES`, with what it dropped."""
    return _WithDropped(MODULES[name])


def method(name: str) -> Callable[..., Any]:
    """A function whose first argument is the object that had the method; of an attribute, its value. An object's own
    comes first. Raises AttributeError for an object that never had it."""

    def call(owner: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            own = getattr(owner, name)
        except AttributeError:
            value = _made(name, owner)
            if isinstance(value, property):
                assert value.fget is not None
                return value.fget(owner)
            return value(owner, *args, **kwargs)
        return own(*args, **kwargs) if callable(own) else own

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"`owner.{name}(...)`, for {', '.join(f'{home}.{mend.name}' for home, mend in METHODS[name])}."
    return call


def _made(name: str, owner: Any) -> Any:
    for home, mend in METHODS[name]:
        kind = getattr(sys.modules.get(home), mend.name.partition(".")[0], None)
        if isinstance(kind, type) and isinstance(owner, kind):
            return _mended(home, mend)
    raise AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}", name=name, obj=owner)


@functools.cache
def _mended(home: str, mend: Mend) -> Any:
    return mend.make(sys.modules[home])
