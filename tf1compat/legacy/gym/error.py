"""gym's exceptions."""

from __future__ import annotations

__all__ = ["DependencyNotInstalled", "Error", "InvalidAction", "ResetNeeded", "UnregisteredEnv"]


class Error(Exception):
    pass


class UnregisteredEnv(Error):
    pass


class DependencyNotInstalled(Error):
    pass


class InvalidAction(Exception):
    pass


class ResetNeeded(Exception):
    pass
