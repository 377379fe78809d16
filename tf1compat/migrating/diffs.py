"""A change of a file as a unified diff that `patch` and `git apply` take: in the file's own bytes."""

from __future__ import annotations

import difflib
import os

__all__ = ["unified"]


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """The diff of one file; empty where nothing changed."""
    name = os.path.relpath(path).replace(os.sep, "/")
    if name.startswith("../"):
        name = os.path.abspath(path).replace(os.sep, "/").lstrip("/")
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(before),
        _lines(after),
        f"a/{name}".encode(),
        f"b/{name}".encode(),
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[bytes]:
    r"""Lines that end in "\n", and the rest: what `patch` takes for lines."""
    parts = data.split(b"\n")
    return [*(part + b"\n" for part in parts[:-1]), *([parts[-1]] if parts[-1] else [])]
