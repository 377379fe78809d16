"""The script in a process that multiprocessing started by spawn or forkserver, where it is imported anew.

multiprocessing has the script run there by `runpy`, which compiles a file for itself, past what converts imports, and
gives a module Python 3's builtins. What it runs there is the program, though, as in the process that it comes from.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

from ..on_import import around_import
from .modules import Converter

__all__ = ["install"]


def install(converter: Converter) -> None:
    """Convert the script in the children of this process, and here if this is a child that has not run it yet."""

    @contextlib.contextmanager
    def patch(spawn: ModuleType) -> Iterator[None]:
        yield
        spawn.runpy = _RunPy(spawn.runpy, converter)  # type: ignore[attr-defined]

    around_import("multiprocessing.spawn", patch)


class _RunPy:
    """What multiprocessing asks of `runpy`. Both functions return the globals that running the script left."""

    def __init__(self, plain: Any, converter: Converter) -> None:
        self._plain = plain
        self._converter = converter

    def run_path(self, path_name: str, run_name: str) -> dict[str, Any]:
        module = ModuleType(run_name)
        folder = os.path.dirname(os.path.realpath(path_name))
        code = self._converted(path_name, module, folder)
        return self._plain.run_path(path_name, run_name=run_name) if code is None else _run(code, module)

    def run_module(self, mod_name: str, run_name: str, alter_sys: bool) -> dict[str, Any]:
        spec = importlib.util.find_spec(mod_name)
        if spec is not None and spec.origin is not None:
            module = ModuleType(run_name)
            module.__spec__, module.__loader__, module.__package__ = spec, spec.loader, spec.parent
            code = self._converted(spec.origin, module, sys.path[0])
            if code is not None:
                return _run(code, module)
        return self._plain.run_module(mod_name, run_name=run_name, alter_sys=alter_sys)

    def _converted(self, path: str, module: ModuleType, folder: str) -> CodeType | None:
        module.__file__ = path
        if not path.endswith(".py"):
            return None
        try:
            with open(path, "rb") as file:
                return self._converter.program(file.read(), path, module, folder)
        except OSError:
            return None


def _run(code: CodeType, module: ModuleType) -> dict[str, Any]:
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module
    try:
        exec(code, module.__dict__)
    finally:
        if before is None:
            del sys.modules[module.__name__]
        else:
            sys.modules[module.__name__] = before
    return dict(module.__dict__)
