"""An environment of gymnasium's, with gym's old interface."""

from __future__ import annotations

import sys
from typing import Any

import gymnasium

from .core import Env

__all__ = ["Adapted", "say"]

_said: set[str] = set()


def say(line: str) -> None:
    """A line on stderr, once."""
    if line not in _said and sys.stderr is not None:
        _said.add(line)
        print(f"tf1compat run: {line}", file=sys.stderr)


class Adapted(Env):
    """`inner`, without gymnasium's wrappers. Its attributes show (`env.state`, `env.x_threshold`) and can be set."""

    def __init__(self, inner: Any) -> None:
        vars(self)["inner"] = inner
        vars(self)["_seed_to_use"] = None
        vars(self)["action_space"] = _old_space(inner.action_space)
        vars(self)["observation_space"] = _old_space(inner.observation_space)
        vars(self)["metadata"] = {**inner.metadata, "render.modes": ["human", *inner.metadata.get("render_modes", ())]}

    def __getattr__(self, name: str) -> Any:
        if name == "inner":
            raise AttributeError(name)
        if name in ("nS", "nA"):  # what gym's tables of states called the sizes of their spaces
            return (self.observation_space if name == "nS" else self.action_space).n
        return getattr(self.inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # `spec` is gym's own; gymnasium's would be taken for another interface's.
        if name != "spec" and name not in vars(self) and hasattr(self.inner, name):
            setattr(self.inner, name, value)
        else:
            super().__setattr__(name, value)

    def reset(self, **kwargs: Any) -> Any:
        observation, _ = self.inner.reset(seed=self._seed_to_use, **kwargs)
        vars(self)["_seed_to_use"] = None
        return observation

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = self.inner.step(action)
        return observation, reward, bool(terminated or truncated), dict(info)

    def seed(self, seed: int | None = None) -> list[Any]:
        """Seed what the episodes from the next `reset` on draw."""
        vars(self)["_seed_to_use"] = None if seed is None else int(seed) % 2**31
        return [seed]

    def render(self, mode: str = "human", close: bool = False, **kwargs: Any) -> Any:
        """Pixels for "rgb_array"; for "human" no window opens, and tables of letters are printed."""
        if close:
            return None
        if mode == "human" and self.inner.render_mode != "ansi":
            say("env.render() opens no window; render('rgb_array') gives the picture")
            return True
        if mode == "human" or mode == "ansi" and self.inner.render_mode == "ansi":
            picture = self.inner.render()
            if mode == "human":
                print(picture)
                return None
            return picture
        if mode != self.inner.render_mode:
            raise NotImplementedError(f"render({mode!r}): this environment renders {self.inner.render_mode!r}")
        return self.inner.render()

    def close(self) -> None:
        self.inner.close()


def _old_space(space: Any) -> Any:
    if isinstance(space, gymnasium.spaces.Discrete):
        space.n = int(space.n)  # type: ignore[assignment]
    return space
