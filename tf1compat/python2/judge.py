"""Is a file Python 2?"""

from __future__ import annotations

import ast
import enum
import re
import warnings
from dataclasses import dataclass
from typing import Any

from . import signs, syntax

__all__ = ["Judgement", "Verdict", "judge", "parse"]

# No file without one of these has a name of Python 2; the rest need not be looked at.
_EVERY = "|".join(sorted(signs.NAMES | signs.METHODS | signs.MODULES))
_WORDS = re.compile(rf"\b(?:{_EVERY})\b|\bprint\s*>>".encode())


class Verdict(enum.Enum):
    PYTHON_3 = "left as it is"
    NAMES = "Python 3 that somewhere may come to a name of Python 2"
    PYTHON_2 = "Python 2"


@dataclass(frozen=True)
class Judgement:
    """A verdict; of Python 2 what shows it, in words, and the tree of the converted file where there is one."""

    verdict: Verdict
    why: str = ""
    tree: ast.Module | None = None


def parse(source: bytes | str, filename: str) -> ast.Module:
    """The tree of Python 3 source, without the warnings, which come when it is compiled."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree: Any = compile(source, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    return tree


def judge(source: bytes, filename: str, is_main: bool = False) -> Judgement:
    """Judge one file by itself. Python 2 is what Python 3 cannot parse and the converter can, or what is sure to
    come to a name that only Python 2 has. `is_main`: it is to run as the program."""
    try:
        tree = parse(source, filename)
    except (SyntaxError, ValueError) as error:
        return _not_python_3(source, filename, getattr(error, "lineno", None))
    if not _WORDS.search(source) or signs.is_python_3_only(tree):
        return Judgement(Verdict.PYTHON_3)
    found = signs.names_of_python_2(tree)
    if not found:
        return Judgement(Verdict.PYTHON_3)
    certain = signs.surely_run(tree, is_main)
    for node, sign in found:
        if id(node) in certain and not sign.may_be_bound:
            return Judgement(Verdict.PYTHON_2, f"{sign.what}, line {sign.line}")
    return Judgement(Verdict.NAMES, f"{found[0][1].what}, line {found[0][1].line}")


def _not_python_3(source: bytes, filename: str, line: int | None) -> Judgement:
    try:
        tree = syntax.convert(source, filename)
    except syntax.NotPython2:
        return Judgement(Verdict.PYTHON_3)
    if signs.is_python_3_only(tree, converted=True):
        return Judgement(Verdict.PYTHON_3)
    return Judgement(Verdict.PYTHON_2, f"line {line}" if line else "", tree)
