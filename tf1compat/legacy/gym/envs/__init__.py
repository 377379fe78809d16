"""`gym.envs`: the registry, and the environments' classes."""

from . import classic_control, toy_text
from .registration import make, register, registry, spec

__all__ = ["classic_control", "make", "register", "registry", "spec", "toy_text"]
