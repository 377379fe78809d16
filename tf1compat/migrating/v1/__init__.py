"""`--to v1`: the program as it is, under plain Python."""

from __future__ import annotations

import libcst as cst

from ..notes import Notes
from .imports import rewrite_imports

__all__ = ["transform"]


def transform(module: cst.Module, notes: Notes) -> cst.Module:
    """Have a TF1 module of Python 3 run without `tf1compat run`."""
    return rewrite_imports(module, notes)
