"""gym's logger: messages on stderr, from a level on."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["DEBUG", "DISABLED", "ERROR", "INFO", "WARN", "debug", "error", "info", "set_level", "setLevel", "warn"]

DEBUG, INFO, WARN, ERROR, DISABLED = 10, 20, 30, 40, 50
_state = {"level": WARN}


def set_level(level: int) -> None:
    _state["level"] = level


setLevel = set_level  # noqa: N816


def _say(level: int, name: str, message: str, args: tuple[Any, ...]) -> None:
    if _state["level"] <= level:
        print(f"{name}: {message % args}", file=sys.stderr)


def debug(message: str, *args: Any) -> None:
    _say(DEBUG, "DEBUG", message, args)


def info(message: str, *args: Any) -> None:
    _say(INFO, "INFO", message, args)


def warn(message: str, *args: Any) -> None:
    _say(WARN, "WARN", message, args)


def error(message: str, *args: Any) -> None:
    _say(ERROR, "ERROR", message, args)
