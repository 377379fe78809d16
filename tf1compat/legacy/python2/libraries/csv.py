"""`csv`, whose files Python 2 programs open in binary mode."""

from __future__ import annotations

import csv as _csv
import io
from collections.abc import Iterable, Iterator
from csv import *  # noqa: F403
from typing import Any

_BINARY = (io.BufferedIOBase, io.RawIOBase)


def _lines(source: Iterable[Any]) -> Iterator[str]:
    return (line.decode("utf-8", "surrogateescape") if isinstance(line, bytes) else line for line in source)


class _Encoding:
    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, text: str) -> Any:
        return self._file.write(text.encode("utf-8", "surrogateescape"))


def _target(file: Any) -> Any:
    return _Encoding(file) if isinstance(file, _BINARY) else file


def reader(csvfile: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
    return _csv.reader(_lines(csvfile), *args, **kwargs)


def writer(csvfile: Any, *args: Any, **kwargs: Any) -> Any:
    return _csv.writer(_target(csvfile), *args, **kwargs)


class DictReader(_csv.DictReader):
    def __init__(self, f: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(_lines(f), *args, **kwargs)


class DictWriter(_csv.DictWriter):
    def __init__(self, f: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_target(f), *args, **kwargs)
