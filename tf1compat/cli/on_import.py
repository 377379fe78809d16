"""Do something around the first import of a module, whoever imports it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import ModuleType
from typing import Any

__all__ = ["around_import"]

Around = Callable[[ModuleType], AbstractContextManager[None]]


def around_import(name: str, around: Around) -> None:
    """Enter `around(module)` while the module's body runs; at once, round nothing, if it has run."""
    if name in sys.modules:
        with around(sys.modules[name]):
            return
    if _watcher not in sys.meta_path:
        sys.meta_path.insert(0, _watcher)
    _watcher.wanted.setdefault(name, []).append(around)


class _Watcher:
    """A finder that finds nothing itself: it has the other finders find the modules it waits for, and
    borrows one method of the loader to be there when the body runs."""

    def __init__(self) -> None:
        self.wanted: dict[str, list[Around]] = {}
        self._asking: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.wanted or name in self._asking:
            return None
        self._asking.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._asking.discard(name)
        loader = spec.loader if spec is not None else None
        if loader is None or not hasattr(loader, "exec_module"):
            return spec
        run_body = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module  # the borrowed one; the class's own shows again
            with ExitStack() as stack:
                for around in self.wanted[name]:
                    stack.enter_context(around(module))
                run_body(module)
                del self.wanted[name]

        loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


_watcher = _Watcher()
