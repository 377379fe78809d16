"""`gym.wrappers`: the limit of an episode's steps, and the record of episodes."""

from __future__ import annotations

from typing import Any

from .monitor import Monitor
from .time_limit import TimeLimit

__all__ = ["Monitor", "TimeLimit"]


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    raise NotImplementedError(
        f"gym.wrappers.{name} is not part of the gym that tf1compat gives; gymnasium.wrappers may have it, for an "
        "environment of gymnasium's own interface"
    )
