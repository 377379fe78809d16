"""Libraries that do not install any more, given to the user's code from what `tf1compat.legacy` has in their place."""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import os
import sys
from typing import Any

from .ownership import Ownership

__all__ = ["install"]

_LEGACY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "legacy")


def install(ownership: Ownership, said: list[str]) -> None:
    """Answer the user's `import gym` from now on. `said` is the live list of what has been said on stderr."""
    sys.meta_path.insert(0, _Finder(ownership, said))


class _Finder:
    def __init__(self, ownership: Ownership, said: list[str]) -> None:
        self._ownership = ownership
        self._said = said

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "gym" or not self._ownership.asked_by_user(sys._getframe(1)):
            return None
        plain = importlib.machinery.PathFinder.find_spec(name)
        if plain is not None and plain.origin is not None and not _has_new_interface():
            return None
        if importlib.util.find_spec("gymnasium") is None:
            line = "gym as TensorFlow 1 programs know it does not install any more; after `pip install gymnasium`, "
            self._tell(line + "your code gets gym's old interface over that")
            return None
        self._tell("your code gets gym's old interface, over gymnasium")
        return importlib.machinery.PathFinder.find_spec(name, [_LEGACY])

    def _tell(self, line: str) -> None:
        if "gym" not in self._said:
            self._said.append("gym")
            if sys.stderr is not None:
                print(f"tf1compat run: {line}", file=sys.stderr)


def _has_new_interface() -> bool:
    """Whether the gym that is installed is one in which `reset()` gives two values."""
    try:
        version = importlib.metadata.version("gym")
        return tuple(int(part) for part in version.split(".")[:2]) >= (0, 26)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return False
