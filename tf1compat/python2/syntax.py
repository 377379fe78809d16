"""Python 2's syntax made Python 3's by fissix, the fork of lib2to3 that lives on, with the file's own line numbers."""

from __future__ import annotations

import ast
import functools
import io
import logging
import tokenize
import warnings
from typing import Any

__all__ = ["NotPython2", "convert", "without_tabs"]

# Only what Python 3 cannot parse. What it parses and means otherwise is `meaning`'s.
_FIXERS = ("except", "exec", "ne", "numliterals", "paren", "print", "raise", "repr", "throw", "tuple_params", "unicode")
_TAB = 8


class NotPython2(Exception):
    """The converter cannot make Python 3 of a file."""


def convert(source: bytes, filename: str) -> ast.Module:
    """The tree of a Python 2 file, parsed as Python 3 after its syntax was converted.

    Every node has the line that it has in the file; it has a column only where its lines stayed as they were.

    Raises:
      NotPython2: the converter cannot parse it, or what it makes of it is no Python 3.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise NotPython2(str(error)) from None
    text = text if text.endswith("\n") else text + "\n"
    try:
        untabbed = without_tabs(text)
        converted = _tool().refactor_string(untabbed, filename)
    except Exception as error:  # the converter's parser and tokenizer raise several, with no common base
        raise NotPython2(str(error)) from None
    if converted is None:
        raise NotPython2(filename)
    new = str(converted)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(new, filename)
    except (SyntaxError, ValueError) as error:
        raise NotPython2(str(error)) from None
    _place(tree, _line_map(converted), text.split("\n"), new.split("\n"))
    return tree


@functools.cache
def _tool() -> Any:
    from fissix import refactor

    logging.getLogger("RefactoringTool").setLevel(logging.ERROR)
    ours = [f"{__package__}.fix_lambda_tuples"]
    return refactor.RefactoringTool(ours + [f"fissix.fixes.fix_{name}" for name in _FIXERS])


def without_tabs(text: str) -> str:
    """Tabs in indentation as Python 2 read them, up to the next multiple of eight."""
    if "\t" not in text:
        return text
    from fissix.pgen2 import tokenize as tokens

    lines = text.split("\n")
    inside: set[int] = set()  # lines that begin within a string
    for _, value, (first, _), (last, _), _ in tokens.generate_tokens(io.StringIO(text).readline):
        if first != last and value[-1:] in "'\"":
            inside.update(range(first + 1, last + 1))
    for number, line in enumerate(lines, 1):
        rest = line.lstrip(" \t\f")
        if number not in inside and "\t" in line[: len(line) - len(rest)]:
            lines[number - 1] = line[: len(line) - len(rest)].expandtabs(_TAB) + rest
    return "\n".join(lines)


def _line_map(converted: Any) -> list[int]:
    """For each line of the converted text (from 1; entry 0 means nothing) the line it stood at."""
    known: dict[int, int] = {}
    now = 1
    for leaf in converted.leaves():
        now += leaf.prefix.count("\n")
        height = leaf.value.count("\n")
        if leaf.lineno:  # the converter's own leaves have none
            for down in range(height + 1 if leaf.value.strip() else 1):
                known.setdefault(now + down, leaf.lineno + down)
        now += height
    lines = [1]
    for line in range(1, now + 1):
        lines.append(known.get(line, lines[-1]))
    return lines


def _place(tree: ast.Module, lines: list[int], old: list[str], new: list[str]) -> None:
    def original(line: int) -> int:
        return lines[min(line, len(lines) - 1)]

    same = {
        number
        for number, text in enumerate(new, 1)
        if number < len(lines) and original(number) <= len(old) and old[original(number) - 1] == text
    }
    for node in ast.walk(tree):
        if not hasattr(node, "lineno"):
            continue
        first, last = node.lineno, getattr(node, "end_lineno", None) or node.lineno
        node.lineno, node.end_lineno = original(first), max(original(first), original(last))  # type: ignore[attr-defined]
        if not same.issuperset((first, last)):
            node.col_offset = node.end_col_offset = -1  # type: ignore[attr-defined]
