"""The lines at a program's start that ask for what TF1 programs count on."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

import libcst as cst

from ..notes import Notes
from ..syntax import dotted, imported_modules

__all__ = ["add_lines"]

_AS_NUMPY_1 = "tf1compat.legacy.as_numpy_1()"
_KERAS_FITS = "tf1compat.legacy.keras_fits()"
_WHY = {
    _AS_NUMPY_1: "# prints, and promotes types, as NumPy 1 did",
    _KERAS_FITS: "# Keras's fit in a TF1 graph",
}
_KERAS = re.compile(r"\bkeras\b")
_FITS = re.compile(r"\.(?:(?:fit|evaluate|predict)(?:_generator)?|(?:train|test|predict)_on_batch)\s*\(")
_NAMES = ("tf1compat.legacy", "tf1compat.graph")
_COMPOUND = (cst.For, cst.While, cst.With)


def add_lines(module: cst.Module, before: cst.Module, notes: Notes) -> cst.Module:
    """Add to a module what its new code needs: `import tf1compat.legacy`, and in a program that uses TensorFlow 1 the
    call that has NumPy print and promote types as it did then.

    Args:
      module: the module, in which all else is done.
      before: the module as it was.
    """
    code = module.code
    is_of_tf1 = "tensorflow" in notes.project.imported and _is_of_tf1(module, before, notes)
    wanted = []
    if is_of_tf1 and _AS_NUMPY_1 not in code and _is_program(before, notes):
        wanted.append(_AS_NUMPY_1)
    if is_of_tf1 and _KERAS_FITS not in code and _KERAS.search(code) and _FITS.search(code):
        wanted.append(_KERAS_FITS)
    imports = [
        name
        for name in _NAMES
        if (name == "tf1compat.legacy" and wanted or _first_use(module.body, name) < len(module.body))
        and not _is_imported(module, name)
    ]
    if not wanted and not imports:
        return module
    body = list(module.body)
    at = min(_after_imports(body), *(_first_use(body, name) for name in _NAMES))
    lines = [*(f"import {name}" for name in imports), *(f"{call}  {_WHY[call]}" for call in wanted)]
    new = [_line(text) for text in lines]
    if at == 0 and body:  # what stands before the first statement stays before it
        new[0] = new[0].with_changes(leading_lines=body[0].leading_lines)
        body[0] = body[0].with_changes(leading_lines=[])
    return module.with_changes(body=[*body[:at], *new, *body[at:]])


def _line(text: str) -> cst.SimpleStatementLine:
    (line,) = cst.parse_module(text + "\n").body
    assert isinstance(line, cst.SimpleStatementLine)
    return line


def _is_imported(module: cst.Module, name: str) -> bool:
    """Whether a statement of the module itself imports something by its whole name."""
    for line in module.body:
        for part in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(part, cst.Import):
                for alias in part.names:
                    if alias.asname is None and dotted(alias.name) == name:
                        return True
    return False


def _is_of_tf1(module: cst.Module, before: cst.Module, notes: Notes) -> bool:
    """Whether an import of TensorFlow was rewritten, or a file of the program's is imported."""
    old = list(imported_modules(before))
    if sum(_is_tensorflow(name) for name in old) > sum(_is_tensorflow(name) for name in imported_modules(module)):
        return True
    stems = {os.path.splitext(os.path.basename(path))[0] for path in notes.project.paths}
    stems |= {os.path.basename(os.path.dirname(path)) for path in notes.project.paths}
    return any(name.startswith(".") or name.partition(".")[0] in stems - {""} for name in old)


def _is_tensorflow(name: str) -> bool:
    return name.partition(".")[0] == "tensorflow"


def _is_program(module: cst.Module, notes: Notes) -> bool:
    """Whether a module is one to be run: it says so, or it does something when it is loaded and no other loads it."""
    if "__main__" in module.code or notes.path.endswith(".ipynb"):
        return True
    if os.path.basename(notes.path) == "__init__.py" or notes.path in notes.project.imported_files:
        return False
    return any(_acts(statement) for statement in module.body)


def _acts(statement: cst.BaseStatement) -> bool:
    if isinstance(statement, _COMPOUND):
        return True
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return any(isinstance(part, cst.Expr) and isinstance(part.value, cst.Call) for part in statement.body)


def _after_imports(body: Sequence[cst.BaseStatement]) -> int:
    """The place after the run of imports that brings TensorFlow, or after the first run of imports."""
    runs: list[tuple[int, bool]] = []
    open_run = False
    for at, statement in enumerate(body):
        if not _is_import(statement):
            open_run = False
            continue
        ours = any(name.startswith("tf1compat.v1") for name in _modules(statement))
        if open_run:
            runs[-1] = (at + 1, runs[-1][1] or ours)
        else:
            runs.append((at + 1, ours))
        open_run = True
    with_tensorflow = [end for end, ours in runs if ours]
    if with_tensorflow or runs:
        return with_tensorflow[0] if with_tensorflow else runs[0][0]
    return 1 if body and _is_docstring(body[0]) else 0


def _first_use(body: Sequence[Any], name: str) -> int:
    """The place of the first statement that reaches for something by a module's whole name."""
    use = re.compile(rf"(?<!import )(?<!from )\b{re.escape(name)}\.")
    for at, statement in enumerate(body):
        if not _is_import(statement) and use.search(cst.Module([statement]).code):
            return at
    return len(body)


def _is_import(statement: cst.BaseStatement) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return all(isinstance(part, (cst.Import, cst.ImportFrom)) for part in statement.body)


def _modules(statement: cst.BaseStatement) -> list[str]:
    return list(imported_modules(cst.Module([statement])))


def _is_docstring(statement: cst.BaseStatement) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    part = statement.body[0]
    return isinstance(part, cst.Expr) and isinstance(part.value, (cst.SimpleString, cst.ConcatenatedString))
