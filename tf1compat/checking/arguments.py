"""Arguments of a call that are refused, where what the program wrote shows it."""

from __future__ import annotations

import ast

from tf1compat.tables.arguments import MENDED
from tf1compat.tables.refused_arguments import REFUSED_ARGUMENTS, RefusedArgument

from .verdicts import Kind, Verdict

__all__ = ["of_call"]

def of_call(verdict: Verdict, call: ast.Call) -> Verdict | None:
    """The verdict of the arguments of a call of what `verdict` is of; None where nothing is the matter with them, or
    the program computes them."""
    for refused in REFUSED_ARGUMENTS.get(verdict.symbol, ()):
        given = _given(call, refused)
        if given is not None and _is_refused(refused, given):
            said = f"{verdict.symbol}({refused.name}={ast.unparse(given)[:40]})"
            return Verdict(Kind.REFUSED, said, "", refused.why, refused.instead)
    if MENDED.get(verdict.symbol, "").startswith("_sentinel") and call.args:
        first = call.args[0]
        if not isinstance(first, ast.Starred) and not (isinstance(first, ast.Constant) and first.value is None):
            why = "TensorFlow 1.15 refused arguments by position, too"
            said = f"{verdict.symbol}({ast.unparse(first)[:20]}, …)"
            return Verdict(Kind.REFUSED, said, "", why, "labels=…, logits=…")
    return None


def _given(call: ast.Call, refused: RefusedArgument) -> ast.expr | None:
    for word in call.keywords:
        if word.arg == refused.name:
            return word.value
    if refused.place is None or any(isinstance(part, ast.Starred) for part in call.args[: refused.place + 1]):
        return None
    return call.args[refused.place] if refused.place < len(call.args) else None


def _is_refused(refused: RefusedArgument, given: ast.expr) -> bool:
    if isinstance(given, ast.Constant):
        if refused.values is not None:
            return given.value in refused.values
        return given.value not in refused.kept if refused.kept is not None else bool(given.value)
    if refused.values is not None or refused.kept is not None:
        return False
    if isinstance(given, (ast.List, ast.Tuple, ast.Dict)):
        return bool(ast.unparse(given).strip("[](){} "))
    return isinstance(given, (ast.Call, ast.Lambda))  # what is made on the spot is not None
