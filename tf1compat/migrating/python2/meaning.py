"""What Python 3 parses and means otherwise than Python 2: `/`, modules, a few functions and methods."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from typing import Any

import libcst as cst

from tf1compat.python2.signs import future_features

from ...legacy.python2.libraries import HOME, OURS, RENAMED
from ..notes import Kind, Notes
from ..program import Named, Program
from ..syntax import dotted
from .classes import compared, kept_names, outliving
from .kinds import kind_of

__all__ = ["give_meaning"]

_LEGACY = "tf1compat.legacy"
#: Function: the one of `tf1compat.legacy` that does what it did.
_OF_TEXT = "the text that is run here is read as Python 3"
_PRINTS = "it was Python 2: now print and str show every digit of a float, and bytes as b'...'"
_WORDS = (
    r"/|\b(?:import|except|round|cmp|coerce|reload|sorted|sort|load|decode|encode|translate|setdefaultencoding|map"
    r"|__cmp__)\b"
)
_NO_TEXT_CODECS = frozenset({"base64", "bz2", "hex", "zlib"})
_FUNCTIONS = {
    "builtins.cmp": "cmp",
    "builtins.coerce": "coerce",
    "builtins.reload": "reload",
    "builtins.round": "round",
}


def give_meaning(module: cst.Module, notes: Notes) -> cst.Module:
    """Have a Python 2 module whose syntax is Python 3's mean under Python 3 what it meant."""
    program = Program.of(module)
    futures = future_features(program.tree)
    folder = os.path.dirname(os.path.abspath(notes.path)) if notes.path else ""
    in_package = "absolute_import" not in futures and _is_in_package(folder) and "__main__" not in program.code
    notes.add(0, Kind.TOLD, _PRINTS)
    for node in ast.walk(program.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval"):
            notes.add(node.lineno, Kind.LEFT, _OF_TEXT)
    kept = outliving(module) if "except" in program.code else None
    program.visit(_WORDS, lambda: _Meaning("division" not in futures, folder if in_package else "", kept))
    return program.module


class _Meaning(Named):
    def __init__(self, floors: bool, folder: str, kept: frozenset[str] | None) -> None:
        super().__init__()
        self._floors = floors
        self._folder = folder
        self._caught: list[str] = []
        self._outliving: list[frozenset[str]] = [kept or frozenset()]
        self._catches = kept is not None

    # Division.

    def leave_BinaryOperation(  # noqa: N802
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        if not self._floors or not isinstance(updated_node.operator, cst.Divide):
            return updated_node
        kinds = [kind_of(side, self.name_of) for side in (original_node.left, original_node.right)]
        if "float" in kinds:
            return updated_node
        if kinds == ["int", "int"]:
            spaces = updated_node.operator
            floor = cst.FloorDivide(spaces.whitespace_before, spaces.whitespace_after)
            return updated_node.with_changes(operator=floor)
        spaces = updated_node.operator
        left: Any = updated_node.left
        if not isinstance(spaces.whitespace_before, cst.SimpleWhitespace) or not isinstance(
            spaces.whitespace_after, cst.SimpleWhitespace
        ):  # it goes over lines, with comments perhaps
            comma = cst.Comma(spaces.whitespace_before, spaces.whitespace_after)
            left = cst.Arg(_bare(left), comma=comma)
        return _legacy("div", left, updated_node.right, lpar=updated_node.lpar, rpar=updated_node.rpar)

    def leave_AugAssign(  # noqa: N802
        self, original_node: cst.AugAssign, updated_node: cst.AugAssign
    ) -> cst.BaseSmallStatement:
        operator = updated_node.operator
        if not self._floors or not isinstance(operator, cst.DivideAssign):
            return updated_node
        if kind_of(original_node.value, self.name_of) == "float":
            return updated_node
        target = updated_node.target
        if isinstance(target, cst.Subscript) and len(target.slice) == 1:
            index = target.slice[0].slice
            if isinstance(index, cst.Index):
                return cst.Expr(_legacy("idiv_item", target.value, index.value, updated_node.value))
        value = _legacy("idiv", _bare(target), updated_node.value)
        before, after = operator.whitespace_before, operator.whitespace_after
        targets = [cst.AssignTarget(target, whitespace_before_equal=before, whitespace_after_equal=after)]
        return cst.Assign(targets, value)

    # Functions and methods.

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        name = self.name_of(original_node.func)
        args = updated_node.args
        if name == "builtins.map" and args and _code(args[0].value) == "None":
            return updated_node.with_changes(func=_expression(f"{_LEGACY}.map"))
        if name in _FUNCTIONS:
            return updated_node.with_changes(func=_expression(f"{_LEGACY}.{_FUNCTIONS[name]}"))
        if name == "builtins.sorted" and _compares(args, first=1):
            return updated_node.with_changes(func=_expression(f"{_LEGACY}.sorted"))
        if name == "numpy.load" and not any(arg.keyword and arg.keyword.value == "encoding" for arg in args):
            latin = cst.Arg(cst.SimpleString('"latin1"'), keyword=cst.Name("encoding"), equal=_TIGHT)
            return updated_node.with_changes(args=[*args, latin])
        if isinstance(updated_node.func, cst.Attribute) and not name:  # no function of a module
            return self._method(updated_node, updated_node.func)
        return updated_node

    def _method(self, call: cst.Call, function: cst.Attribute) -> cst.BaseExpression:
        name, args = function.attr.value, call.args
        if (
            name == "decode"
            or name == "sort" and _compares(args, first=0)
            or name == "translate" and len(args) == 2
            or name == "encode" and args and _code(args[0].value).strip("'\"") in _NO_TEXT_CODECS
        ):
            return _legacy(name, function.value, *call.args, lpar=call.lpar, rpar=call.rpar)
        return call

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:  # noqa: N802
        name = node.name.name if node.name is not None else None
        self._caught.append(name.value if isinstance(name, cst.Name) else "")

    def leave_ExceptHandler(  # noqa: N802
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        self._caught.pop()
        return kept_names(updated_node, self._outliving[-1])

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        value = updated_node.value
        if updated_node.attr.value == "message" and isinstance(value, cst.Name) and self._is_caught(value):
            return _call("str", value, lpar=updated_node.lpar, rpar=updated_node.rpar)
        return updated_node

    def _is_caught(self, node: cst.Name) -> bool:
        return node.value in self._caught or node.value in self._outliving[-1]

    def leave_Expr(self, original_node: cst.Expr, updated_node: cst.Expr) -> cst.BaseSmallStatement:  # noqa: N802
        """`reload(sys)` and `sys.setdefaultencoding("utf8")`: Python 3's strings need none."""
        call = original_node.value
        if isinstance(call, cst.Call):
            name = self.name_of(call.func)
            first = dotted(call.args[0].value) if call.args else ""
            if name == "sys.setdefaultencoding" or name == "builtins.reload" and first == "sys":
                return cst.Pass(semicolon=updated_node.semicolon)
        return updated_node

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        super().visit_FunctionDef(node)
        self._outliving.append(outliving(node) if self._catches else frozenset())

    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.BaseStatement:
        self._outliving.pop()
        return super().leave_FunctionDef(original_node, updated_node)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:  # noqa: N802
        return compared(updated_node)

    # Modules.

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> Any:  # noqa: N802
        names: list[cst.ImportAlias] = []
        siblings: list[cst.ImportFrom] = []
        for alias in updated_node.names:
            name = dotted(alias.name)
            if self._is_sibling(name) and ("." not in name or alias.asname is not None):
                siblings.append(_from_here(name, alias))
            else:
                new = _library(name)
                names.append(alias if new is None else _as_before(alias, new))
        if not siblings:
            return updated_node.with_changes(names=names)
        kept = [updated_node.with_changes(names=_uncommaed(names), semicolon=_SEMICOLON)] if names else []
        return cst.FlattenSentinel([*kept, *siblings])

    def leave_ImportFrom(  # noqa: N802
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        module = updated_node.module
        if module is None or updated_node.relative:
            return updated_node
        if self._is_sibling(dotted(module)):
            return updated_node.with_changes(relative=[cst.Dot()])
        new = _library(dotted(module))
        return updated_node if new is None else updated_node.with_changes(module=_expression(new))

    def _is_sibling(self, name: str) -> bool:
        place = os.path.join(self._folder, name.partition(".")[0])
        files = (place + ".py", os.path.join(place, "__init__.py"))
        return bool(self._folder) and any(os.path.isfile(file) for file in files)


_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
_SEMICOLON = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))


def _expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def _call(name: str, *args: cst.BaseExpression | cst.Arg, **parentheses: Any) -> cst.Call:
    given = [arg if isinstance(arg, cst.Arg) else cst.Arg(_bare(arg)) for arg in args]
    return cst.Call(_expression(name), given, **parentheses)


def _legacy(name: str, *args: cst.BaseExpression | cst.Arg, **parentheses: Any) -> cst.Call:
    return _call(f"{_LEGACY}.{name}", *args, **parentheses)


def _bare(node: Any) -> Any:
    """An expression as an argument: a tuple needs its parentheses, other things lose a pair that only grouped."""
    if isinstance(node, (cst.BinaryOperation, cst.UnaryOperation)) and len(node.lpar) == 1 and not _is_broken(node):
        return node.with_changes(lpar=[], rpar=[])
    return node


def _is_broken(node: cst.CSTNode) -> bool:
    text = _code(node)
    return "\n" in text or "#" in text


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _compares(args: Sequence[cst.Arg], first: int) -> bool:
    """Whether a call of `sorted` or `sort` gives a function that compares two, by name or at its place."""
    for at, arg in enumerate(args):
        if arg.keyword is not None and arg.keyword.value == "cmp" or arg.keyword is None and at == first:
            return True
    return False


def _library(name: str) -> str | None:
    return HOME + name if name in OURS else RENAMED.get(name)


def _as_before(alias: cst.ImportAlias, new: str) -> cst.ImportAlias:
    asname = alias.asname or cst.AsName(cst.Name(dotted(alias.name)))
    return alias.with_changes(name=_expression(new), asname=asname)


def _from_here(name: str, alias: cst.ImportAlias) -> cst.ImportFrom:
    head, _, last = name.rpartition(".")
    names = [cst.ImportAlias(cst.Name(last), alias.asname)]
    return cst.ImportFrom(_expression(head) if head else None, names, relative=[cst.Dot()])  # type: ignore[arg-type]


def _uncommaed(names: list[cst.ImportAlias]) -> list[cst.ImportAlias]:
    return [*names[:-1], names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _is_in_package(folder: str) -> bool:
    return bool(folder) and os.path.isfile(os.path.join(folder, "__init__.py"))
