"""What each dotted name of TensorFlow 1.15 means here, by the rules of `tf1compat.tables`.

`classify` says which of the three it is without making anything; `find` gives the object. Names are
dotted and without `tf.`: "nn.conv2d".
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import pkgutil
import types
from collections.abc import Collection
from typing import Any, NamedTuple

import tensorflow as tf

from tf1compat.tables import lookup
from tf1compat.tables.arguments import MENDED
from tf1compat.tables.inside import ROOTS
from tf1compat.tables.lookup import hint
from tf1compat.tables.names import ELSEWHERE, OURS, REFUSED
from tf1compat.v1 import mirror
from tf1compat.v1.mended import mend
from tf1compat.v1.refusals import Refusal

__all__ = ["MISSING", "Module", "canonical", "children", "classify", "find", "hint", "resolve"]

ROOT = "tf1compat.v1"
#: What `find` answers for a name that TF1 did not have.
MISSING = mirror.MISSING
#: The dunder names that `tf` itself has and a module has not.
DUNDERS = frozenset(name for name in (*OURS, *ELSEWHERE) if name.startswith("__"))
#: Real modules of this package, which no TF1 namespace may hide.
FILES = frozenset(info.name for info in pkgutil.iter_modules(importlib.import_module(ROOT).__path__))


class Module(NamedTuple):
    """What `find` answers for a namespace; `real` is somebody else's module to be given out as it is."""

    real: types.ModuleType | None = None


#: The namespaces of which TensorFlow's part still counts.
_MIXED = frozenset({"data.experimental", "raw_ops", "tpu"})


def _exported(home: str) -> Collection[str]:
    return importlib.import_module(home).__all__


_table = lookup.Table(_exported)
canonical, classify = _table.canonical, _table.classify


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
    if home := _table.ours(full):
        module, attribute = home
        return getattr(importlib.import_module(module), attribute)
    if full in lookup.SPACES:
        return Module()
    if _table.is_refused(full):
        why, instead = lookup.reason(full)
        member = functools.partial(_member, full) if full.startswith("contrib.") else None
        return Refusal(full, why, instead, member)
    if full.partition(".")[0] in FILES:
        try:
            return Module(importlib.import_module(f"{ROOT}.{full}"))
        except ModuleNotFoundError:
            return MISSING
    path = lookup.path(full)
    if path.partition(".")[0] in ROOTS:
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
    if TensorFlow only imports it (`test.mock`) or its own path means something else here (`dtensor`)."""
    own = found.__name__
    if own == f"tensorflow.{full}":
        return Module()
    top, _, inside = own.partition(".")
    if top != "tensorflow" or inside.partition(".")[0] not in ROOTS or canonical(inside) != inside:
        return Module(found)
    return Module(importlib.import_module(f"{ROOT}{own[len('tensorflow'):]}"))


def children(dotted: str) -> list[str]:
    """The public names of a namespace, for `dir`."""
    prefix = f"{dotted}." if dotted else ""
    found = {
        name[len(prefix) :].partition(".")[0]
        for name in (*OURS, *ELSEWHERE, *lookup.REFUSED_NAMES, *REFUSED, *lookup.SPACES)
        if name.startswith(prefix) and name != dotted
    }
    if dotted in lookup.homes:
        found.update(importlib.import_module(lookup.homes[dotted]).__all__)
    if dotted.partition(".")[0] in ROOTS:
        found.update(dir(mirror.find(dotted)))
    elif dotted in _MIXED or not any(dotted == space or dotted.startswith(f"{space}.") for space in REFUSED):
        with contextlib.suppress(ImportError):  # a namespace that Keras 3 lacks and this package has
            found.update(dir(_tensorflow(lookup.path(dotted))))
    if not dotted:
        found.update(("compat", "examples", "keras"))
    return sorted(name for name in found if not name.startswith("_"))


def _member(space: str, name: str) -> Any:
    """A member of a refused namespace, as `find` gives it, or the module of a namespace."""
    found = find(f"{space}.{name}")
    return importlib.import_module(f"{ROOT}.{space}.{name}") if isinstance(found, Module) else found


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
