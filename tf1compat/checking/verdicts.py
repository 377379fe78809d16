"""What each name of TensorFlow 1.15 means here: the answer of `tf1compat.v1`, without importing TensorFlow."""

from __future__ import annotations

import enum
import functools
import importlib.util
import os
from typing import NamedTuple

from tf1compat.tables import lookup
from tf1compat.tables.arguments import MENDED
from tf1compat.tables.differences import DIFFERENCES
from tf1compat.tables.exports import EXPORTS
from tf1compat.tables.inside import MOVED_FOLDERS, ROOTS, SEARCHED
from tf1compat.tables.names import ELSEWHERE, OURS, RENAMED

from . import installed

__all__ = ["Kind", "Verdict", "knows", "verdict"]


class Kind(enum.Enum):
    """What a name is here. Programs that use what is refused or unknown end with an error there."""

    OURS = "ours"
    TENSORFLOW = "tensorflow"
    DIFFERENT = "different"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NAMESPACE = "namespace"


class Verdict(NamedTuple):
    """What `kind` of name `symbol` is, dotted and without `tf.`.

    `where` is the path it comes from ("tf1compat.train.Saver", "tf.compat.v1.matmul"); of what is different, refused or
    unknown `why` says what is the matter, in a clause, and `instead` what to write ("" where there is nothing to say).
    """

    kind: Kind
    symbol: str
    where: str = ""
    why: str = ""
    instead: str = ""

    @property
    def written(self) -> str:
        """The name as programs write it: "tf.nn.relu"; what lies inside is below "tensorflow"."""
        inside = self.symbol.partition(".")[0] in (*ROOTS, "examples")
        return f"{'tensorflow' if inside else 'tf'}.{self.symbol}"


@functools.cache
def _exported(home: str) -> frozenset[str]:
    return frozenset(EXPORTS.get(home, "").split())


_table = lookup.Table(_exported)
#: What TensorFlow had for the sake of its own modules, which the module of a namespace has, too.
_OF_MODULES = frozenset("__doc__ __file__ __name__ __package__ __path__ __spec__ __loader__ __dict__ __class__".split())


def verdict(dotted: str) -> Verdict:
    """The verdict of a name, of which members of a class may be a part: `GraphKeys.LOSSES` is of `GraphKeys`."""
    parts = dotted.split(".")
    if parts[-1] in _OF_MODULES:
        parts.pop()
    found = Verdict(Kind.NAMESPACE, "")
    for length in range(1, len(parts) + 1):
        found = _of_one(".".join(parts[:length]))
        if found.kind is Kind.REFUSED and _may_have_members(found.symbol) and not parts[length - 1][:1].isupper():
            # What is below a refused namespace is refused with it, and named as the program does, down to a class.
            inside = (at for at, part in enumerate(parts, 1) if at > length and part[:1].isupper())
            return _of_one(".".join(parts[: next(inside, len(parts))]))
        if found.kind is not Kind.NAMESPACE:
            return found
    return found


def knows(dotted: str) -> bool:
    """Whether there is such a name, refused or not, in a namespace that is there."""
    return _of_one(dotted).kind is not Kind.UNKNOWN


@functools.cache
def _of_one(given: str) -> Verdict:
    """The verdict of one name, all of whose prefixes are namespaces: as `tf1compat.v1.names.find` goes about it."""
    full = _table.canonical(given)
    if not full:
        return Verdict(Kind.NAMESPACE, "")
    if home := _table.ours(full):
        return _here(Kind.OURS, full, ".".join(home))
    if full in lookup.SPACES:
        return Verdict(Kind.NAMESPACE, full)
    if _table.is_refused(full):
        why, instead = lookup.reason(full)
        return Verdict(Kind.REFUSED, full, "", why, instead)
    if (kind := _of_our_files(full)) is not None:
        return Verdict(kind, full, f"tf1compat.v1.{full}") if kind is not Kind.UNKNOWN else _unknown(full)
    path = lookup.path(full)
    inside = path.partition(".")[0] in ROOTS
    if not inside and full.rpartition(".")[2].startswith("_") and full not in ELSEWHERE:
        return _unknown(full)
    origin = _inside(path) if inside else installed.listed(path)
    if origin is None:
        return _unknown(full)
    if inside and origin in _replaced():
        return _here(Kind.OURS, full, ".".join(_replaced()[origin]))
    if not origin.name:
        return Verdict(Kind.NAMESPACE, full)
    return _here(Kind.TENSORFLOW, full, f"tf.{path}" + (", taking 1.15's arguments" if full in MENDED else ""))


def _here(kind: Kind, full: str, where: str) -> Verdict:
    different = next((DIFFERENCES[key] for key in lookup.upwards(full) if key in DIFFERENCES), None)
    if different is not None:
        return Verdict(Kind.DIFFERENT, full, where, different.how)
    return Verdict(kind, full, where)


def _unknown(full: str) -> Verdict:
    if full in RENAMED:
        return Verdict(Kind.UNKNOWN, full, "", "TensorFlow 1.15 did not have it either", f"tf.{RENAMED[full]}")
    if full.partition(".")[0] in ROOTS:
        why = f"it was inside of TensorFlow, and TensorFlow {installed.version() or '2'} has no such thing there"
        return Verdict(Kind.UNKNOWN, full, "", why)
    for there in (f"keras.{full}", f"compat.v2.{full}"):
        if installed.listed(there) is not None:
            return Verdict(Kind.UNKNOWN, full, "", "TensorFlow 2 has it, TensorFlow 1.15 had not", f"tf.{there}")
    return Verdict(Kind.UNKNOWN, full, "", "TensorFlow 1.15 did not have it either")


def _may_have_members(full: str) -> bool:
    """Whether what is refused may be a namespace: `v1` answers for names below it, too."""
    return full.startswith("contrib.")


@functools.cache
def _our_folder() -> str:
    spec = importlib.util.find_spec("tf1compat")
    assert spec is not None and spec.submodule_search_locations is not None
    return os.path.join(spec.submodule_search_locations[0], "v1")


def _of_our_files(full: str) -> Kind | None:
    """Of `tf.examples`, which is a folder of ours: whether there is such a module, or name in one; None: another."""
    top, *rest = full.split(".")
    if not os.path.isdir(os.path.join(_our_folder(), top)) or top.startswith("_"):
        return None
    place = _our_folder()
    for at, part in enumerate([top, *rest]):
        place = os.path.join(place, part)
        if os.path.isfile(f"{place}.py"):
            beyond = [top, *rest][at + 1 :]
            if not beyond:
                return Kind.NAMESPACE
            module = ".".join(["tf1compat.v1", *[top, *rest][: at + 1]])
            return Kind.OURS if installed.defines(module, beyond[0]) else Kind.UNKNOWN
        if not os.path.isdir(place):
            return Kind.UNKNOWN
    return Kind.NAMESPACE


def _inside(path: str) -> installed.Origin | None:
    """Where `tensorflow.<path>` is defined, `path` being one inside; names and folders that moved are found."""
    for before, now in MOVED_FOLDERS.items():
        if path == before or path.startswith(f"{before}."):
            path = now + path[len(before) :]
            break
    origin = installed.origin(path)
    space, _, name = path.rpartition(".")
    if origin is not None or name.startswith("_") or installed.origin(space) is None:
        return origin
    for home in SEARCHED:
        found = installed.origin(".".join(filter(None, ("compat.v1", home, name))))
        if found is not None and found.name:
            return found
    return None


@functools.cache
def _replaced() -> dict[installed.Origin, tuple[str, str]]:
    """What of TensorFlow's own is replaced by ours, by where TensorFlow defines it."""
    found = {installed.origin(f"compat.v1.{name}"): where for name, where in OURS.items()}
    return {origin: where for origin, where in found.items() if origin is not None and origin.name}
