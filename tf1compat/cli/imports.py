"""What `import tensorflow` means: TensorFlow 1 in the user's code, the real one everywhere else.

`builtins.__import__` is replaced by an object that decides before anything is called. `sys.modules` and
the finders stay as they are, so `sys.modules["tensorflow"]` is the real TensorFlow for everybody.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import opcode
import sys
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

from .ownership import Ownership

__all__ = ["install"]

_TARGET = "tf1compat.v1"
_IMPORT_NAME = opcode.opmap["IMPORT_NAME"]
_EXTENDED_ARG = opcode.EXTENDED_ARG


def install(ownership: Ownership, arrived: Callable[[bool], None]) -> None:
    """Redirect the user's imports of TensorFlow from now on.

    `arrived(first)` is called after each of them, in the importing thread; `first` says that this
    import loaded the package and so entered a graph in this thread already.
    """
    redirect = _redirect(builtins.__import__, arrived)
    builtins.__import__ = _Import(builtins.__import__, redirect, ownership)  # type: ignore[assignment]
    importlib.import_module = _import_module(importlib.import_module, redirect, ownership)


def _means_tensorflow(name: str) -> bool:
    return name == "tensorflow" or name.startswith("tensorflow.")


class _Import:
    """`builtins.__import__` while a script runs.

    Python calls `builtins.__import__` for every import statement. A function in its place would stand
    in the traceback of every failing import and shift the `stacklevel` of every warning raised by an
    import. So `__call__` is a property: it looks at who is asking and hands back the function that
    Python then calls, which is the original for all but the user's imports of TensorFlow.
    """

    __name__ = "__import__"

    def __init__(self, plain: Callable[..., Any], redirect: Callable[..., Any], ownership: Ownership) -> None:
        self.__wrapped__ = plain
        self.__doc__ = plain.__doc__
        self._redirect = redirect
        self._is_users = ownership.is_users

    @property
    def __call__(self) -> Callable[..., Any]:
        frame = sys._getframe().f_back  # none where the interpreter itself imports, at its end
        if frame is None:
            return self.__wrapped__
        name = _name_being_imported(frame)
        means_it = name is None or _means_tensorflow(name)
        return self._redirect if means_it and self._is_users(frame) else self.__wrapped__


def _name_being_imported(frame: FrameType) -> str | None:
    """The module that the import statement a frame stands at names; None: it is at no import statement
    (`__import__` was called like any function)."""
    code, at = frame.f_code.co_code, frame.f_lasti
    if at < 0 or code[at] != _IMPORT_NAME:
        return None
    index, shift = code[at + 1], 8
    while at >= 2 and code[at - 2] == _EXTENDED_ARG:
        at -= 2
        index |= code[at + 1] << shift
        shift += 8
    return frame.f_code.co_names[index]


def _redirect(plain: Callable[..., Any], arrived: Callable[[bool], None]) -> Callable[..., Any]:
    """`__import__` for the user's code."""

    @functools.wraps(plain)
    def __import__(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> ModuleType:
        if level or not _means_tensorflow(name):
            return plain(name, globals, locals, fromlist, level)
        first = _TARGET not in sys.modules
        ours = _TARGET + name[len("tensorflow") :]
        try:
            # `import a.b.c as m` and `from a.b import c` both read attributes off what is returned:
            # the top for a bare import, the named module where names are wanted from it.
            module = plain(ours, None, None, fromlist or (), 0)
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith(_TARGET):
                raise
            theirs = "tensorflow" + (error.name or "")[len(_TARGET) :]
            message = f"No module named {theirs!r} in TensorFlow 1.15 as tf1compat has it"
            raise ModuleNotFoundError(message, name=theirs) from None
        arrived(first)
        return module if fromlist else sys.modules[_TARGET]

    return __import__


def _import_module(
    plain: Callable[..., Any], redirect: Callable[..., Any], ownership: Ownership
) -> Callable[..., Any]:
    """`importlib.import_module`, which never asks `builtins.__import__`."""

    @functools.wraps(plain)
    def import_module(name: str, package: str | None = None) -> ModuleType:
        if _means_tensorflow(name) and ownership.is_users(sys._getframe(1)):
            return redirect(name, fromlist=("__name__",))
        return plain(name, package)

    return import_module
