"""What names the installed TensorFlow has, by its files alone: nothing of it is imported, which takes seconds.

Its public namespaces are files of `from tensorflow.python... import x`; what lies inside is followed through the same
imports to where it is defined.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import keyword
import os
import re
from typing import NamedTuple

__all__ = ["Origin", "defines", "is_there", "listed", "origin", "version"]

_DEFINED = re.compile(r"^(?:(?:async )?def|class)\s+(\w+)|^(\w+(?:\s*,\s*\w+)*)\s*(?::|=(?!=))", re.MULTILINE)
_FROM = re.compile(r"^[ \t]*from\s+([\w.]+)\s+import\s+(?:\(([^)]*)\)|([^\n#;]*))", re.MULTILINE)
_IMPORT = re.compile(r"^import\s+([\w.]+)(?:\s+as\s+(\w+))?", re.MULTILINE)
_SET = re.compile(r"^_current_module\.([\w.]+)\s*=|^setattr\(_current_module, \"(\w+)\"", re.MULTILINE)
_MOVED = re.compile(r"^__getattr__ = deprecation\.deprecate_moved_module\(\s*__name__,\s*(\w+)", re.MULTILINE)
_WORD = re.compile(r"\w{3,}")
_COMMENT = re.compile(r"#[^\n]*")
_READ = frozenset({"keras", "tensorflow", "tf1compat"})
#: Modules of protocol buffers, which make what is in them when they are imported, of a description in bytes.
_MESSAGES = "_pb2"
#: Where Keras keeps what is `tf.keras`.
_KERAS = "keras._tf_keras.keras"


class Origin(NamedTuple):
    """Where something is defined: a module, and its name there ("" for the module itself)."""

    module: str
    name: str = ""


class _Names(NamedTuple):
    """What a module's file says: names defined there (`a.b` is set in the module a below it), names imported (from
    where), modules all of whose public names are, and modules that answer for all else."""

    defined: frozenset[str]
    imported: dict[str, Origin] = {}
    stars: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@functools.cache
def origin(dotted: str) -> Origin | None:
    """Where what `tensorflow.<dotted>` means is defined; None if there is nothing of that name."""
    place: Origin | None = Origin("tensorflow")
    parts = dotted.split(".") if dotted else []
    if parts[:1] == ["keras"] or parts[:3] == ["compat", "v2", "keras"]:
        parts = parts[parts.index("keras") + 1 :]
        place = Origin(_KERAS)
    for part in parts:
        if place is None or place.name:  # what a class has is not known
            return None
        place = _member(place.module, part, frozenset())
    return place


@functools.cache
def listed(dotted: str) -> Origin | None:
    """`origin` less the way to where a name is defined: the module whose file names it. That is quicker."""
    space, _, name = dotted.rpartition(".")
    holder = origin(space)
    if holder is None or holder.name or not name or dotted == "keras":
        return origin(dotted)
    names = _names(holder.module)
    there = names.imported.get(name) if names is not None else None
    if there is None or not there.name:
        return origin(dotted)
    return _as_module(f"{there.module}.{there.name}") or Origin(holder.module, name)


def version() -> str | None:
    """The installed TensorFlow's version; None where none is installed."""
    from importlib import metadata

    for name in ("tensorflow", "tensorflow-cpu", "tensorflow-rocm", "tf-nightly", "tf-nightly-cpu"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            return metadata.version(name)
    return None


def is_there() -> bool:
    """Whether TensorFlow's files are there to be read."""
    return bool(_roots("tensorflow"))


def _member(module: str, name: str, asked: frozenset[tuple[str, str]]) -> Origin | None:
    if (module, name) in asked:
        return None
    if module.partition(".")[0] not in _READ:  # what others have is not looked for
        return Origin(module, name)
    asked |= {(module, name)}
    names = _names(module)
    if names is None:
        return None
    if name in names.defined or module.endswith(_MESSAGES) and _is_described(name, names.defined):
        return Origin(module, name)
    if name in names.imported:
        there = names.imported[name]
        if not there.name:
            return there
        return _member(there.module, there.name, asked) or _as_module(f"{there.module}.{there.name}") or there
    for star in names.stars:
        if not name.startswith("_") and (found := _member(star, name, asked)):
            return found
    for moved in names.moved:
        if found := _member(moved, name, asked):
            return found
    package, _, last = module.rpartition(".")
    above = _names(package) if package else None
    if above is not None and f"{last}.{name}" in above.defined:
        return _member(package, name, asked)
    return _as_module(f"{module}.{name}")


def _is_described(name: str, words: frozenset[str]) -> bool:
    """Whether a name is among the words of a description, where a byte before it may look like part of it, and its
    first letter may be written as a number."""
    return len(name) > 3 and any(word.endswith(name[1:]) for word in words)


def _as_module(module: str) -> Origin | None:
    return Origin(module) if _file(module) is not None or _folder(module) else None


@functools.cache
def _names(module: str) -> _Names | None:
    path = _file(module)
    if path is None:
        return _Names(frozenset()) if _folder(module) else None
    if not path.endswith(".py"):
        return None
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    package = module if os.path.basename(path) == "__init__.py" else module.rpartition(".")[0]
    imported: dict[str, Origin] = {}
    stars: list[str] = []
    for given, bracketed, plain in _FROM.findall(text):
        source = _absolute(given, package)
        for item in _COMMENT.sub("", bracketed or plain).split(","):
            name, _, new = item.strip().partition(" as ")
            if name == "*":
                stars.append(source)
            elif name:
                imported[new.strip() or name.strip()] = Origin(source, name.strip())
    for given, new in _IMPORT.findall(text):
        imported[new or given.partition(".")[0]] = Origin(given if new else given.partition(".")[0])
    defined = {
        *(_WORD.findall(text) if module.endswith(_MESSAGES) else ()),
        *(name.strip() for one, several in _DEFINED.findall(text) for name in (one or several).split(",")),
        *(one or other for one, other in _SET.findall(text)),
    }
    moved = (imported[name] for name in _MOVED.findall(text) if name in imported)
    return _Names(
        frozenset(name for name in defined if not keyword.iskeyword(name)),
        imported,
        tuple(stars),
        tuple(".".join(filter(None, there)) for there in moved),
    )


def _absolute(given: str, package: str) -> str:
    bare = given.lstrip(".")
    up = len(given) - len(bare)
    if not up:
        return given
    base = package.split(".")
    return ".".join([*base[: len(base) - up + 1], *([bare] if bare else [])])


@functools.cache
def _file(module: str) -> str | None:
    top, _, rest = module.partition(".")
    for root in _roots(top):
        base = os.path.join(root, *rest.split(".")) if rest else root
        for path in (os.path.join(base, "__init__.py"), f"{base}.py", f"{base}.so"):
            if os.path.isfile(path):
                return path
    return None


@functools.cache
def _folder(module: str) -> bool:
    top, _, rest = module.partition(".")
    return any(os.path.isdir(os.path.join(root, *rest.split("."))) for root in _roots(top)) if rest else False


@functools.cache
def _roots(top: str) -> tuple[str, ...]:
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    return tuple(spec.submodule_search_locations or ()) if spec is not None else ()


def defines(module: str, name: str) -> bool:
    """Whether a module, of any package, has a name."""
    return _member(module, name, frozenset()) is not None
