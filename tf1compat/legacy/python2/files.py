"""Python 2's `open`: text is UTF-8 whose other bytes pass as they are, lines keep their ends, and files take
strings of bytes and text alike."""

from __future__ import annotations

import io
import os
from typing import Any

__all__ = ["open_file"]


class _TextFile(io.TextIOWrapper):
    def write(self, data: Any) -> int:
        if isinstance(data, (bytes, bytearray, memoryview)):
            self.flush()
            buffer: Any = self.buffer
            return buffer.write(data)
        return super().write(data)


class _BinaryWriter(io.BufferedWriter):
    def write(self, data: Any) -> int:
        return super().write(data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data)


def open_file(name: Any, mode: str = "r", buffering: int = -1) -> Any:
    """`open(name, mode, buffering)` as Python 2 had it."""
    plain = mode.replace("U", "")
    if not plain or plain[0] not in "rwa":
        plain = "r" + plain
    if "b" in plain:
        if plain in ("wb", "ab") and buffering < 0:
            return _BinaryWriter(io.FileIO(name, plain.replace("b", "")))
        return open(name, plain, buffering)
    updating = "+" in plain
    raw = open(name, plain + "b", max(buffering, 0) if buffering > 1 else -1)
    if os.name == "nt" or "U" in mode:
        newline = None
    else:
        newline = "\n"
    by_lines = buffering in (0, 1) and not updating
    return _TextFile(raw, encoding="utf-8", errors="surrogateescape", newline=newline, line_buffering=by_lines)
