"""A source file as text, and the text as the bytes it was: encoding, byte order mark and line endings are kept."""

from __future__ import annotations

import ast
import codecs
import difflib
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

from tf1compat.checking.sources import Unreadable as CheckingUnreadable
from tf1compat.checking.sources import decode

from .notes import Note

__all__ = ["Source", "Unreadable", "check_nesting", "read"]

_DEEPEST = 1000


class Unreadable(Exception):
    """A file that is no source text; says why in words, with the line where there is one."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True)
class Source:
    r"""A file's text, in which every line ends with "\n".

    Attributes:
      data: the bytes of the file.
      text: what they say, without the byte order mark.
      encoding: as Python finds it: by the mark, by the cookie in the first two lines, else UTF-8.
      mark: the byte order mark, if there is one.
      ends: each line's own end; the last is "" where the file does not end with one.
    """

    data: bytes
    text: str
    encoding: str
    mark: bytes
    ends: tuple[str, ...]

    def encoded(self, text: str) -> bytes:
        """Another text as the bytes of such a file. Raises `Unreadable` if the encoding has no such letter."""
        if text == self.text:
            return self.data
        try:
            return self.mark + self.written(text)
        except UnicodeEncodeError as error:
            raise Unreadable(f"the file's encoding, {self.encoding}, cannot write {text[error.start]!r}") from None

    def placed(self, note: Note, text: str) -> Note:
        """A note on a line of `text`, the file's or another: as it is."""
        return note

    def written(self, text: str) -> bytes:
        """A text with the file's line ends, encoded, without the byte order mark."""
        return self._ended(text).encode(self.encoding)

    def _ended(self, text: str) -> str:
        kinds = set(self.ends) - {""}
        if len(kinds) <= 1:
            return text.replace("\n", kinds.pop()) if kinds else text
        old, new = self.text.split("\n"), text.split("\n")
        most = max(sorted(kinds), key=self.ends.count)
        ends = [most] * len(new)
        for _, first, last, there, end in difflib.SequenceMatcher(None, old, new).get_opcodes():
            for at in range(min(last - first, end - there)):
                ends[there + at] = self.ends[first + at] or most
        ends[-1] = ""
        return "".join(line + end for line, end in zip(new, ends, strict=True))


def read(data: bytes, path: str = "") -> Source:
    """Read a file's bytes as Python would. Raises `Unreadable`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("it is UTF-16 or UTF-32, which Python reads no source in; save it as UTF-8")
    try:
        decoded = decode(data, path)
    except CheckingUnreadable as error:
        raise Unreadable(error.why, error.line or 0) from None
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    lines = _split(decoded)
    text = "\n".join(line for line, _ in lines)
    source = Source(data, text, encoding.removesuffix("-sig"), mark, tuple(end for _, end in lines))
    if source.mark + source.written(text) != data:
        raise Unreadable(f"its encoding, {source.encoding}, does not give its bytes back")
    return source


def check_nesting(text: str) -> None:
    """Raises `Unreadable` for code that is nested too deeply for Python itself, or for LibCST, which takes minutes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        level: list[ast.AST] = [tree]
        for _ in range(_DEEPEST):
            level = [child for node in level for child in ast.iter_child_nodes(node)]
            if not level:
                return
        raise Unreadable("its code is nested too deeply")
    except (RecursionError, MemoryError):
        raise Unreadable("its code is nested too deeply") from None
    except SyntaxError as error:  # which may be Python 2
        if str(error.msg).startswith("too many"):
            raise Unreadable(f"its code is nested too deeply: {error.msg}", error.lineno or 0) from None
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _split(text: str) -> list[tuple[str, str]]:
    r"""The lines of a text with their ends; the last has none. `\r` alone ends a line, as Python has it."""
    parts = re.split("(\r\n|\r|\n)", text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))
