"""Whose code is it: the user's, an installed library's, or Python's own?

`run` gives TensorFlow 1 to the user's code alone, so this question is asked at every import, at the
start of every thread and process, and when a script reaches for a name that NumPy dropped. The answer
goes by where the file lies, not by names on sys.path:

* below `site-packages` or `dist-packages` (of any environment, one inside the project too), or listed
  in the RECORD of a `*.dist-info` beside it (`pip install --target`): installed;
* below the standard library's folder, frozen, or built in: Python's;
* this package: installed, whatever its folder;
* everything else: the user's. An editable install counts as the user's: it is the tree being worked on.

Symbolic links are judged at both ends, and being installed or Python's at either end settles it.
"""

from __future__ import annotations

import enum
import os
import sys
import sysconfig
from collections.abc import Iterable
from types import FrameType
from typing import Any

__all__ = ["Owner", "Ownership"]

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_INSTALLED = {"site-packages", "dist-packages"}


class Owner(enum.Enum):
    USER = "user"
    LIBRARY = "library"
    PYTHON = "python"


class Ownership:
    """Judges files, namespaces and frames. `also` are installed packages to be treated as the user's,
    `scripts` files that are the user's wherever they lie."""

    def __init__(self, also: Iterable[str] = (), scripts: Iterable[str] = ()) -> None:
        self.also = frozenset(also)
        self.scripts: set[str] = set()
        self._files: dict[str, Owner] = {}
        self._installed_here: dict[str, frozenset[str]] = {}
        paths = sysconfig.get_paths()
        own = {paths["stdlib"], paths["platstdlib"], os.path.dirname(os.__file__)}
        own |= {os.path.realpath(path) for path in own}
        zipped = f"python{sys.version_info[0]}{sys.version_info[1]}.zip"
        own |= {os.path.join(os.path.dirname(path), zipped) for path in set(own)}
        self._python = tuple(own)
        for script in scripts:
            self.claim(script)

    def claim(self, script: str) -> None:
        """Make a file the user's wherever it lies."""
        self.scripts.add(os.path.abspath(script))
        self._files.pop(script, None)

    def of_file(self, filename: str) -> Owner:
        """Whose a file is. Inside a zip, the zip's place counts."""
        owner = self._files.get(filename)
        if owner is None:
            owner = self._files[filename] = self._judge(filename)
        return owner

    def _judge(self, filename: str) -> Owner:
        if filename.startswith("<"):
            return Owner.PYTHON
        path = os.path.abspath(filename)
        if path in self.scripts:
            return Owner.USER
        if self._is_installed(path):  # nearly all are
            return Owner.LIBRARY
        ends = {path, os.path.realpath(path)}
        if any(self._is_installed(end) for end in ends):
            return Owner.LIBRARY
        if any(_below(end, folder) for end in ends for folder in self._python):
            return Owner.PYTHON
        return Owner.USER

    def _is_installed(self, path: str) -> bool:
        if _below(path, _OURS) or not _INSTALLED.isdisjoint(path.split(os.sep)):
            return True
        folder = path
        while True:
            folder, part = os.path.split(folder)
            if not part:
                return False
            if part in self._recorded(folder):
                return True

    def _recorded(self, folder: str) -> frozenset[str]:
        """The names in `folder` that an installer's RECORD there lists."""
        names = self._installed_here.get(folder)
        if names is None:
            names = self._installed_here[folder] = frozenset(_read_records(folder))
        return names

    def of_namespace(self, namespace: dict[str, Any]) -> Owner | None:
        """Whose a module's globals are; None for a bare dict that a string was exec'd in."""
        name = namespace.get("__name__")
        if self.also and isinstance(name, str) and name.partition(".")[0] in self.also:
            return Owner.USER
        filename = namespace.get("__file__")
        if isinstance(filename, str) and not filename.startswith("<"):
            return self.of_file(filename)
        # A notebook's cells, `-c`, stdin: the main program without a file.
        return Owner.USER if name in ("__main__", "__mp_main__") else None

    def of_frame(self, frame: FrameType | None) -> Owner | None:
        """Whose code a frame runs. Code exec'd in a bare dict belongs to whoever exec'd it."""
        while frame is not None:
            owner = self.of_namespace(frame.f_globals)
            if owner is None:
                filename = frame.f_code.co_filename
                if filename.startswith("<frozen ") or os.path.isabs(filename) and os.path.exists(filename):
                    owner = self.of_file(filename)
            if owner is not None:
                return owner
            frame = frame.f_back
        return None

    def is_users(self, frame: FrameType | None) -> bool:
        return self.of_frame(frame) is Owner.USER

    def asked_by_user(self, frame: FrameType | None) -> bool | None:
        """Whether what `frame` does was the user's wish: the first frame outwards that is not Python's
        own decides (a pool's thread is wished for by who made the pool). None: all are Python's own."""
        while frame is not None:
            owner = self.of_namespace(frame.f_globals)
            if owner in (Owner.USER, Owner.LIBRARY):
                return owner is Owner.USER
            frame = frame.f_back
        return None


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _read_records(folder: str) -> set[str]:
    """First path components of what the `*.dist-info/RECORD` files in a folder list."""
    names: set[str] = set()
    try:
        entries = [entry for entry in os.listdir(folder) if entry.endswith(".dist-info")]
    except OSError:
        return names
    for entry in entries:
        try:
            with open(os.path.join(folder, entry, "RECORD"), encoding="utf-8", errors="replace") as record:
                names.update(line.partition(",")[0].partition("/")[0] for line in record)
        except OSError:
            continue
    return names
