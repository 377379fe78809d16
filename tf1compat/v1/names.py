"""What each dotted name of TensorFlow 1.15 means here, by the rules of `table`.

`classify` says which of the three it is without making anything; `find` gives the object. Names are
dotted and without `tf.`: "nn.conv2d".
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import pkgutil
import types
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat.v1 import mirror
from tf1compat.v1.mended import MENDED, mend
from tf1compat.v1.refusals import Refusal
from tf1compat.v1.table import (
    CONTRIB,
    ELSEWHERE,
    HOMES,
    INSIDE,
    INSTEAD,
    OURS,
    REFUSED,
    REFUSED_MEMBERS,
    RENAMED,
)

__all__ = ["Entry", "MISSING", "Module", "canonical", "children", "classify", "find", "hint", "resolve"]

ROOT = "tf1compat.v1"
#: What `find` answers for a name that TF1 did not have.
MISSING = mirror.MISSING
#: The dunder names that `tf` itself has and a module has not.
DUNDERS = frozenset(name for name in (*OURS, *ELSEWHERE) if name.startswith("__"))
#: Namespace: the module of ours whose `__all__` is in it. `tf.contrib.x` has its home in `tf1compat.contrib.x`.
_HOMES = {
    **HOMES,
    **{
        f"contrib.{info.name}": f"tf1compat.contrib.{info.name}"
        for info in pkgutil.iter_modules(importlib.import_module("tf1compat.contrib").__path__)
    },
}
#: Real modules of this package, which no TF1 namespace may hide.
FILES = frozenset(info.name for info in pkgutil.iter_modules(importlib.import_module(ROOT).__path__))


class Entry(NamedTuple):
    """A row of the table: `kind` is "ours", "tensorflow" or "refused"; `where` the path it comes from,
    or the reason and the advice."""

    kind: str
    where: str


class Module(NamedTuple):
    """What `find` answers for a namespace; `real` is somebody else's module to be given out as it is."""

    real: types.ModuleType | None = None


def _prefixes(names: Any) -> set[str]:
    return {name[:i] for name in names for i, c in enumerate(name) if c == "."}


_REFUSED_NAMES = frozenset(
    f"{space}.{name}" for space, members in REFUSED_MEMBERS.items() for name in members.split()
)
_CONTRIB_SPACES = tuple(f"contrib.{name}" for name in CONTRIB)
#: What is a namespace, whatever TensorFlow has there.
_SPACES = frozenset(
    {"contrib", *_CONTRIB_SPACES, *REFUSED_MEMBERS, *_HOMES}
    | _prefixes((*OURS, *_HOMES))
)
#: The namespaces of which TensorFlow's part still counts.
_MIXED = frozenset({"data.experimental", "raw_ops", "tpu"})


def canonical(dotted: str) -> str:
    """`dotted` with every leading `compat.v1` taken off, for that namespace is `tf` itself,
    `tf.pywrap_tensorflow`, which 1.15 had by accident and scripts use, where it lives, and what has a
    public name by that: `INSIDE`, and ours of tf.contrib
    (`contrib.layers.python.layers.regularizers.l2_regularizer`)."""
    while dotted.startswith("compat.v1."):
        dotted = dotted[len("compat.v1.") :]
    if dotted.partition(".")[0] == "pywrap_tensorflow":
        return f"python.{dotted}"
    if dotted in INSIDE:
        return INSIDE[dotted]
    if dotted.startswith("contrib.") and ".python." in dotted:
        root, _, inside = dotted.partition(".python.")
        parts = inside.split(".")
        # `contrib.slim.python.slim.learning.train` is `contrib.slim.learning.train`.
        publics = (".".join((root, *parts[-length:])) for length in (1, 2))
        return next((name for name in publics if name in ELSEWHERE or name in _HOMES or ours(name)), dotted)
    return "" if dotted == "compat.v1" else dotted


def ours(full: str) -> tuple[str, str] | None:
    """The module and attribute of a name that is this package's own, None for any other."""
    if full in OURS:
        return OURS[full]
    space, _, name = full.rpartition(".")
    home = _HOMES.get(space)
    if home is None or full in _HOMES or name not in importlib.import_module(home).__all__:
        return None
    return home, name


def resolve(dotted: str) -> Any:
    """The object a dotted name means: `resolve("nn.conv2d")`, `resolve("Session.run")`.

    Raises AttributeError for a name that TensorFlow 1.15 did not have.
    """
    return functools.reduce(getattr, dotted.split("."), importlib.import_module(ROOT))


def find(full: str) -> Any:
    """The object, `Refusal` or `Module` of one name whose namespace exists; `MISSING` if there is none."""
    full = canonical(full)
    if not full:
        return Module()
    if home := ours(full):
        module, attribute = home
        return getattr(importlib.import_module(module), attribute)
    if full in _SPACES:
        return Module()
    if is_refused(full):
        why, instead = _reason(full)
        member = functools.partial(_member, full) if full.startswith("contrib.") else None
        return Refusal(full, why, instead, member)
    if full.partition(".")[0] in FILES:
        try:
            return Module(importlib.import_module(f"{ROOT}.{full}"))
        except ModuleNotFoundError:
            return MISSING
    path = _path(full)
    if path.partition(".")[0] in mirror.ROOTS:
        found = mirror.find(path)
        return _module(path, found) if isinstance(found, types.ModuleType) else found
    if full.rpartition(".")[2].startswith("_") and full not in ELSEWHERE:
        return MISSING
    found = _tensorflow(path)
    if full in MENDED and found is not MISSING:
        return mend(full, found)
    if isinstance(found, types.ModuleType) and found.__name__.startswith(("tensorflow", "keras")):
        return Module(found if full.startswith("compat.v2") else None)
    return found


def _module(full: str, found: types.ModuleType) -> Module:
    """For what is found at `full`: by its own path if that is another (`variables.dtypes`), and as it is
    if TensorFlow only imports it (`test.mock`)."""
    own = found.__name__
    if own == f"tensorflow.{full}":
        return Module()
    if own.partition(".")[0] != "tensorflow":
        return Module(found)
    return Module(importlib.import_module(f"{ROOT}{own[len('tensorflow'):]}"))


def classify(full: str) -> Entry:
    """Which of the three a name is, and from where or why."""
    full = canonical(full)
    if home := ours(full):
        return Entry("ours", ":".join(home))
    if is_refused(full):
        why, instead = _reason(full)
        return Entry("refused", f"{why}; instead: {instead}")
    return Entry("tensorflow", f"tf.{_path(full)}" + (", taking 1.15's arguments" if full in MENDED else ""))


def is_refused(full: str) -> bool:
    """Whether the table refuses this name (a namespace whose names are refused is itself no refusal)."""
    if full in _SPACES or full in ELSEWHERE or ours(full):
        return False
    if full in REFUSED or full in _REFUSED_NAMES:
        return True
    return full.startswith("contrib.") and full.startswith(tuple(f"{space}." for space in _CONTRIB_SPACES))


def children(dotted: str) -> list[str]:
    """The public names of a namespace, for `dir`."""
    prefix = f"{dotted}." if dotted else ""
    found = {
        name[len(prefix) :].partition(".")[0]
        for name in (*OURS, *ELSEWHERE, *_REFUSED_NAMES, *REFUSED, *_SPACES)
        if name.startswith(prefix) and name != dotted
    }
    if dotted in _HOMES:
        found.update(importlib.import_module(_HOMES[dotted]).__all__)
    if dotted.partition(".")[0] in mirror.ROOTS:
        found.update(dir(mirror.find(dotted)))
    elif dotted in _MIXED or not any(dotted == space or dotted.startswith(f"{space}.") for space in REFUSED):
        with contextlib.suppress(ImportError):  # a namespace that Keras 3 lacks and this package has
            found.update(dir(_tensorflow(_path(dotted))))
    if not dotted:
        found.update(("compat", "examples", "keras"))
    return sorted(name for name in found if not name.startswith("_"))


def hint(full: str) -> str:
    """For the AttributeError of a name that was renamed before 1.15."""
    return f" (since TensorFlow 1.0 it is tf.{RENAMED[full]})" if full in RENAMED else ""


def _member(space: str, name: str) -> Any:
    """A member of a refused namespace, as `find` gives it, or the module of a namespace."""
    found = find(f"{space}.{name}")
    return importlib.import_module(f"{ROOT}.{space}.{name}") if isinstance(found, Module) else found


def _reason(full: str) -> tuple[str, str]:
    why, instead = next(REFUSED[key] for key in _upwards(full) if key in REFUSED)
    return why, next((INSTEAD[key] for key in _upwards(full) if key in INSTEAD), instead)


def _upwards(full: str) -> list[str]:
    parts = full.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _path(full: str) -> str:
    """The path below `tensorflow` of a name that is TensorFlow's."""
    if full.partition(".")[0] in mirror.ROOTS:
        return full
    for key in _upwards(full) if full else ():
        if key in ELSEWHERE:
            return ELSEWHERE[key] + full[len(key) :]
    return f"compat.v1.{full}" if full else "compat.v1"


def _tensorflow(path: str) -> Any:
    """The object at a public path below `tensorflow`, or `MISSING`."""
    value: Any = tf
    for part in path.split("."):
        try:
            value = getattr(value, part, MISSING)
        except ImportError:  # what only TensorFlow with legacy Keras has
            value = MISSING
        if value is MISSING:
            return MISSING
    return value
