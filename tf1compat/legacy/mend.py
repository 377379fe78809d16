"""One name that a library dropped, and how a script gets it back: a row of the tables of mends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Mend"]


@dataclass(frozen=True)
class Mend:
    """One name given back.

    Attributes:
      name: the attribute, dotted where it is a class's: "time" has "clock", "threading" "Thread.isAlive".
      gives: what the script gets, in words for the line on stderr.
      make: given the module, the value; of a method, the function.
    """

    name: str
    gives: str
    make: Callable[[Any], Any]
