"""Reading what is to be checked: Python files and notebooks, as they are on disk, without running them."""

from __future__ import annotations

import ast
import codecs
import io
import os
import stat
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tf1compat.python2.judge import Verdict, judge

from . import notebooks

__all__ = ["Part", "Source", "Unreadable", "decode", "files", "parse", "read", "read_bytes"]

_LARGEST = {".py": 8 << 20, ".ipynb": 512 << 20}
_SKIPPED = frozenset("__pycache__ node_modules site-packages dist-packages".split())


class Unreadable(Exception):
    """A file that cannot be read, or a part of one that is no Python. The text is one clause.

    Args:
      why: what is the matter.
      path: of the file.
      line: where, from 1; None where no line is to blame.
      cell: of a notebook, from 1.
    """

    def __init__(self, why: str, path: str, line: int | None = None, cell: int | None = None) -> None:
        super().__init__(why)
        self.why, self.path, self.line, self.cell = why, path, line, cell


@dataclass(frozen=True)
class Part:
    """What is parsed at once: a whole file (`cell` None), or a cell of a notebook (from 1).

    `python2` says what shows that it is Python 2, in words; "" for Python 3. The nodes of `tree` have the lines of
    the original. `names` says which name of Python 2 an else Python 3 part may come to.
    """

    text: str
    tree: ast.Module
    python2: str = ""
    names: str = ""
    cell: int | None = None


@dataclass(frozen=True)
class Source:
    """A file: what of it could be parsed, and what could not."""

    path: str
    parts: list[Part]
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def python2(self) -> str:
        """What shows that the file is Python 2; "" for Python 3."""
        return next((part.python2 for part in self.parts if part.python2), "")


def files(paths: Iterable[str], failed: list[Unreadable]) -> Iterator[str]:
    """The files that `paths` mean, each once: a file is itself, a folder the .py and .ipynb below it, but for hidden
    folders, environments and installed libraries. What cannot be listed is appended to `failed`."""
    seen: set[str] = set()
    for path in paths:
        found = _below(path, failed) if os.path.isdir(path) else [path]
        for name in found:
            real = os.path.realpath(name)
            if real not in seen:
                seen.add(real)
                yield name


def _below(folder: str, failed: list[Unreadable]) -> Iterator[str]:
    def cannot(error: OSError) -> None:
        failed.append(Unreadable(_said(error), error.filename or folder))

    for place, folders, names in os.walk(folder, onerror=cannot):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not os.path.exists(os.path.join(place, name, "pyvenv.cfg"))
        )
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")) and not name.startswith("."):
                yield os.path.join(place, name)


def read(path: str) -> Source:
    """A file, parsed.

    Raises:
      Unreadable: nothing of it can be parsed.
    """
    data = read_bytes(path)
    if not path.endswith(".ipynb"):
        return Source(path, [parse(data, path)])
    try:
        cells = notebooks.cells(data)
    except notebooks.Broken as error:
        raise Unreadable(str(error), path) from None
    parts: list[Part] = []
    unreadable: list[Unreadable] = []
    for number, text in cells:
        try:
            parts.append(parse(notebooks.python(text).encode("utf-8", "surrogatepass"), path, number))
        except Unreadable as error:
            unreadable.append(error)
    return Source(path, parts, unreadable)


def read_bytes(path: str) -> bytes:
    """What is in a file.

    Raises:
      Unreadable: it is not there, is no plain file, may not be read, or is too large to be a program.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("it is a folder" if stat.S_ISDIR(status.st_mode) else "it is no plain file", path)
        largest = _LARGEST[".ipynb" if path.endswith(".ipynb") else ".py"]
        if status.st_size > largest:
            raise Unreadable(f"it has {status.st_size >> 20} MB, too many for a program", path)
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Unreadable(_said(error), path) from None
    except ValueError as error:  # a zero byte in the name
        raise Unreadable(str(error), path) from None


def parse(data: bytes, path: str, cell: int | None = None) -> Part:
    """One program's bytes, parsed as `tf1compat run` would: as Python 3, or as Python 2 where only that can be meant.

    Raises:
      Unreadable: it is neither.
    """
    text = decode(data, path, cell)
    try:
        judgement = judge(data, path, is_main=True)
        tree = judgement.tree or _tree(data, path)
    except SyntaxError as error:
        raise Unreadable(f"it is neither Python 3 nor Python 2: {error.msg}", path, error.lineno, cell) from None
    except ValueError as error:
        raise Unreadable(str(error), path, None, cell) from None
    except (RecursionError, MemoryError):
        raise Unreadable("it is nested too deeply to be parsed", path, None, cell) from None
    if judgement.verdict is Verdict.PYTHON_2:
        return Part(text, tree, judgement.why or "its syntax", "", cell)
    return Part(text, tree, "", judgement.why, cell)


def decode(data: bytes, path: str, cell: int | None = None) -> str:
    """A program's text, by the encoding it declares, its line ends as they are; a byte order mark is dropped.

    Raises:
      Unreadable: the encoding is unknown, or another than the declared.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("it is UTF-16, which Python does not read", path, None, cell)
    if b"\x00" in data:
        raise Unreadable("it is binary", path, None, cell)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        if not str(error.msg).startswith("invalid or missing"):  # which the lines below say better
            raise Unreadable(str(error.msg).partition(" for ")[0], path, None, cell) from None
        encoding = "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        why = f"byte 0x{data[error.start]:02x} is no {encoding}, " + (
            "and no other encoding is declared" if encoding.startswith("utf-8") else "the encoding that is declared"
        )
        raise Unreadable(why, path, line, cell) from None
    except (LookupError, ValueError) as error:
        raise Unreadable(str(error), path, None, cell) from None


def _tree(data: bytes, path: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data, path)


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
