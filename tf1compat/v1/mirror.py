"""The paths inside TensorFlow that TF1 programs imported: `tensorflow.python.framework.ops` and such.

They resolve to the module TensorFlow still has there, with two differences: what is ours stands in for
what it replaces (`ops.Graph`, `session.Session`), wherever it was re-exported; and a name that moved
to another module since 1.15 is found by the public name it has.
"""

from __future__ import annotations

import functools
import importlib
import operator
import sys
import types
from typing import Any

import tensorflow as tf

from tf1compat import _tensorflow
from tf1compat.tables.inside import MOVED_FOLDERS, ROOTS, SEARCHED
from tf1compat.tables.names import OURS

__all__ = ["MISSING", "find", "module", "real"]

MISSING = object()


def find(full: str) -> Any:
    """The object at `tensorflow.<full>`, a module for a module, or `MISSING`."""
    space, _, name = full.rpartition(".")
    parent = module(space) if space else None
    value = MISSING if parent is None else getattr(parent, name, MISSING)
    if value is MISSING:
        value = module(full) or (MISSING if parent is None else _moved(name))
    return _ours("keras" in sys.modules).get(id(value), value)


@functools.cache
def module(full: str) -> types.ModuleType | None:
    """TensorFlow's own module `tensorflow.<full>`, None if it has none; a folder that moved is found where it is."""
    for before, now in MOVED_FOLDERS.items():
        if full == before or full.startswith(f"{before}."):
            full = now + full[len(before) :]
            break
    try:
        return _tensorflow.private_module(f"tensorflow.{full}")
    except ModuleNotFoundError as error:
        if error.name and f"tensorflow.{full}".startswith(error.name):
            return None
        raise


def real(dotted: str) -> types.ModuleType | None:
    """The module inside TensorFlow that the namespace `dotted` shows, None where it shows none."""
    return module(dotted) if dotted.partition(".")[0] in ROOTS else None


def _moved(name: str) -> Any:
    if name.startswith("_"):
        return MISSING
    for home in SEARCHED:
        space = operator.attrgetter(home)(tf.compat.v1) if home else tf.compat.v1
        value = getattr(space, name, MISSING)
        if value is not MISSING and not isinstance(value, types.ModuleType):
            return value
    return MISSING


@functools.cache
def _ours(with_keras: bool) -> dict[int, Any]:
    """What of TensorFlow's is replaced, by identity: its object's id to ours; of Keras's too, where that is loaded."""
    replaced: dict[int, Any] = {}
    for name, (module, attribute) in OURS.items():
        if name.startswith("keras.") and not with_keras:
            continue
        value: Any = tf.compat.v1
        for part in name.split("."):
            value = getattr(value, part, None)
        while isinstance(value, (type, types.FunctionType)):  # what a hook of ours wraps, too
            replaced[id(value)] = getattr(importlib.import_module(module), attribute)
            value = getattr(value, "__wrapped__", None)
    return replaced
