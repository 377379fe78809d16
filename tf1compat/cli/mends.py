"""Names that a script's other libraries dropped since 2018, given back to the script where that is faithful.

The tables say what: `numpy_mends`, `companion_mends`, `drawing_mends`, `pandas_mends`. A name is given to the user's
code alone, and only where its module no longer has it: an installed library that looks for `np.float` to learn which
NumPy it runs on learns the truth. The first use of each is said in one line on stderr.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FrameType, GetSetDescriptorType, ModuleType
from typing import Any

from ..legacy import companion_mends, drawing_mends, numpy_mends, pandas_mends
from ..legacy.mend import Mend
from ..legacy.numpy_mends import restore_printing, restore_promotion
from .on_import import around_import
from .ownership import Ownership

__all__ = ["install"]


def install(ownership: Ownership, said: Iterable[str] = ()) -> list[str]:
    """Give the names back from now on; returns the live list of what has been said."""
    teller = _Teller(ownership, said)
    every = (numpy_mends.TABLES, companion_mends.TABLES, drawing_mends.TABLES, pandas_mends.TABLES)
    for tables in every:
        for module_name, table in tables.items():
            around_import(module_name, _mending(table, teller))
    around_import("numpy", _as_numpy_1)
    around_import("matplotlib", drawing_mends.without_display(teller.tell))
    return teller.said


class _Teller:
    """Knows who asks, and says each thing once."""

    def __init__(self, ownership: Ownership, said: Iterable[str]) -> None:
        self.is_users = ownership.is_users
        self.said = list(said)

    def tell(self, name: str, line: str, frame: FrameType | None = None) -> None:
        if name in self.said:
            return
        self.said.append(name)
        where = f" ({os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno})" if frame else ""
        if sys.stderr is not None:
            print(f"tf1compat run: {line}{where}", file=sys.stderr)


def _mending(table: Iterable[Mend], teller: _Teller) -> Callable[[ModuleType], Any]:
    @contextlib.contextmanager
    def around(module: ModuleType) -> Iterator[None]:
        yield
        _mend_names(module, [mend for mend in table if "." not in mend.name], teller)
        for mend in table:
            owner_name, _, method = mend.name.partition(".")
            owner = getattr(module, owner_name, None) if method else None
            if owner is not None and _lacks(owner, method):
                _set_on_class(owner, method, _Method(module, mend, teller))

    return around


def _lacks(owner: type, method: str) -> bool:
    """Whether a class is without a method. NumPy 2.0 and 2.1 put in the place of some what raises when asked for."""
    return not hasattr(owner, method) or isinstance(vars(owner).get(method), GetSetDescriptorType)


def _mend_names(module: ModuleType, table: Iterable[Mend], teller: _Teller) -> None:
    """Answer a module's missing names through its `__getattr__`, before the one it has."""
    missing = {mend.name: mend for mend in table if mend.name not in vars(module)}
    plain = vars(module).get("__getattr__")
    made: dict[str, Any] = {}

    def __getattr__(name: str) -> Any:  # noqa: N807
        mend = missing.get(name)
        frame = sys._getframe(1)
        if mend is not None and teller.is_users(frame):
            if name not in made:
                made[name] = mend.make(module)
            _say(module, mend, teller, frame)
            return made[name]
        if plain is not None:
            return plain(name)
        message = f"module {module.__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=module)

    if missing:
        module.__getattr__ = __getattr__  # type: ignore[method-assign]


class _Method:
    """A method given back on a class, to the user's code only."""

    def __init__(self, module: ModuleType, mend: Mend, teller: _Teller) -> None:
        self._module, self._mend, self._teller = module, mend, teller
        self._function = mend.make(module)

    def __get__(self, instance: Any, owner: type) -> Any:
        frame = sys._getframe(1)
        name = self._mend.name.partition(".")[2]
        if not self._teller.is_users(frame):
            message = f"{owner.__name__!r} object has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=instance)
        _say(self._module, self._mend, self._teller, frame)
        return self._function if instance is None else self._function.__get__(instance, owner)


def _say(module: ModuleType, mend: Mend, teller: _Teller, frame: FrameType) -> None:
    top = module.__name__.partition(".")[0]
    version = getattr(sys.modules.get(top), "__version__", None)
    product = f"{top} {version}" if isinstance(version, str) else f"Python {sys.version.split()[0]}"
    name = f"{module.__name__}.{mend.name}"
    teller.tell(name, f"{product} has no {name}; your code gets {mend.gives}", frame)


def _set_on_class(owner: type, name: str, value: Any) -> None:
    """Set an attribute on a class, on one written in C too."""
    try:
        setattr(owner, name, value)
    except TypeError:
        # The class's dict is behind a read-only view, which refers to nothing else.
        (attributes,) = gc.get_referents(vars(owner))
        attributes[name] = value
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(owner))


@contextlib.contextmanager
def _as_numpy_1(numpy: ModuleType) -> Iterator[None]:
    yield
    restore_printing(numpy)
    restore_promotion(numpy)
