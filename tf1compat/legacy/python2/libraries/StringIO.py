"""`StringIO`: a file in memory, of text or of bytes, whichever is put in first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

__all__ = ["StringIO"]


class StringIO:
    def __init__(self, buffer: Any = None) -> None:
        self._file: Any = io.StringIO() if isinstance(buffer, str) and buffer else io.BytesIO()
        self._decided = bool(buffer)
        if buffer:
            self._file.write(buffer)
            self._file.seek(0)

    def write(self, data: Any) -> int:
        if not self._decided and len(data):
            self._decided = True
            if isinstance(data, str):
                self._file = io.StringIO()
        if isinstance(data, str) and isinstance(self._file, io.BytesIO):
            data = data.encode("utf-8", "surrogateescape")
        elif isinstance(data, bytes) and isinstance(self._file, io.StringIO):
            data = data.decode("utf-8", "surrogateescape")
        return self._file.write(data)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def getvalue(self) -> Any:
        return self._file.getvalue() if self._decided else ""

    def __getattr__(self, name: str) -> Any:
        if name == "_file":
            raise AttributeError(name)
        return getattr(self._file, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def next(self) -> Any:
        return next(self._file)

    def __enter__(self) -> StringIO:
        return self

    def __exit__(self, *exception: Any) -> None:
        self._file.close()
