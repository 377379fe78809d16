"""Methods and attributes of Python 2 that are gone, or that give something else now.

Converted code asks `attribute(object, name)` for those in `NAMES` alone. An object's own attribute comes first,
except for the few whose answer changed (`CHANGED`).
"""

from __future__ import annotations

import codecs
import functools
import os
import sys
from collections.abc import Callable, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

from . import text
from .ordering import list_sort

__all__ = ["NAMES", "attribute"]

_TEXT_CODECS = frozenset("ascii cp1252 gb18030 gb2312 gbk iso-8859-1 latin-1 latin1 utf-8 utf8 utf_8".split())


def attribute(owner: Any, name: str) -> Any:
    """`owner.name` as Python 2 had it."""
    changed = _CHANGED.get(name)
    if changed is not None and isinstance(owner, changed[0]):
        given = changed[1](owner)
        if given is not None:
            return given
    try:
        return getattr(owner, name)
    except AttributeError:
        gone = _GONE.get(name)
        given = gone[1](owner) if gone is not None and isinstance(owner, gone[0]) else None
        if given is None:
            raise
        return given


def _listing(name: str) -> Callable[[Any], Any]:
    def make(owner: Any) -> Any:
        method = getattr(owner, name)
        return lambda: list(method())

    return make


def _iterating(name: str) -> Callable[[Any], Any]:
    def make(owner: Any) -> Any:
        method = getattr(owner, name)
        return lambda: iter(method())

    return make


def _other(name: str) -> Callable[[Any], Any]:
    return lambda owner: getattr(owner, name, None)


def _of_module(module: str, make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda owner: make(owner) if owner.__name__ == module else None


def _decode(owner: str) -> Callable[..., Any]:
    """Text was bytes in Python 2; read as text already, it has nothing left to decode."""

    def decode(encoding: str = "ascii", errors: str = "strict") -> Any:
        if encoding.lower() in _TEXT_CODECS:
            return owner
        decoded = codecs.decode(owner.encode("latin-1"), encoding, errors)  # hex, base64, zlib
        return decoded.decode("latin-1") if isinstance(decoded, bytes) else decoded

    return decode


def _encode(owner: str) -> Any:
    def encode(encoding: str = "utf-8", errors: str = "strict") -> Any:
        if encoding.lower().replace("_codec", "") in ("hex", "base64", "zlib", "bz2"):
            encoder: Any = codecs.getencoder(encoding)
            return encoder(owner.encode("latin-1"), errors)[0].decode("latin-1")
        return owner.encode(encoding, errors)

    return encode


def _translate(owner: str) -> Any:
    def translate(table: Any, deletechars: str = "") -> str:
        kept = "".join(letter for letter in owner if letter not in deletechars)
        return kept if table is None else kept.translate(table)

    return translate


def _message(owner: BaseException) -> Any:
    return owner.args[0] if len(owner.args) == 1 else ""


def _writer(owner: Any) -> None:
    text.wrote(owner)


def _load(numpy: Any) -> Any:
    """Arrays that Python 2 pickled hold strings of bytes."""
    return functools.partial(numpy.load, encoding="latin1")


_CHANGED: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "keys": (dict, _listing("keys")),
    "values": (dict, _listing("values")),
    "items": (dict, _listing("items")),
    "sort": (list, list_sort),
    "encode": (str, _encode),
    "translate": (str, _translate),
    "format": (str, text.format_method),
    "write": (object, _writer),
    "load": (ModuleType, _of_module("numpy", _load)),
}

_FUNCTION = (FunctionType, MethodType)

_GONE: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "has_key": (Mapping, lambda owner: lambda key: key in owner),
    **{f"iter{name}": (Mapping, _iterating(name)) for name in ("keys", "values", "items")},
    **{f"view{name}": (Mapping, _other(name)) for name in ("keys", "values", "items")},
    "next": (object, _other("__next__")),
    "decode": (str, _decode),
    "message": (BaseException, _message),
    "xreadlines": (object, _other("__iter__")),
    "func_name": (_FUNCTION, _other("__name__")),
    "func_doc": (_FUNCTION, _other("__doc__")),
    "func_code": (_FUNCTION, _other("__code__")),
    "func_defaults": (_FUNCTION, _other("__defaults__")),
    "func_globals": (_FUNCTION, _other("__globals__")),
    "im_func": (MethodType, _other("__func__")),
    "im_self": (MethodType, _other("__self__")),
    "im_class": (MethodType, lambda owner: type(owner.__self__)),
    "maxint": (ModuleType, _of_module("sys", lambda _: sys.maxsize)),
    "setdefaultencoding": (ModuleType, _of_module("sys", lambda _: lambda encoding: None)),
    "exc_clear": (ModuleType, _of_module("sys", lambda _: lambda: None)),
    "exc_type": (ModuleType, _of_module("sys", lambda _: sys.exc_info()[0])),
    "exc_value": (ModuleType, _of_module("sys", lambda _: sys.exc_info()[1])),
    "getcwdu": (ModuleType, _of_module("os", lambda _: os.getcwd)),
}

NAMES = frozenset(_CHANGED) | frozenset(_GONE)
