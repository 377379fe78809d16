"""A notebook's code cells as one program, and the program as the cells of that notebook."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

from tf1compat.checking import notebooks as checking
from tf1compat.python2.syntax import NotPython2, convert

from .files import Unreadable
from .json_places import elements, members
from .notes import Kind, Note
from .syntax import tree_of

__all__ = ["Notebook", "read_notebook"]

_CELL = "#%% tf1compat cell "
_LINE = "tf1compat_line_"


@dataclass(frozen=True)
class _Cell:
    """A cell: its number among all of the notebook's, from 1; its text; where that stands in the JSON."""

    number: int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Notebook:
    """A notebook's file as a text: its code cells one after the other, a marker before each. What IPython alone
    understands (`%matplotlib inline`, `!ls`) has a stand-in there.

    Attributes:
      data: the bytes of the file.
      text: the program.
      notes: on cells that are left as they are.
    """

    data: bytes
    text: str
    document: str
    cells: tuple[_Cell, ...]
    masked: dict[int, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def encoded(self, text: str) -> bytes:
        """The notebook with the cells of another text. Raises `Unreadable` if that lost a marker or a stand-in."""
        if text == self.text:
            return self.data
        parts = self._parts(text)
        document = self.document
        for cell in reversed(self.cells):
            if cell.number in parts and parts[cell.number] != cell.text:
                source = _source(document[cell.start : cell.end], parts[cell.number])
                document = document[: cell.start] + source + document[cell.end :]
        mark = b"\xef\xbb\xbf" if self.data.startswith(b"\xef\xbb\xbf") else b""
        return mark + document.encode()

    def placed(self, note: Note, text: str) -> Note:
        """A note on a line of `text`, the notebook's or another, with the line in its cell."""
        number, first = 0, 0
        for line, content in enumerate(text.split("\n")[: note.line], 1):
            if content.startswith(_CELL):
                number, first = int(content[len(_CELL) :]), line
        return replace(note, line=max(note.line - first, 1), cell=number) if number else replace(note, line=0)

    def _parts(self, text: str) -> dict[int, str]:
        parts: dict[int, list[str]] = {}
        now: list[str] = []
        seen: set[int] = set()
        for line in text.split("\n")[:-1]:
            if line.startswith(_CELL):
                now = parts[int(line[len(_CELL) :])] = []
                continue
            found = re.search(rf"\b{_LINE}(\d+)\b", line)
            if found is not None:
                seen.add(int(found[1]))
                line = self.masked[int(found[1])]
            now.append(line)
        if seen != set(self.masked) or set(parts) != {int(n) for n in re.findall(rf"^{_CELL}(\d+)$", self.text, re.M)}:
            raise Unreadable("what IPython alone understands lies within what would be rewritten")
        return {number: "\n".join(lines) for number, lines in parts.items()}


def read_notebook(data: bytes) -> Notebook:
    """Read a notebook's bytes. Raises `Unreadable`."""
    try:
        checking.cells(data)  # says what is no notebook of Python
        document = data.decode("utf-8-sig")
        cells = tuple(_cells(document))
    except checking.Broken as error:
        raise Unreadable(str(error)) from None
    except UnicodeDecodeError:
        raise Unreadable("it is no UTF-8, as notebooks are") from None
    if _CELL in document or _LINE in document:
        raise Unreadable(f"it has {_CELL.strip()!r} in it, by which cells are told here")
    lines: list[str] = []
    masked: dict[int, str] = {}
    notes: list[Note] = []
    for cell in cells:
        text = checking.python(cell.text)
        if not text.strip():
            continue
        if "\r" in cell.text or not _is_python(text):
            notes.append(Note(0, Kind.LEFT, "the cell cannot be parsed, and stays as it is", cell.number))
            continue
        if "%tensorflow_version" in cell.text:
            notes.append(Note(0, Kind.LEFT, "%tensorflow_version: Colab has no TensorFlow 1; take it out", cell.number))
        lines += [f"{_CELL}{cell.number}", *_with_stand_ins(cell.text, text, masked)]
    program = "".join(f"{line}\n" for line in lines)
    return Notebook(data, program, document, cells, masked, tuple(notes))


def _is_python(text: str) -> bool:
    if tree_of(text) is not None:
        return True
    try:
        convert(text.encode("utf-8", "replace"), "<cell>")
    except NotPython2:
        return False
    return True


def _with_stand_ins(text: str, python: str, masked: dict[int, str]) -> list[str]:
    lines: list[str] = []
    for old, new in zip(text.split("\n"), python.split("\n"), strict=True):
        if old == new:
            lines.append(old)
            continue
        name = f"{_LINE}{len(masked)}"
        masked[len(masked)] = old
        head = new.removesuffix("None").removesuffix("pass")
        lines.append(head + name if new.strip() else f"# {name}")
    return lines


def _cells(document: str) -> list[_Cell]:
    start = len(document) - len(document.lstrip(" \t\n\r"))
    top = members(document, start)
    holders = [top]
    for at, _ in elements(document, top["worksheets"][0]) if _begins(document, top.get("worksheets"), "[") else ():
        if document[at] == "{":
            holders.append(members(document, at))
    found: list[_Cell] = []
    number = 0
    for holder in holders:
        place = holder.get("cells")
        for at, end in elements(document, place[0]) if place and _begins(document, place, "[") else ():
            number += 1
            cell: Any = json.loads(document[at:end])
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                parts = members(document, at)
                span = parts.get("source") or parts.get("input")
                value = cell.get("source", cell.get("input"))
                text = "".join(value) if isinstance(value, list) and _is_lines(value) else value
                if span is not None and isinstance(text, str):
                    found.append(_Cell(number, text, *span))
    return found


def _is_lines(value: list[Any]) -> bool:
    return all(isinstance(line, str) for line in value)


def _begins(document: str, place: tuple[int, int] | None, letter: str) -> bool:
    return place is not None and document[place[0]] == letter


def _source(old: str, text: str) -> str:
    """The JSON of a cell's text, written as `old` is: a string or a list of lines, its spaces, its escapes."""
    ascii_only = old.isascii() and "\\u" in old
    if old.startswith('"'):
        return json.dumps(text, ensure_ascii=ascii_only)
    spans = list(elements(old, 0))
    known = {json.loads(old[start:end]): old[start:end] for start, end in spans}
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    written = [known.get(line) or json.dumps(line, ensure_ascii=ascii_only) for line in lines]
    before, after = (old[1 : spans[0][0]], old[spans[-1][1] : -1]) if spans else ("", "")
    between = old[spans[0][1] : spans[1][0]] if len(spans) > 1 else f",{before or ' '}"
    return f"[{before}{between.join(written)}{after}]"
