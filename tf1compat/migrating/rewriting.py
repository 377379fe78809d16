"""One text through the transformations of a target."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import libcst as cst

from .files import Unreadable, check_nesting
from .notes import Note, Notes
from .python2 import give_meaning, to_python_3
from .syntax import code_of
from .targets import Transformation

__all__ = ["parse", "rewrite"]

_Given = TypeVar("_Given")
_STACK, _DEPTH = 512 * 2**20, 20_000


def rewrite(
    text: str, transformations: Sequence[Transformation], notes: Notes
) -> tuple[str, list[tuple[Note, Note]]]:
    """The new text, and each note with its line in the text given and in the new one.

    Raises:
      Unreadable: it is no Python.
    """
    states: list[tuple[str, tuple[Note, ...]]] = [(text, ())]

    def run() -> None:
        steps = transformations
        module = None
        if notes.path in notes.project.python_2:
            module = parse(to_python_3(text))
            states.append((code_of(module), ()))
            steps = (give_meaning, *transformations)
        module = module or parse(text)
        for transformation in steps:
            given = replace(notes, found=[])
            module = transformation(module, given)
            states.append((code_of(module), tuple(given.found)))

    deeply(run)
    new = states[-1][0]
    told: list[tuple[Note, Note]] = []
    for (before, _), (_, found) in zip(states, states[1:], strict=False):
        given = replace(notes, found=list(found))
        told.extend(zip(given.carried(before, text), given.carried(before, new), strict=True))
    return new, sorted(told, key=lambda pair: pair[0].line)


def parse(text: str) -> cst.Module:
    """A module of Python 3. Raises `Unreadable`."""
    check_nesting(text)
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise Unreadable(f"it is no Python: {error.message.strip()}", error.raw_line) from None
    except BaseException as error:  # it has its own ideas of names, and panics of Rust are no Exceptions
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise Unreadable(f"LibCST cannot parse it: {' '.join(str(error).split())}") from None
    if code_of(module) != text:
        raise Unreadable("LibCST cannot keep its formatting")
    return module


def deeply(work: Callable[[], _Given]) -> _Given:
    """Call something that follows nested code, with room for code that is nested deeply."""
    done: list[Any] = []

    def run() -> None:
        try:
            done.append((work(), None))
        except BaseException as error:
            done.append((None, error))

    before, limit = threading.stack_size(_STACK), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEPTH))
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
        sys.setrecursionlimit(limit)
    value, error = done[0]
    if isinstance(error, RecursionError):
        raise Unreadable("its code is nested too deeply to be followed")
    if error is not None:
        raise error
    return value
