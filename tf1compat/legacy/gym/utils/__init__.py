"""What programs use of `gym.utils`."""

from gymnasium.utils import EzPickle, colorize

from . import seeding

__all__ = ["EzPickle", "colorize", "seeding"]
