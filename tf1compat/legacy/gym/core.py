"""`Env` and the wrappers, with the interface they had before gym 0.26."""

from __future__ import annotations

from typing import Any

__all__ = ["ActionWrapper", "Env", "ObservationWrapper", "RewardWrapper", "Wrapper"]


class Env:
    """What programs derive their own environments from; those written for the first gyms define `_step` and its kin."""

    metadata: dict[str, Any] = {"render.modes": []}
    reward_range: tuple[float, float] = (-float("inf"), float("inf"))
    spec: Any = None
    action_space: Any = None
    observation_space: Any = None

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        """One step: the observation, the reward, whether the episode is over, and a dictionary."""
        return self._old("_step")(action)

    def reset(self, **kwargs: Any) -> Any:
        """Begin an episode; returns the first observation."""
        return self._old("_reset")(**kwargs)

    def render(self, mode: str = "human", **kwargs: Any) -> Any:
        return self._old("_render")(mode=mode, **kwargs)

    def close(self) -> None:
        return None

    def seed(self, seed: int | None = None) -> Any:
        method = getattr(self, "_seed", None)
        return [] if method is None else method(seed)

    def _old(self, name: str) -> Any:
        method = getattr(self, name, None)
        if method is None:
            raise NotImplementedError(f"{type(self).__name__} defines no {name[1:]}()")
        return method

    @property
    def unwrapped(self) -> Any:
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def __str__(self) -> str:
        name = type(self).__name__
        return f"<{name} instance>" if self.spec is None else f"<{name}<{self.spec.id}>>"


class Wrapper(Env):
    """An environment around another, `env`, whose attributes it shows."""

    def __init__(self, env: Any) -> None:
        self.env = env
        for name in ("action_space", "observation_space", "reward_range", "metadata", "spec"):
            setattr(self, name, getattr(env, name, None))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"attempted to get missing private attribute '{name}'")
        return getattr(self.env, name)

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        return self.env.step(action)

    def reset(self, **kwargs: Any) -> Any:
        return self.env.reset(**kwargs)

    def render(self, mode: str = "human", **kwargs: Any) -> Any:
        return self.env.render(mode, **kwargs)

    def close(self) -> None:
        return self.env.close()

    def seed(self, seed: int | None = None) -> Any:
        return self.env.seed(seed)

    @property
    def unwrapped(self) -> Any:
        return self.env.unwrapped

    def __str__(self) -> str:
        return f"<{type(self).__name__}{self.env}>"


class ObservationWrapper(Wrapper):
    """Shows `observation(what it observes)`."""

    def reset(self, **kwargs: Any) -> Any:
        return self.observation(self.env.reset(**kwargs))

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        observation, reward, done, info = self.env.step(action)
        return self.observation(observation), reward, done, info

    def observation(self, observation: Any) -> Any:
        return self._old("_observation")(observation)


class RewardWrapper(Wrapper):
    """Pays `reward(what it pays)`."""

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        observation, reward, done, info = self.env.step(action)
        return observation, self.reward(reward), done, info

    def reward(self, reward: Any) -> Any:
        return self._old("_reward")(reward)


class ActionWrapper(Wrapper):
    """Takes `action(what it is given)`."""

    def step(self, action: Any) -> tuple[Any, Any, bool, dict[str, Any]]:
        return self.env.step(self.action(action))

    def action(self, action: Any) -> Any:
        return self._old("_action")(action)

    def reverse_action(self, action: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} defines no reverse_action()")
