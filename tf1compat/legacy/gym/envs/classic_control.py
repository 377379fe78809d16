"""The classes of the classic control problems."""

from __future__ import annotations

import gymnasium

from ..adapted import Adapted

__all__ = ["AcrobotEnv", "CartPoleEnv", "Continuous_MountainCarEnv", "MountainCarEnv", "PendulumEnv"]


def _class(name: str, id: str) -> type[Adapted]:
    def __init__(self: Adapted, **kwargs: object) -> None:  # noqa: N807
        Adapted.__init__(self, gymnasium.make(id, render_mode="rgb_array", **kwargs).unwrapped)

    return type(name, (Adapted,), {"__init__": __init__, "__module__": __name__})


AcrobotEnv = _class("AcrobotEnv", "Acrobot-v1")
CartPoleEnv = _class("CartPoleEnv", "CartPole-v1")
Continuous_MountainCarEnv = _class("Continuous_MountainCarEnv", "MountainCarContinuous-v0")
MountainCarEnv = _class("MountainCarEnv", "MountainCar-v0")
PendulumEnv = _class("PendulumEnv", "Pendulum-v1")
