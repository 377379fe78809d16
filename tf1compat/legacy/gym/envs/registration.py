"""Environments by name: the program's own, and gymnasium's."""

from __future__ import annotations

import copy
import importlib
import re
from typing import Any

import gymnasium

from .. import error
from ..adapted import Adapted, say
from ..wrappers.time_limit import TimeLimit

__all__ = ["EnvRegistry", "EnvSpec", "load", "make", "register", "registry", "spec"]

_NAME = re.compile(r"^(?P<base>[\w:.\-/]+)-v(?P<version>\d+)$")


class EnvSpec:
    """What `make` knows of an environment."""

    def __init__(
        self,
        id: str,
        entry_point: Any = None,
        reward_threshold: float | None = None,
        nondeterministic: bool = False,
        max_episode_steps: int | None = None,
        kwargs: dict[str, Any] | None = None,
        tags: dict[str, Any] | None = None,
        timestep_limit: int | None = None,
    ) -> None:
        if not _NAME.match(id):
            raise error.Error(f"Attempted to register malformed environment ID: {id}. It must end in -v and a number.")
        self.id = id
        self.entry_point = entry_point
        self.reward_threshold = reward_threshold
        self.nondeterministic = nondeterministic
        self.tags = dict(tags or {})
        old_limit = self.tags.get("wrapper_config.TimeLimit.max_episode_steps")
        self.max_episode_steps = max_episode_steps or timestep_limit or old_limit
        self._kwargs = dict(kwargs or {})

    @property
    def timestep_limit(self) -> int | None:
        return self.max_episode_steps

    def make(self, **kwargs: Any) -> Any:
        if self.entry_point is None:
            raise error.Error(f"{self.id} is registered without an entry point")
        build = load(self.entry_point) if isinstance(self.entry_point, str) else self.entry_point
        env = build(**{**self._kwargs, **kwargs})
        if isinstance(env, gymnasium.Env):
            env = Adapted(env.unwrapped)
        env.unwrapped.spec = copy.copy(self)
        return env if self.max_episode_steps is None else TimeLimit(env, max_episode_steps=self.max_episode_steps)

    def __repr__(self) -> str:
        return f"EnvSpec({self.id})"


def load(name: str) -> Any:
    """What a "module:attribute" names."""
    module, _, attribute = name.partition(":")
    if module == "gym" or module.startswith("gym."):  # this package, under whatever name it was imported
        module = __name__.removesuffix(".envs.registration") + module[len("gym") :]
    return getattr(importlib.import_module(module), attribute)


class EnvRegistry:
    """The environments known by name. `env_specs` are the program's own and those asked for so far."""

    def __init__(self) -> None:
        self.env_specs: dict[str, EnvSpec] = {}

    def register(self, id: str, **kwargs: Any) -> None:
        if id in self.env_specs:
            raise error.Error(f"Cannot re-register id: {id}")
        self.env_specs[id] = EnvSpec(id, **kwargs)

    def spec(self, id: str) -> EnvSpec:
        if id not in self.env_specs:
            self.env_specs[id] = _from_gymnasium(id)
        return self.env_specs[id]

    def make(self, id: str, **kwargs: Any) -> Any:
        return self.spec(id).make(**kwargs)

    def all(self) -> Any:
        return [*self.env_specs.values(), *(EnvSpec(name) for name in gymnasium.registry if _NAME.match(name))]


def _from_gymnasium(id: str) -> EnvSpec:
    """The spec of an environment of gymnasium's: of this version, or of the newest where this one is gone."""
    match = _NAME.match(id)
    if match is None:
        raise error.Error(f"Attempted to look up malformed environment ID: {id}. It must end in -v and a number.")
    name = id if id in gymnasium.registry else _newest(match["base"])
    if name is None:
        raise error.UnregisteredEnv(
            f"No registered env with id: {id}. gymnasium {gymnasium.__version__} has none called {match['base']}; "
            "Atari's come with `pip install ale-py`"
        )
    if name != id:
        say(f"gym.make({id!r}): gymnasium {gymnasium.__version__} has {name}, which your program gets")
    found = gymnasium.registry[name]

    def build(**kwargs: Any) -> Adapted:
        return Adapted(gymnasium.make(name, render_mode=_render_mode(found), **kwargs).unwrapped)

    return EnvSpec(id, build, found.reward_threshold, found.nondeterministic, found.max_episode_steps)


def _newest(base: str) -> str | None:
    versions: list[int] = []
    for _ in range(2):
        versions = [int(m["version"]) for m in map(_NAME.match, gymnasium.registry) if m and m["base"] == base]
        if versions:
            break
        try:
            gymnasium.register_envs(importlib.import_module("ale_py"))
        except ImportError:
            return None
    return f"{base}-v{max(versions)}" if versions else None


def _render_mode(found: Any) -> str | None:
    build = load(found.entry_point) if isinstance(found.entry_point, str) else found.entry_point
    modes = getattr(build, "metadata", {}).get("render_modes", ())
    return next((mode for mode in ("ansi", "rgb_array") if mode in modes), None)


registry = EnvRegistry()
make, register, spec = registry.make, registry.register, registry.spec
