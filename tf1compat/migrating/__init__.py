"""`tf1compat migrate`: source files rewritten so that they need `tf1compat run` no more.

A target (`v1`, `functions`) is a row of transformations of a LibCST module (`targets`), which keep what they do not
change, comments and formatting. `files` reads a source and puts it back as it was encoded, `plan` makes the new text
of every file before anything is written, `diffs` shows it, `writing` writes it. `v1` and `functions` are the
transformations. Nothing here imports TensorFlow.
"""

from __future__ import annotations

from .plan import Plan, Rewritten, make_plan

__all__ = ["Plan", "Rewritten", "make_plan"]
