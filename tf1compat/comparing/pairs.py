"""A Session of the program with another beside it: one restarted before each run, one that runs free."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import tensorflow as tf

from ..graph import defaults
from ..graph.session import Session

__all__ = ["Pair", "Variables"]


class Variables:
    """The variables of one Session by name, to read and write."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._known: dict[str, Any] = {}

    def _of(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._session.variable(name)
        return self._known[name]

    def read(self, names: Any) -> dict[str, Any]:
        """The values of those that are here and have one."""
        values = {}
        with defaults.eager():
            for name in names:
                with contextlib.suppress(ValueError, tf.errors.FailedPreconditionError):
                    values[name] = self._of(name).numpy()
        return values

    def write(self, values: dict[str, Any]) -> dict[str, str]:
        """Set values; returns why, for those that cannot be set."""
        refused = {}
        with defaults.eager():
            for name, value in values.items():
                try:
                    self._of(name).assign(value)
                except ValueError as error:
                    refused[name] = str(error).partition("\n")[0]
        return refused


class Pair:
    """`session` is the program's own; `free` has the same graph and its own values, None once it cannot go on."""

    def __init__(self, session: Any, number: int, with_free: bool) -> None:
        self.session, self.number = session, number
        self.free = Session(graph=session.graph, config=session._config) if with_free else None
        self.variables = Variables(session)
        self.free_variables = Variables(self.free)

    def restart(self, values: dict[str, Any]) -> dict[str, str]:
        """Give the program's Session these values; returns why, for the variables that cannot have theirs."""
        now = self.variables.read(values)
        apart = {name: value for name, value in values.items() if name not in now or not _equal(now[name], value)}
        return self.variables.write(apart)


def _equal(one: Any, other: Any) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
