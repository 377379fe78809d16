"""Everything that `run` changes in a process, in one place: its own, and the ones the script starts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import NamedTuple

from . import chatter, companions, imports, mends, processes, starting, threads, watching
from .on_import import around_import
from .ownership import Ownership
from .python2 import Converter, children

__all__ = ["Environment", "install"]


class Environment(NamedTuple):
    """What was set up: who judges whose code is whose, what converts Python 2, and the live list of what was said."""

    ownership: Ownership
    converter: Converter
    said: list[str]


def install(
    also: Iterable[str] = (), scripts: Iterable[str] = (), said: Iterable[str] = (), xla: bool = False
) -> Environment:
    """Set this process up for a script; the calling thread is the script's main thread.

    Args:
      also: installed packages whose code is to be treated as the user's.
      scripts: files that are the user's wherever they lie.
      said: what need not be said again on stderr, because the process that started this one did.
      xla: whether Sessions compile with XLA.
    """
    ownership = Ownership(also, scripts)
    told = mends.install(ownership, said)
    converter = Converter(ownership, told)
    converter.install()
    children.install(converter)
    companions.install(ownership, told)
    starting.install()
    chatter.install()
    around_import("tf1compat.graph.keras.sessions", _fit_as_tf1_did)
    imports.install(ownership, threads.install(ownership))
    if xla:
        watching.compile_runs()
    processes.install(
        ownership,
        lambda: {"also": sorted(ownership.also), "scripts": sorted(ownership.scripts), "said": told, "xla": xla},
        flags=["--xla"] if xla else [],
    )
    return Environment(ownership, converter, told)


@contextlib.contextmanager
def _fit_as_tf1_did(sessions: ModuleType) -> Iterator[None]:
    """Have a Keras model's `fit` work where a script calls it, which is in graph mode."""
    yield
    sessions.leaves_the_graph = True  # type: ignore[attr-defined]
