"""Processes that the script starts behave like the script.

* multiprocessing, by fork: the child is a copy. By spawn or forkserver: the message that tells the child
  how to prepare carries one thing more, which sets this package up before the script is imported there.
* subprocess, os.exec*, os.spawn*, os.posix_spawn*: a command that runs this very Python on a script or
  module of the user's has `tf1compat run` put in, after Python's own options.
* os.system, os.popen, shell=True: the same where a simple command in the text is such a one.

Only what the user's code starts is touched (see `ownership`). A shell script or another program
that in turn runs Python is not: there, write `python -m tf1compat run`.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

from .commands import Rewriter
from .on_import import around_import
from .ownership import Ownership

__all__ = ["install"]

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def install(ownership: Ownership, settings: Callable[[], dict[str, Any]], flags: Sequence[str] = ()) -> None:
    """Watch the processes started from now on. `settings()` are what `environment.install` takes there, `flags` the
    same for `tf1compat run`."""
    rewriter = Rewriter(ownership, flags)

    def asked(depth: int = 2) -> bool:
        return bool(ownership.asked_by_user(sys._getframe(depth)))

    @contextlib.contextmanager
    def patch_multiprocessing(module: ModuleType) -> Iterator[None]:
        yield
        prepare = module.get_preparation_data

        @functools.wraps(prepare)
        def get_preparation_data(name: str) -> dict[str, Any]:
            data = prepare(name)
            # The fork server reads only main_path and sys_path, and passes them on as text.
            return {"tf1compat": _Setup(settings()), **data} if asked() else data

        module.get_preparation_data = get_preparation_data  # type: ignore[attr-defined]

    @contextlib.contextmanager
    def patch_forkserver(module: ModuleType) -> Iterator[None]:
        yield
        # The server would import the script, as an ordinary program, before any child is prepared; the
        # children import it for themselves, prepared, if the server has not.
        server = module._forkserver  # type: ignore[attr-defined]
        if server._preload_modules == ["__main__"]:
            server._preload_modules = []

    @contextlib.contextmanager
    def patch_subprocess(module: ModuleType) -> Iterator[None]:
        yield
        begin = module.Popen.__init__  # type: ignore[attr-defined]

        @functools.wraps(begin)
        def __init__(self: Any, args: Any, *rest: Any, **options: Any) -> None:
            command = args
            if asked():
                command = rewriter.popen(args, *rest, **options)
            begin(self, command, *rest, **options)
            self.args = args  # what errors and `repr` show is what the script wrote

        module.Popen.__init__ = __init__  # type: ignore[attr-defined]

    around_import("multiprocessing.spawn", patch_multiprocessing)
    around_import("multiprocessing.forkserver", patch_forkserver)
    around_import("subprocess", patch_subprocess)
    for name, position in (("execv", 1), ("execve", 1), ("posix_spawn", 1), ("posix_spawnp", 1)):
        if hasattr(os, name):
            setattr(os, name, _with_command(getattr(os, name), position, rewriter.argv, asked))
    os.system = _with_command(os.system, 0, lambda text, _: rewriter.shell(text), asked)


def _with_command(
    plain: Callable[..., Any], position: int, rewrite: Callable[..., Any], asked: Callable[..., bool]
) -> Callable[..., Any]:
    """`plain`, called with the command at `position` rewritten where the user's code calls it."""

    @functools.wraps(plain)
    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) > position and asked():
            command = rewrite(args[position], args[0])
            args = (*args[:position], command, *args[position + 1 :])
        return plain(*args, **kwargs)

    return call


class _Setup:
    """Pickles as a call that sets `run` up in the process that unpickles it, found by path: the child
    unpickles this before it knows the parent's `sys.path`."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings

    def __reduce__(self) -> tuple[Any, ...]:
        text = (
            f"import sys; sys.path.insert(0, {_HOME!r})\n"
            "from tf1compat.cli import environment\n"
            f"sys.path.remove({_HOME!r})\n"
            f"environment.install(**{self._settings!r})\n"
        )
        return exec, (text, {})
