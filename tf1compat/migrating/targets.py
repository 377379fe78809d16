"""What `--to` may name: rows of transformations, one applied to what the other made."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from . import functions, v1
from .notes import Notes

__all__ = ["TARGETS", "Transformation"]

#: Takes a module of Python 3 and gives the new one (the same where there is nothing to do), with notes on the lines of
#: the module that it was given. What a transformation gives, given to it again, stays as it is.
Transformation = Callable[[cst.Module, Notes], cst.Module]

TARGETS: dict[str, tuple[Transformation, ...]] = {
    "v1": (v1.transform,),
    "functions": (v1.transform, functions.transform),
}
