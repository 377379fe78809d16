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
    "remarks_of",
    "same_place",
    "with_blank_lines",
    "with_import",
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


def new_line(indent: str, remark: str = "") -> cst.ParenthesizedWhitespace:
    end = cst.TrailingWhitespace()
    if remark:
        end = cst.TrailingWhitespace(whitespace=cst.SimpleWhitespace("  "), comment=cst.Comment(remark))
    return cst.ParenthesizedWhitespace(first_line=end, indent=True, last_line=cst.SimpleWhitespace(indent))


def remarks_of(
    call: cst.Call, feeds: cst.BaseExpression | None, elements: Sequence[cst.DictElement], count: int
) -> list[str]:
    """The comments among the arguments of a call, for each of its `count` new arguments.

    Those behind an element of its feed dictionary are for the last arguments; others for the first.
    """
    end = m.findall(feeds.rbrace, m.Comment()) if isinstance(feeds, cst.Dict) else []
    found = [""] * count
    kept = {id(one) for element in elements for one in m.findall(element.value, m.Comment())}
    for comment in m.findall(call, m.Comment()):
        assert isinstance(comment, cst.Comment)
        if id(comment) in kept:
            continue
        behind = [at for at, one in enumerate(elements) if any(comment is it for it in m.findall(one, m.Comment()))]
        if any(comment is one for one in end):
            behind = [len(elements) - 1]
        place = min(count - len(elements) + behind[0], count - 1) if behind else 0
        found[place] = f"{found[place]}  {comment.value}".strip()
    return found


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


def with_import(module: cst.Module) -> cst.Module:
    """`import tf1compat` above the import of TensorFlow; at the top where that is in a function."""
    for statement in module.body:
        if isinstance(statement, cst.SimpleStatementLine):
            for one in statement.body:
                if isinstance(one, cst.Import) and any(
                    alias.asname is None and m.matches(alias.name, m.Name("tf1compat")) for alias in one.names
                ):
                    return module
    new = cst.parse_statement("import tf1compat", module.config_for_parsing)
    body = list(module.body)
    top = 0
    for at, statement in enumerate(body):
        first = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if isinstance(first, (cst.Import, cst.ImportFrom)):
            code = module.code_for_node(statement)
            if "__future__" in code:
                top = at + 1
            elif re.search(r"\b(tensorflow|tf1compat)\b", code):
                body[at : at + 1] = [
                    new.with_changes(leading_lines=statement.leading_lines),
                    statement.with_changes(leading_lines=[]),
                ]
                return module.with_changes(body=body)
        elif at == 0 and isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
            top = 1
    body.insert(top, new)
    return module.with_changes(body=body)
