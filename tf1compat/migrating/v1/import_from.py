"""`from library import name`, where the library dropped the name."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from ...legacy.dropped import TABLES
from ..syntax import dotted
from .table import BUILTINS, LEGACY, RENAMES

__all__ = ["split_import", "split_suite"]

_IMAGES = frozenset("bytescale fromimage imfilter imread imresize imrotate imsave toimage".split())


def split_import(line: cst.SimpleStatementLine) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
    """A line whose imports from a library take a name that the library dropped takes that from where it is now; a
    line of its own for each place."""
    parts = [part for statement in line.body for part in _parts(statement)]
    if len(parts) == len(line.body) and all(new is old for new, old in zip(parts, line.body, strict=True)):
        return line
    if len(line.body) > 1:  # `import a; from b import c`
        bare = [part.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for part in parts]
        return line.with_changes(body=bare or [cst.Pass()])
    leading = [*line.leading_lines, *_comments(line.body[0], parts)]
    lines: list[cst.BaseStatement] = [cst.SimpleStatementLine([part]) for part in parts or [cst.Pass()]]
    lines[0] = lines[0].with_changes(leading_lines=leading)
    lines[-1] = lines[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return cst.FlattenSentinel(lines)


def _comments(statement: cst.CSTNode, parts: list[cst.BaseSmallStatement]) -> list[cst.EmptyLine]:
    """The comments among the names of an import that are in none of the parts: they go above."""
    kept = "".join(cst.Module([]).code_for_node(part) for part in parts)
    found = m.findall(statement, m.Comment())
    return [cst.EmptyLine(comment=node) for node in found if isinstance(node, cst.Comment) and node.value not in kept]


def split_suite(suite: cst.SimpleStatementSuite) -> cst.SimpleStatementSuite:
    """The same for what follows a colon."""
    parts = [part for statement in suite.body for part in _parts(statement)]
    if len(parts) == len(suite.body) and all(new is old for new, old in zip(parts, suite.body, strict=True)):
        return suite
    bare = [part.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for part in parts]
    return suite.with_changes(body=bare or [cst.Pass()])


def _parts(statement: cst.BaseSmallStatement) -> list[cst.BaseSmallStatement]:
    if not isinstance(statement, cst.ImportFrom) or statement.relative or statement.module is None:
        return [statement]
    module = dotted(statement.module)
    if module not in TABLES or isinstance(statement.names, cst.ImportStar):
        return [statement]
    stays: list[cst.ImportAlias] = []
    moved: dict[str, list[cst.ImportAlias]] = {}
    given: list[cst.BaseSmallStatement] = []
    for alias in statement.names:
        name = alias.evaluated_name
        bound = alias.evaluated_alias or name
        home, new = _home(module, name)
        if home == "":
            stays.append(alias)
        elif home == "builtins" and bound == new:
            continue
        elif home in ("builtins", "tf1compat.legacy"):
            value = new if home == "builtins" else f"{home}.{new}"
            given.append(cst.Assign([cst.AssignTarget(cst.Name(bound))], cst.parse_expression(value)))
        else:
            as_name = cst.AsName(cst.Name(bound)) if bound != new else None
            moved.setdefault(home, []).append(cst.ImportAlias(cst.Name(new), as_name))
    if len(stays) == len(statement.names):
        return [statement]
    if module in moved and stays:
        stays.extend(moved.pop(module))
    parts: list[cst.BaseSmallStatement] = []
    if stays:
        parts.append(statement.with_changes(names=_commas(stays, bracketed=statement.lpar is not None)))
    parts.extend(cst.ImportFrom(cst.parse_expression(home), names) for home, names in moved.items())  # type: ignore[arg-type]
    return parts + given


def _home(module: str, name: str) -> tuple[str, str]:
    """The module that has a name of `module` now, and its name there; "" where nothing changed."""
    full = f"{module}.{name}"
    if full in BUILTINS:
        return "builtins", BUILTINS[full]
    if full in RENAMES:
        inner, _, new = RENAMES[full].rpartition(".")
        return f"{module}.{inner}" if inner else module, new
    if module == "scipy.misc" and full in LEGACY:
        return ("tf1compat.legacy.scipy_images" if name in _IMAGES else "scipy.special"), name
    return ("tf1compat.legacy", LEGACY[full]) if full in LEGACY else ("", name)


def _commas(names: list[cst.ImportAlias], bracketed: bool) -> list[cst.ImportAlias]:
    whole = [
        alias if isinstance(alias.comma, cst.Comma) else alias.with_changes(comma=cst.Comma(whitespace_after=_SPACE))
        for alias in names
    ]
    last = whole[-1]
    if not bracketed or names[-1].comma is cst.MaybeSentinel.DEFAULT:
        last = last.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return [*whole[:-1], last]


_SPACE = cst.SimpleWhitespace(" ")
