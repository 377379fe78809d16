"""The Python in a Jupyter notebook: its code cells, with what IPython alone understands made Python."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

__all__ = ["Broken", "cells", "python"]

#: Cell magics whose cell is Python all the same.
_STILL_PYTHON = frozenset("capture prun time timeit".split())
_CELL_MAGIC = re.compile(r"\s*%%\s*(\w+)")
_LINE = re.compile(r"(?P<indent>\s*)(?:%[a-zA-Z].*|[!?].*|[\w.\[\]'\"]+\s*\?{1,2}\s*)$")
_ASSIGNED = re.compile(r"(?P<target>\s*[\w.,\s\[\]'\"]+?)\s*=\s*(?:%[a-zA-Z]|!).*$")


class Broken(Exception):
    """A file that is no notebook, or one of another language. The text says which."""


def cells(data: bytes) -> list[tuple[int, str]]:
    """The code cells of a notebook: the number of each among all cells, from 1, and its text.

    Raises:
      Broken: it is no notebook, or not one of Python.
    """
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Broken(f"it is no notebook: {error}") from None
    if not isinstance(notebook, dict):
        raise Broken("it is no notebook: JSON of something else")
    language = _language(notebook)
    if language not in ("", "python"):
        raise Broken(f"it is a notebook of {language}, not of Python")
    return [(number, text) for number, cell in enumerate(_every(notebook), 1) if (text := _code(cell)) is not None]


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for about, key in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(about) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(key), str):
            return part[key].lower()
    return ""


def _every(notebook: dict[str, Any]) -> Iterator[Any]:
    """All cells, of format 4 or of the sheets of format 3."""
    sheets = notebook.get("worksheets")
    for holder in [notebook, *(sheets if isinstance(sheets, list) else [])]:
        found = holder.get("cells") if isinstance(holder, dict) else None
        if isinstance(found, list):
            yield from found


def _code(cell: Any) -> str | None:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return None
    text = cell.get("source", cell.get("input", ""))
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else None


def python(text: str) -> str:
    """A cell's text as Python of as many lines: `%magic`, `!command` and `name?` become `pass`."""
    magic = _CELL_MAGIC.match(text)
    if magic is not None:
        if magic[1] not in _STILL_PYTHON:
            return "\n" * text.count("\n")
        _, newline, rest = text.partition("\n")
        text = newline + rest
    if _parses(text):
        return text
    lines = text.split("\n")
    going_on = False
    for number, line in enumerate(lines):
        if going_on:  # the command's next line
            lines[number], going_on = "", line.endswith("\\")
        elif match := _LINE.match(line):
            lines[number], going_on = f"{match['indent']}pass", line.endswith("\\")
        elif match := _ASSIGNED.match(line):
            lines[number], going_on = f"{match['target']} = None", line.endswith("\\")
    return "\n".join(lines)


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
