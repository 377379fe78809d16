"""A source file as text, and the text as the bytes it was: encoding, byte order mark and line endings are kept."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from dataclasses import dataclass

__all__ = ["Unreadable", "Source", "read"]


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
            return self.mark + self._ended(text).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise Unreadable(f"the file's encoding, {self.encoding}, cannot write {text[error.start]!r}") from None

    def _ended(self, text: str) -> str:
        kinds = set(self.ends) - {""}
        if len(kinds) <= 1:
            return text.replace("\n", kinds.pop()) if kinds else text
        import difflib

        old, new = self.text.split("\n"), text.split("\n")
        most = max(sorted(kinds), key=self.ends.count)
        ends = [most] * len(new)
        for _, first, last, there, end in difflib.SequenceMatcher(None, old, new).get_opcodes():
            for at in range(min(last - first, end - there)):
                ends[there + at] = self.ends[first + at] or most
        ends[-1] = ""
        return "".join(line + end for line, end in zip(new, ends, strict=True))


def read(data: bytes) -> Source:
    """Read a file's bytes as Python would. Raises `Unreadable`."""
    for mark, name in ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32")):
        if data.startswith(mark):
            raise Unreadable(f"it is {name}, which Python reads no source in; save it as UTF-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("it is UTF-16, which Python reads no source in; save it as UTF-8")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Unreadable("it has a null byte, so it is no Python source", line)
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        first = data.split(b"\n", 1)[0].decode("latin-1").strip()
        raise Unreadable(f"{error.msg or 'its encoding cannot be told'} (it begins {first[:60]!r})", 1) from None
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        decoded = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: len(mark) + error.start].count(b"\n") + 1
        byte = data[len(mark) + error.start]
        advice = "" if encoding != "utf-8" else "; a first line `# -*- coding: cp1252 -*-`, say, tells the encoding"
        raise Unreadable(f"byte {byte:#04x} is not {encoding}{advice}", line) from None
    except (LookupError, ValueError) as error:
        raise Unreadable(f"it cannot be decoded: {error}", 1) from None
    lines = _split(decoded)
    return Source(data, "\n".join(line for line, _ in lines), encoding, mark, tuple(end for _, end in lines))


def _split(text: str) -> list[tuple[str, str]]:
    r"""The lines of a text with their ends; the last has none. `\r` alone ends a line, as Python has it."""
    parts = re.split("(\r\n|\r|\n)", text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))
