"""A record of the episodes."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from .. import error
from ..adapted import say
from ..core import Wrapper

__all__ = ["Monitor"]


class Monitor(Wrapper):
    """Writes each episode's reward and length to `directory` as gym did, `openaigym.episode_batch.*.stats.json`.

    Pictures are not filmed, which a line on stderr says unless `video_callable` is False.
    """

    def __init__(
        self,
        env: Any,
        directory: str,
        video_callable: Any = None,
        force: bool = False,
        resume: bool = False,
        write_upon_reset: bool = False,
        uid: str | None = None,
        mode: str | None = None,
    ) -> None:
        super().__init__(env)
        os.makedirs(directory, exist_ok=True)
        old = [name for name in os.listdir(directory) if name.startswith("openaigym.")]
        if old and force:
            for name in old:
                os.remove(os.path.join(directory, name))
        elif old and not resume:
            raise error.Error(
                f"Trying to write to monitor directory {directory} with existing monitor files: {', '.join(old)}. "
                "Use another directory, or pass force=True to remove them or resume=True to keep them."
            )
        if video_callable is not False:
            say("gym.wrappers.Monitor writes the episodes' statistics, and films none")
        self._path = os.path.join(directory, f"openaigym.episode_batch.0.{uid or os.getpid()}.stats.json")
        self._write_upon_reset = write_upon_reset
        self._started = time.time()
        self._rewards: list[float] = []
        self._lengths: list[int] = []
        self._times: list[float] = []
        self._kinds: list[str] = []
        self._kind = mode or "t"
        self._reward, self._steps, self._total = 0.0, 0, 0
        self._open = True

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        observation, reward, done, info = self.env.step(action)
        self._reward += float(reward)
        self._steps += 1
        self._total += 1
        if done:
            self._finish()
        return observation, reward, done, info

    def reset(self, **kwargs: Any) -> Any:
        self._finish()
        if self._write_upon_reset:
            self._write()
        return self.env.reset(**kwargs)

    def _finish(self) -> None:
        if self._steps:
            self._rewards.append(self._reward)
            self._lengths.append(self._steps)
            self._times.append(time.time())
            self._kinds.append(self._kind)
        self._reward, self._steps = 0.0, 0

    def _write(self) -> None:
        stats = {
            "initial_reset_timestamp": self._started,
            "timestamps": self._times,
            "episode_lengths": self._lengths,
            "episode_rewards": self._rewards,
            "episode_types": self._kinds,
        }
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump(stats, file)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._finish()
            self._write()
            self.env.close()

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            self.close()

    def get_total_steps(self) -> int:
        return self._total

    def get_episode_rewards(self) -> list[float]:
        return self._rewards

    def get_episode_lengths(self) -> list[int]:
        return self._lengths
