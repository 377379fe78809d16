"""An episode's most steps."""

from __future__ import annotations

from typing import Any

from ..core import Wrapper

__all__ = ["TimeLimit"]


class TimeLimit(Wrapper):
    """Ends the episode after `max_episode_steps`; `info["TimeLimit.truncated"]` tells whether it would have gone on."""

    def __init__(self, env: Any, max_episode_steps: int | None = None) -> None:
        super().__init__(env)
        if max_episode_steps is None and env.spec is not None:
            max_episode_steps = env.spec.max_episode_steps
        self._max_episode_steps = max_episode_steps
        self._elapsed_steps: int | None = None

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        if self._elapsed_steps is None:
            raise AssertionError("Cannot call env.step() before calling reset()")
        observation, reward, done, info = self.env.step(action)
        self._elapsed_steps += 1
        if self._max_episode_steps is not None and self._elapsed_steps >= self._max_episode_steps:
            info["TimeLimit.truncated"] = not done
            done = True
        return observation, reward, done, info

    def reset(self, **kwargs: Any) -> Any:
        self._elapsed_steps = 0
        return self.env.reset(**kwargs)
