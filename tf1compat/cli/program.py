"""The program to run, found and prepared as plain Python would: a file, a folder or zip, a module, a
string, stdin.

Each function here sets what Python sets for its kind (`sys.argv[0]`, `sys.path[0]`, `__file__`,
`__spec__`, `__package__`, `__loader__`) on the module given, and returns the code to run in it. One
that cannot be found raises `NotFound`; whatever its own code raises (a SyntaxError) passes.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import io
import linecache
import os
import pkgutil
import sys
from types import CodeType, ModuleType
from typing import Any

from .python2 import Converter

__all__ = ["NotFound", "load"]


class NotFound(Exception):
    """There is no such program. `status` is the exit status plain Python ends with."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def load(kind: str, name: str, main: ModuleType, converter: Converter) -> CodeType:
    """The code of a program. `kind` is "script", "module" or "text"; for the last, `name` is the text."""
    if kind == "module":
        return _module(name, main, converter)
    if kind == "text":
        if sys.version_info >= (3, 13):  # since then Python shows the line in tracebacks
            linecache.cache["<string>"] = (len(name), None, name.splitlines(keepends=True), "<string>")
        return _text(name.encode(), "<string>", main, converter)
    if name == "-":
        main.__file__ = "<stdin>"
        main.__cached__ = None  # type: ignore[attr-defined]
        return _text(sys.stdin.buffer.read(), main.__file__, main, converter)
    return _script(name, main, converter)


def _text(source: bytes, filename: str, main: ModuleType, converter: Converter) -> CodeType:
    _set_first_path("")
    main.__loader__ = importlib.machinery.BuiltinImporter  # type: ignore[assignment]
    return converter.program(source, filename, main, os.getcwd()) or _compile(source, filename)


def _script(name: str, main: ModuleType, converter: Converter) -> CodeType:
    path = os.path.join(os.getcwd(), name)
    finder = pkgutil.get_importer(path)
    spec = finder.find_spec("__main__", None) if finder is not None else None
    if spec is not None and spec.loader is not None:  # a folder or zip with __main__.py
        _set_first_path(path)
        return _found(spec, main, "", converter)
    try:
        with io.open_code(path) as file:
            source = file.read()
    except OSError as error:
        kind = f"[Errno {error.errno}] {error.strerror}"
        if os.path.isdir(path):
            kind = "it is a folder without __main__.py"
        raise NotFound(f"can't open {path!r}: {kind}", 2) from None
    _set_first_path(os.path.dirname(os.path.realpath(path)))
    main.__file__ = path
    main.__cached__ = None  # type: ignore[attr-defined]
    if path.endswith(".pyc"):
        loader: Any = importlib.machinery.SourcelessFileLoader("__main__", path)
        main.__loader__ = loader
        return loader.get_code("__main__")
    main.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
    folder = os.path.dirname(os.path.realpath(path))
    return converter.program(source, path, main, folder) or _compile(source, path)


def _compile(source: bytes, filename: str) -> CodeType:
    return compile(source, filename, "exec", dont_inherit=True)


def _module(name: str, main: ModuleType, converter: Converter) -> CodeType:
    _set_first_path(os.getcwd())
    sys.argv[0] = "-m"
    spec = _find(name)
    package_note = ""
    if spec.submodule_search_locations is not None:
        package_note = f"; {name!r} is a package and cannot be directly executed"
        spec = _find(f"{name}.__main__", package_note)
    if spec.loader is None or not hasattr(spec.loader, "get_code"):
        raise NotFound(f"No code object available for {name}", 1)
    sys.argv[0] = spec.origin or name
    code = _found(spec, main, spec.parent, converter)
    return code


def _find(name: str, note: str = "") -> Any:
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name == error.name or name.startswith(error.name + ".")):
            raise
        spec = None
    except ValueError:
        spec = None
    if spec is None:
        raise NotFound(f"No module named {name}{note}", 1)
    return spec


def _found(spec: Any, main: ModuleType, package: str, converter: Converter) -> CodeType:
    main.__spec__ = spec
    main.__loader__ = spec.loader
    main.__package__ = package
    main.__file__ = spec.origin
    main.__cached__ = spec.cached  # type: ignore[attr-defined]
    code = None
    if isinstance(spec.loader, importlib.machinery.SourceFileLoader):
        path = spec.loader.path
        code = converter.program(spec.loader.get_data(path), path, main, sys.path[0])
    code = code or spec.loader.get_code(spec.name)
    if code is None:
        raise NotFound(f"No code object available for {spec.name}", 1)
    return code


def _set_first_path(folder: str) -> None:
    """Put the program's folder where Python put this command's: in front, unless told not to (-I, -P)."""
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.path[:1] = [folder]
