"""Python 2 text as Python 3 text, by fissix."""

from __future__ import annotations

import ast
import functools
import logging
import warnings
from typing import Any

from tf1compat.python2.syntax import without_tabs

from ..files import Unreadable

__all__ = ["to_python_3"]

# What Python 3 cannot parse, and what it reads otherwise and fissix rewrites well. The rest is `meaning`'s.
_FIXERS = (
    "apply basestring buffer dict except exec execfile exitfunc filter funcattrs getcwdu has_key input intern long map "
    "metaclass methodattrs ne next nonzero numliterals paren print raise raw_input reduce renames repr standarderror "
    "sys_exc throw tuple_params xrange xreadlines zip"
).split()
_OURS = ("tf1compat.python2.fix_lambda_tuples", f"{__package__}.fix_unicode_names")


def to_python_3(text: str) -> str:
    """The text of a Python 2 program in Python 3's syntax; lines that need no change keep theirs.

    Raises:
      Unreadable: fissix cannot parse it, or what it makes of it is no Python 3.
    """
    ended = text if text.endswith("\n") else text + "\n"
    new = _converted(ended)
    if not _parses(new):  # tabs and spaces mixed, as Python 2 read them
        new = _converted(without_tabs(ended))
        if not _parses(new):
            raise Unreadable("it is neither Python 3 nor Python 2")
    return new if text.endswith("\n") else new[:-1]


def _converted(text: str) -> str:
    from fissix.pgen2.parse import ParseError

    try:
        return str(_tool().refactor_string(text, "<text>"))
    except ParseError as error:
        line = error.context[1][0] if getattr(error, "context", None) else 0
        raise Unreadable("it is neither Python 3 nor Python 2", line) from None
    except RecursionError:
        raise
    except Exception as error:  # its tokenizer and fixers raise several, with no common base
        raise Unreadable(f"it is neither Python 3 nor Python 2: {error}") from None


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


@functools.cache
def _tool() -> Any:
    from fissix import refactor

    logging.getLogger("RefactoringTool").setLevel(logging.ERROR)
    return refactor.RefactoringTool([*_OURS, *(f"fissix.fixes.fix_{name}" for name in _FIXERS)])
