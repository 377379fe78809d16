"""`--to v1`: the program as it is, under plain Python."""

from __future__ import annotations

import libcst as cst

from ..notes import Notes
from ..program import Program
from ..python2 import rewrite_names
from .dropped import rewrite_dropped
from .imports import rewrite_imports
from .start import add_lines
from .symbols import rewrite_symbols
from .threads import rewrite_threads

__all__ = ["transform"]


def transform(module: cst.Module, notes: Notes) -> cst.Module:
    """Have a TF1 module of Python 3 run without `tf1compat run`."""
    program = Program.of(module)
    for rewrite in (rewrite_names, rewrite_symbols, rewrite_dropped, rewrite_threads, rewrite_imports):
        rewrite(program, notes)
    return add_lines(program, notes)
