"""The lines at a program's start that ask for what TF1 programs count on."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Sequence

import libcst as cst

from ..notes import Notes
from ..program import Program, with_nodes
from ..syntax import code_of, imported_modules, tree_of

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
_TENSORFLOW = re.compile(r"^[ \t]*(?:import|from)[ \t]+tensorflow\b(?!\.compat\.v2)", re.M)
_ACTS = (ast.For, ast.While, ast.With)
_V1 = "tf1compat.v1"


def add_lines(program: Program, notes: Notes) -> cst.Module:
    """The new module, with what its new code needs: `import tf1compat.legacy`, and in a program that uses TensorFlow 1
    the call that has NumPy print and promote types as it did then."""
    module = program.module
    code = code_of(module)
    # A file that somebody ported keeps its import of TensorFlow 2: then this one shows nothing of TF1's.
    is_of_tf1 = notes.path in notes.project.of_tf1 and not _TENSORFLOW.search(code)
    wanted = []
    if is_of_tf1 and _AS_NUMPY_1 not in code and _is_program(program, notes):
        wanted.append(_AS_NUMPY_1)
    if is_of_tf1 and _KERAS_FITS not in code and _KERAS.search(code) and _FITS.search(code):
        wanted.append(_KERAS_FITS)
    if not wanted and not any(f"{name}." in code for name in _NAMES):
        return module
    tree = tree_of(code)
    assert tree is not None, "the new code is no Python"
    parts = [nodes for _, nodes in with_nodes(module, tree)]
    first = {name: _first_use(parts, name) for name in _NAMES}
    needed = {name for name in _NAMES if first[name] < len(parts)} | ({"tf1compat.legacy"} if wanted else set())
    imports = [name for name in _NAMES if name in needed and not _is_imported(tree, name)]
    if not wanted and not imports:
        return module
    body = list(module.body)
    at = min(_after_imports(parts), *first.values())
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


def _is_imported(tree: ast.Module, name: str) -> bool:
    """Whether a statement of the module itself imports something by its whole name."""
    imports = (alias for node in tree.body if isinstance(node, ast.Import) for alias in node.names)
    return any(alias.asname is None and alias.name == name for alias in imports)


def _is_program(program: Program, notes: Notes) -> bool:
    """Whether a module is one to be run: it says so, or it does something when it is loaded and no other loads it."""
    if "__main__" in program.code or notes.path.endswith(".ipynb"):
        return True
    if os.path.basename(notes.path) == "__init__.py" or notes.path in notes.project.imported_files:
        return False
    return any(isinstance(node, _ACTS) or _is_call(node) for node in program.tree.body)


def _is_call(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _after_imports(parts: Sequence[Sequence[ast.stmt]]) -> int:
    """The place after the run of imports that brings TensorFlow, or after the first run of imports."""
    runs: list[tuple[int, bool]] = []
    open_run = False
    for at, nodes in enumerate(parts):
        if not all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes):
            open_run = False
            continue
        ours = any(name.startswith(_V1) for node in nodes for name in imported_modules(node))
        if open_run:
            runs[-1] = (at + 1, runs[-1][1] or ours)
        else:
            runs.append((at + 1, ours))
        open_run = True
    with_tensorflow = [end for end, ours in runs if ours]
    if runs:
        return with_tensorflow[0] if with_tensorflow else runs[0][0]
    return 1 if parts and _is_docstring(parts[0][0]) else 0


def _first_use(parts: Sequence[Sequence[ast.stmt]], name: str) -> int:
    """The place of the first statement that reaches for something by a module's whole name."""
    first, _, second = name.partition(".")
    for at, nodes in enumerate(parts):
        for node in (inner for part in nodes for inner in ast.walk(part)):
            if isinstance(node, ast.Attribute) and node.attr == second and getattr(node.value, "id", "") == first:
                return at
    return len(parts)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
