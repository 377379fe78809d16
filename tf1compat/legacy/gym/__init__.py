"""OpenAI's gym with its old interface, over gymnasium: `reset()` gives the observation, `step()` four values.

The environments are gymnasium's, so seeded episodes are others than gym's were: another random generator draws them.
"""

from __future__ import annotations

from . import envs, error, logger, spaces, utils, wrappers
from .core import ActionWrapper, Env, ObservationWrapper, RewardWrapper, Wrapper
from .envs.registration import make, register, spec

__version__ = "0.17.3"

__all__ = [
    "ActionWrapper",
    "Env",
    "ObservationWrapper",
    "RewardWrapper",
    "Wrapper",
    "envs",
    "error",
    "logger",
    "make",
    "register",
    "spaces",
    "spec",
    "utils",
    "wrappers",
]
