"""`string`, with the alphabets and the functions that are methods now."""

from __future__ import annotations

import string as _string
from collections.abc import Iterable
from string import *  # noqa: F403
from typing import Any

letters, lowercase, uppercase = _string.ascii_letters, _string.ascii_lowercase, _string.ascii_uppercase
atof, atoi, atol = float, int, int
maketrans = str.maketrans


def join(words: Iterable[str], sep: str = " ") -> str:
    return sep.join(words)


joinfields = join


def _method(name: str) -> Any:
    def call(text: str, *args: Any) -> Any:
        return getattr(text, name)(*args)

    call.__name__ = name
    return call


capitalize, count, expandtabs, find, index = map(_method, ("capitalize", "count", "expandtabs", "find", "index"))
ljust, lower, lstrip, replace, rfind = map(_method, ("ljust", "lower", "lstrip", "replace", "rfind"))
rindex, rjust, rstrip, split, strip = map(_method, ("rindex", "rjust", "rstrip", "split", "strip"))
swapcase, upper, zfill, center = map(_method, ("swapcase", "upper", "zfill", "center"))
splitfields = split
