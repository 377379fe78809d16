"""Python 2's builtins, which converted modules see in place of Python 3's, and nobody else does."""

from __future__ import annotations

import builtins
import decimal
import functools
import importlib
import itertools
import math
import operator
import sys
from collections.abc import Callable
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

from . import attributes, division, files, ordering, text

__all__ = ["function", "missing_names", "names_of"]

Compile = Callable[[str, str, str], CodeType]


def names_of(compile_text: Compile, prints: bool) -> dict[str, Any]:
    """The builtins of a converted module.

    Args:
      compile_text: (source, file name, mode) to code, converting: what `exec`, `eval` and `execfile` use.
      prints: `print` is the statement, converted; else the module asked `__future__` for the function.
    """
    names = dict(vars(builtins))
    names.update(_NAMES)
    names.update(_running(compile_text))
    names["__python2__"] = _HELPERS
    if prints:
        names["print"] = text.print_statement
    return names


def function(name: str) -> Any:
    """One of Python 2's builtins."""
    return _NAMES[name]


def missing_names() -> dict[str, Any]:
    """Python 3's builtins, and those of Python 2 that Python 3 has no more."""
    gone = {name: value for name, value in _NAMES.items() if not hasattr(builtins, name)}
    return {**vars(builtins), **gone, "__python2__": _HELPERS}


def _map(function: Any, *iterables: Any) -> list[Any]:
    if len(iterables) == 1:
        return list(iterables[0]) if function is None else [function(item) for item in iterables[0]]
    rows = itertools.zip_longest(*iterables)
    return list(rows) if function is None else [function(*row) for row in rows]


def _filter(function: Any, iterable: Any) -> Any:
    kept = builtins.filter(function, iterable)
    if isinstance(iterable, str):
        return "".join(kept)
    return tuple(kept) if isinstance(iterable, tuple) else list(kept)


def _whole(number: Any) -> Any:
    return int(number) if isinstance(number, float) else number


def _round(number: Any, ndigits: int = 0) -> float:
    """Half away from zero, and always a float."""
    value = float(number)
    if not math.isfinite(value) or abs(value) >= 2**52:
        return value
    exponent = decimal.Decimal(1).scaleb(-operator.index(ndigits))
    context = decimal.Context(prec=400, rounding=decimal.ROUND_HALF_UP)
    return float(decimal.Decimal(value).quantize(exponent, context=context))


def _raw_input(prompt: Any = "") -> str:
    text.wrote(sys.stdout)
    return builtins.input(prompt)


def _reload(module: ModuleType) -> ModuleType:
    # `reload(sys)` served to bring setdefaultencoding back.
    return module if module is sys else importlib.reload(module)


def _apply(function: Any, args: Any = (), kwargs: Any = None) -> Any:
    return function(*args, **(kwargs or {}))


def _coerce(a: Any, b: Any) -> tuple[Any, Any]:
    kind = type(a + b)
    return kind(a), kind(b)


def _oct(number: Any) -> str:
    return builtins.oct(number).replace("o", "", 1) if number else "0"


_NAMES: dict[str, Any] = {
    "apply": _apply,
    "basestring": str,
    "buffer": memoryview,
    "cmp": ordering.cmp,
    "coerce": _coerce,
    "file": files.open_file,
    "filter": _filter,
    "intern": sys.intern,
    "long": int,
    "map": _map,
    "oct": _oct,
    "open": files.open_file,
    "range": lambda *bounds: list(builtins.range(*bounds)),
    "raw_input": _raw_input,
    "reduce": functools.reduce,
    "reload": _reload,
    "round": _round,
    "sorted": ordering.sorted_list,
    "StandardError": Exception,
    "unichr": chr,
    "unicode": str,
    "xrange": lambda *bounds: builtins.range(*map(_whole, bounds)),
    "zip": lambda *iterables: list(builtins.zip(*iterables, strict=False)),
}

_HELPERS = SimpleNamespace(
    attribute=attributes.attribute,
    comparison=ordering.comparison,
    div=division.div,
    idiv=division.idiv,
    idiv_item=division.idiv_item,
    percent=text.percent,
    text=text.text,
)


def _running(compile_text: Compile) -> dict[str, Any]:
    """`exec` and its kin, which take Python 2 source and run it where they are called."""

    def scopes(given: Any, local: Any) -> tuple[Any, Any]:
        caller = sys._getframe(2)
        if given is None:
            return caller.f_globals, caller.f_locals if local is None else local
        # Else Python puts its own builtins there.
        given.setdefault("__builtins__", caller.f_builtins)
        return given, given if local is None else local

    def exec_(source: Any, globals: Any = None, locals: Any = None) -> None:
        where = scopes(globals, locals)
        code = source if isinstance(source, CodeType) else compile_text(_source(source), "<string>", "exec")
        builtins.exec(code, *where)

    def eval_(source: Any, globals: Any = None, locals: Any = None) -> Any:
        where = scopes(globals, locals)
        code = source if isinstance(source, CodeType) else compile_text(_source(source).strip(), "<string>", "eval")
        return builtins.eval(code, *where)

    def execfile(filename: str, globals: Any = None, locals: Any = None) -> None:
        where = scopes(globals, locals)
        with open(filename, encoding="utf-8") as file:
            code = compile_text(file.read(), filename, "exec")
        builtins.exec(code, *where)

    def input_(prompt: Any = "") -> Any:
        where = scopes(None, None)
        return builtins.eval(compile_text(_raw_input(prompt).strip(), "<string>", "eval"), *where)

    return {"exec": exec_, "eval": eval_, "execfile": execfile, "input": input_}


def _source(source: Any) -> str:
    if isinstance(source, bytes):
        return source.decode()
    return source if isinstance(source, str) else source.read()
