"""What a dotted name of TensorFlow 1.15 means here, by the tables alone. Names are without `tf.`: "nn.conv2d"."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from .arguments import MENDED
from .inside import ALIASES, ROOTS
from .names import CONTRIB, ELSEWHERE, HOMES, INSIDE, INSTEAD, OURS, REFUSED, REFUSED_MEMBERS, RENAMED

__all__ = ["Entry", "REFUSED_NAMES", "SPACES", "Table", "hint", "homes", "path", "reason", "upwards"]


class Entry(NamedTuple):
    """A row of the table: `kind` is "ours", "tensorflow" or "refused"; `where` the path it comes from,
    or the reason and the advice."""

    kind: str
    where: str


def _contrib_homes() -> dict[str, str]:
    spec = importlib.util.find_spec("tf1compat.contrib")
    assert spec is not None
    modules = pkgutil.iter_modules(spec.submodule_search_locations)
    return {f"contrib.{info.name}": f"tf1compat.contrib.{info.name}" for info in modules}


#: Namespace: the module of ours whose `__all__` is in it. `tf.contrib.x` has its home in `tf1compat.contrib.x`.
homes: dict[str, str] = {**HOMES, **_contrib_homes()}


def _prefixes(names: Iterable[str]) -> set[str]:
    return {name[:i] for name in names for i, c in enumerate(name) if c == "."}


REFUSED_NAMES = frozenset(
    f"{space}.{name}" for space, members in REFUSED_MEMBERS.items() for name in members.split()
)
_CONTRIB_SPACES = tuple(f"contrib.{name}" for name in CONTRIB)
#: What is a namespace, whatever TensorFlow has there.
SPACES = frozenset({"contrib", *_CONTRIB_SPACES, *REFUSED_MEMBERS, *homes} | _prefixes((*OURS, *homes, *INSIDE)))


class Table:
    """The tables, and what `exported` says are the names in a module of ours."""

    def __init__(self, exported: Callable[[str], Collection[str]]) -> None:
        self._exported = exported

    def canonical(self, dotted: str) -> str:
        """`dotted` with every leading `compat.v1` taken off, for that namespace is `tf` itself,
        `tf.pywrap_tensorflow`, which 1.15 had by accident and scripts use, where it lives, and what has a
        public name by that: `INSIDE`, `ALIASES`, and ours of tf.contrib
        (`contrib.layers.python.layers.regularizers.l2_regularizer`)."""
        while dotted.startswith("compat.v1."):
            dotted = dotted[len("compat.v1.") :]
        if dotted.partition(".")[0] == "pywrap_tensorflow":
            return f"python.{dotted}"
        if dotted in INSIDE:
            return INSIDE[dotted]
        for space in upwards(dotted):
            if space in ALIASES:
                return ALIASES[space] + dotted[len(space) :]
        if dotted.startswith("contrib.") and ".python." in dotted:
            root, _, inside = dotted.partition(".python.")
            parts = inside.split(".")
            if root == "contrib.nn" and len(parts) == 2:  # a module that has the name of the function in it
                return dotted
            # `contrib.slim.python.slim.learning.train` is `contrib.slim.learning.train`.
            publics = (".".join((root, *parts[-length:])) for length in (1, 2))
            return next((name for name in publics if name in ELSEWHERE or name in homes or self.ours(name)), dotted)
        return "" if dotted == "compat.v1" else dotted

    def ours(self, full: str) -> tuple[str, str] | None:
        """The module and attribute of a name that is this package's own, None for any other."""
        if full in OURS:
            return OURS[full]
        space, _, name = full.rpartition(".")
        home = homes.get(space)
        if home is None or full in homes or name not in self._exported(home):
            return None
        return home, name

    def is_refused(self, full: str) -> bool:
        """Whether the table refuses this name (a namespace whose names are refused is itself no refusal)."""
        if full in SPACES or full in ELSEWHERE or self.ours(full):
            return False
        if full in REFUSED or full in REFUSED_NAMES:
            return True
        return full.startswith("contrib.") and full.startswith(tuple(f"{space}." for space in _CONTRIB_SPACES))

    def classify(self, full: str) -> Entry:
        """Which of the three a name is, and from where or why."""
        full = self.canonical(full)
        if home := self.ours(full):
            return Entry("ours", ":".join(home))
        if self.is_refused(full):
            why, instead = reason(full)
            return Entry("refused", f"{why}; instead: {instead}")
        return Entry("tensorflow", f"tf.{path(full)}" + (", taking 1.15's arguments" if full in MENDED else ""))


def reason(full: str) -> tuple[str, str]:
    """Of a refused name: why, and what to write instead."""
    why, instead = next(REFUSED[key] for key in upwards(full) if key in REFUSED)
    return why, next((INSTEAD[key] for key in upwards(full) if key in INSTEAD), instead)


def upwards(full: str) -> list[str]:
    """A name and the namespaces around it, from the inside out."""
    parts = full.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


def path(full: str) -> str:
    """The path below `tensorflow` of a name that is TensorFlow's."""
    if full.partition(".")[0] in ROOTS:
        return full
    for key in upwards(full) if full else ():
        if key in ELSEWHERE:
            return ELSEWHERE[key] + full[len(key) :]
    return f"compat.v1.{full}" if full else "compat.v1"


def hint(full: str) -> str:
    """For the AttributeError of a name that was renamed before 1.15."""
    return f" (since TensorFlow 1.0 it is tf.{RENAMED[full]})" if full in RENAMED else ""
