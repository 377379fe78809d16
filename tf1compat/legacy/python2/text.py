"""How Python 2 wrote values: `str` and `print` of a float have twelve digits, and strings of bytes are text."""

from __future__ import annotations

import atexit
import re
import string
import sys
import weakref
from typing import Any

__all__ = ["format_method", "percent", "print_statement", "text", "wrote"]

_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[#0\- +]*(?P<width>\*|\d+)?(?:\.(?P<places>\*|\d+))?[hlL]?(?P<kind>.)"
)

# Files whose last print statement ended in a comma: the next one begins with a space.
_unfinished: weakref.WeakSet[Any] = weakref.WeakSet()


def text(kind: Any, value: Any) -> Any:
    """`kind(value)`, where a module's name `str` may mean something else than the type."""
    return plain_text(value) if kind is str else kind(value)


def plain_text(value: Any) -> str:
    if type(value) is float:
        return _float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value)


def _float(value: float) -> str:
    written = f"{value:.12g}"
    if set(written) & set("en"):
        return written
    whole, _, places = written.lstrip("-").partition(".")
    if len(whole) == 12:  # one digit earlier than "g" turns to it
        digits, _, exponent = f"{value:.11e}".partition("e")
        return f"{digits.rstrip('0').rstrip('.')}e{exponent}"
    return written if places else written + ".0"


def _shown(value: Any) -> Any:
    return plain_text(value) if type(value) in (float, bytes) else value


def percent(left: Any, right: Any) -> Any:
    """`left % right`, with `%s` as Python 2 wrote it."""
    if type(left) is not str:
        return left % right
    conversions = [match for match in _CONVERSION.finditer(left) if match["kind"] != "%"]
    if isinstance(right, tuple):
        values = list(right)
        at = 0
        for match in conversions:
            at += (match["width"] == "*") + (match["places"] == "*")
            if match["kind"] == "s" and at < len(values):
                values[at] = _shown(values[at])
            at += 1
        return left % tuple(values)
    if isinstance(right, dict):
        texts = {match["key"] for match in conversions if match["kind"] == "s"}
        changed = {key: _shown(right[key]) for key in texts.intersection(right)}
        return left % ({**right, **changed} if changed else right)
    if len(conversions) == 1 and conversions[0]["kind"] == "s":
        right = _shown(right)
    return left % right


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        return super().format_field(_shown(value) if not format_spec else value, format_spec)


def format_method(pattern: str) -> Any:
    """`pattern.format`."""

    def format(*values: Any, **named: Any) -> str:
        return _Formatter().vformat(pattern, values, named)

    return format


def print_statement(*values: Any, sep: str = " ", end: str = "\n", file: Any = None) -> None:
    """What a print statement becomes; one that ended in a comma has `end=" "`."""
    file = sys.stdout if file is None else file
    if file is None:
        return
    line = sep.join(map(plain_text, values))
    if line and file in _unfinished or values and not line and file in _unfinished:
        file.write(" ")
    _unfinished.discard(file)
    if end == " ":
        file.write(line)
        if not line or line[-1] == " " or not line[-1].isspace():
            if not _unfinished:
                atexit.register(_finish)
            _unfinished.add(file)
    else:
        file.write(line + end)


def wrote(file: Any) -> None:
    """Something else wrote to a file: its next print begins without a space."""
    try:
        _unfinished.discard(file)
    except TypeError:  # it takes no weak references, so it was never in there
        return


def _finish() -> None:
    atexit.unregister(_finish)
    if sys.stdout in _unfinished:
        _unfinished.clear()
        sys.stdout.write("\n")
