"""How long a program's runs take, by what they fetch: the table of `run --profile`, the line of `run --summary`."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

from .on_import import around_import

__all__ = ["Runs", "Signature"]

_LONGEST = 60  # characters of a signature's name in the table


@dataclasses.dataclass
class Signature:
    """The runs of one set of fetches and fed tensors, in seconds. The first call builds and optimizes its function."""

    name: str
    is_step: bool
    count: int = 0
    total: float = 0.0
    first: float = 0.0

    @property
    def mean(self) -> float:
        """Seconds of a call after the first; of the first where there was no other."""
        return (self.total - self.first) / (self.count - 1) if self.count > 1 else self.first


class Runs:
    """Measures each `Session.run` and `run_steps` of this process, from `install()` on.

    around: makes a context for the run of a signature; it is given the signature as it was before.
    """

    def __init__(self, around: Callable[[Signature], AbstractContextManager[None]] | None = None) -> None:
        self.signatures: dict[str, Signature] = {}
        self._around = around or (lambda signature: contextlib.nullcontext())
        self._known: dict[Any, tuple[Signature, list[Any]]] = {}
        self._lock = threading.Lock()
        self._inside = threading.local()
        self._began = time.perf_counter()

    def install(self) -> None:
        """Measure the Sessions of this process, as soon as there are any."""
        around_import("tf1compat.graph.session", self._watch)

    @contextlib.contextmanager
    def _watch(self, sessions: ModuleType) -> Iterator[None]:
        yield
        for method in ("run", "run_steps"):
            setattr(sessions.Session, method, self._measured(getattr(sessions.Session, method)))

    def _measured(self, plain: Any) -> Any:
        @functools.wraps(plain)
        def measured(session: Any, fetches: Any, *args: Any, **kwargs: Any) -> Any:
            if getattr(self._inside, "run", False):
                return plain(session, fetches, *args, **kwargs)
            self._inside.run = True
            try:
                signature = self._signature(session, fetches, args, kwargs, plain.__name__)
                with self._around(signature):
                    began = time.perf_counter()
                    try:
                        return plain(session, fetches, *args, **kwargs)
                    finally:
                        self._add(signature, time.perf_counter() - began)
            finally:
                self._inside.run = False

        return measured

    def _add(self, signature: Signature, seconds: float) -> None:
        with self._lock:
            signature.count += 1
            signature.total += seconds
            if signature.count == 1:
                signature.first = seconds

    def _signature(self, session: Any, fetches: Any, args: Any, kwargs: Any, method: str) -> Signature:
        from ..graph.fetches import cache_key

        feeds = args[0] if args else kwargs.get("feed_dict")
        keys = list(feeds) if isinstance(feeds, dict) else []
        kept: list[Any] = [session.graph, *keys]
        key = (method, id(session.graph), cache_key(fetches, kept), *map(id, keys))
        if key not in self._known:
            name, is_step = _described(session.graph, fetches, keys)
            name = name if method == "run" else f"{method}: {name}"
            with self._lock:
                self._known[key] = (self.signatures.setdefault(name, Signature(name, is_step)), kept)
        return self._known[key][0]

    def table(self) -> str:
        """The signatures that took longest first."""
        lines = [("Session.run of", "runs", "total s", "mean ms", "first ms")]
        for one in sorted(self.signatures.values(), key=lambda one: -one.total):
            short = one.name if len(one.name) <= _LONGEST else one.name[: _LONGEST - 3] + "..."
            times = (f"{one.total:.3f}", f"{one.mean * 1e3:.3f}", f"{one.first * 1e3:.1f}")
            lines.append((short, str(one.count), *times))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(text.ljust(width) if at == 0 else text.rjust(width) for at, (text, width) in enumerate(
                zip(line, widths, strict=True))).rstrip()
            for line in lines
        )  # fmt: skip

    def summary(self) -> str:
        """Steps, runs, signatures and times, in a line."""
        every = self.signatures.values()
        runs, steps = sum(one.count for one in every), sum(one.count for one in every if one.is_step)
        inside, first = sum(one.total for one in every), sum(one.first for one in every)
        return (
            f"{steps} training steps in {runs} runs of {len(every)} signatures; {inside:.1f} s in Session.run, "
            f"{first:.1f} s of them in first calls; {time.perf_counter() - self._began:.1f} s in all"
        )


def _described(graph: Any, fetches: Any, keys: list[Any]) -> tuple[str, bool]:
    """What a signature is called, and whether a run of it trains: applies gradients to variables."""
    from ..comparing.elements import element_name, leaves, op_of
    from ..graph.functions.calling import STEPS

    if type(fetches) in STEPS:
        return f"{getattr(fetches, '__name__', type(fetches).__name__)}()", False
    names = [element_name(graph, thing) for _, thing in leaves(fetches)]
    fed = [element_name(graph, thing) for _, thing in leaves(keys)]
    text = ", ".join(name.removesuffix(":0") for name in names)
    text += f" (fed {', '.join(name.removesuffix(':0') for name in fed)})" if fed else ""
    return text, _trains([op_of(graph, name) for name in names if name != "?"])


def _trains(operations: list[Any]) -> bool:
    seen, stack = set(), list(operations)
    while stack:
        op = stack.pop()
        if op not in seen:
            seen.add(op)
            if op.type.startswith(("ResourceApply", "ResourceSparseApply")):
                return True
            stack += [*(tensor.op for tensor in op.inputs), *op.control_inputs]
    return False
