"""Python 2 programs under `tf1compat run`: told from Python 3, converted in memory, run with Python 2's meaning.

`tf1compat.python2` decides whether a file is Python 2 and rewrites what Python 3 cannot parse; `meaning` then
changes what Python 3 parses but reads otherwise (`/`, the methods of dictionaries, imports), on the syntax tree;
`tf1compat.legacy.python2` holds what the changed code calls, and the builtins that converted modules alone see;
`modules` does all this to the script, and to the user's modules as they are imported; `children` to the script in
processes that it starts. Nothing is written to disk, and the line numbers stay those of the file.
"""

from __future__ import annotations

from .modules import Converter

__all__ = ["Converter"]
