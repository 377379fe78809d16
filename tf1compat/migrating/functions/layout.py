"""Blank lines, comments and commas of what is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from .placeholders import Placeholder

__all__ = [
    "EMPTY",
    "blank_above",
    "comma_separated",
    "comments_above",
    "is_plain",
    "keyword",
    "last",
    "new_line",
    "notes_of",
    "one_line",
    "same_place",
    "with_blank_lines",
]

EMPTY = cst.EmptyLine(indent=False)


def blank_above(node: cst.CSTNode) -> int:
    count = 0
    for line in getattr(node, "leading_lines", ()):
        if line.comment is not None:
            break
        count += 1
    return count


def with_blank_lines(node: cst.BaseStatement, may_begin: bool) -> cst.BaseStatement:
    """A statement in the body of a function: above it one blank line where there were several."""
    lines: list[cst.EmptyLine] = []
    for line in getattr(node, "leading_lines", ()):
        if line.comment is not None:
            lines.append(line)
        elif (lines or may_begin) and not (lines and lines[-1].comment is None):
            lines.append(EMPTY)
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)) and may_begin and not (lines and lines[0].comment is None):
        lines.insert(0, EMPTY)
    return node.with_changes(leading_lines=lines)


def comments_above(statement: cst.SimpleStatementLine) -> list[cst.EmptyLine]:
    leading = list(statement.leading_lines)
    while leading and leading[0].comment is None:
        leading.pop(0)
    while leading and leading[-1].comment is None:
        leading.pop()
    return leading


def notes_of(argument: Placeholder, is_first: bool) -> tuple[list[str], str]:
    """The comments above a placeholder, if they do not stand above the step, and the one behind it."""
    above = [] if is_first else [one.comment.value for one in argument.statement.leading_lines if one.comment]
    behind = argument.statement.trailing_whitespace.comment
    return above, behind.value.lstrip("# ") if behind is not None else ""


def one_line(code: str) -> str:
    return re.sub(r"\s*\n\s*", " ", code)


def is_plain(value: cst.BaseExpression) -> bool:
    """Whether a value says so little that the argument should be named."""
    return m.matches(value, m.Integer() | m.Float() | m.Name("True") | m.Name("False") | m.SimpleString())


def keyword(name: str, value: cst.BaseExpression) -> cst.Arg:
    none = cst.SimpleWhitespace("")
    return cst.Arg(value, keyword=cst.Name(name), equal=cst.AssignEqual(none, none))


def last(element: cst.DictElement) -> cst.DictElement:
    return element.with_changes(comma=cst.MaybeSentinel.DEFAULT)


def comma_separated(arguments: Sequence[cst.Arg]) -> list[cst.Arg]:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [
        arg.with_changes(
            comma=comma if at < len(arguments) - 1 else cst.MaybeSentinel.DEFAULT,
            whitespace_after_arg=cst.SimpleWhitespace(""),
        )
        for at, arg in enumerate(arguments)
    ]


def new_line(indent: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(
        first_line=cst.TrailingWhitespace(), indent=True, last_line=cst.SimpleWhitespace(indent)
    )


def same_place(original: cst.CSTNode, updated: cst.CSTNode, wanted: cst.CSTNode) -> cst.BaseExpression:
    """What a descendant of a node became in the updated node, which has the same form."""
    stack: list[tuple[cst.CSTNode, cst.CSTNode]] = [(original, updated)]
    while stack:
        old, new = stack.pop()
        if old is wanted:
            assert isinstance(new, cst.BaseExpression)
            return new
        if len(old.children) == len(new.children):
            stack.extend(zip(old.children, new.children, strict=True))
    assert isinstance(wanted, cst.BaseExpression)
    return wanted
