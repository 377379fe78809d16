"""`tf.contrib.metrics`: metrics of a stream, each as (value, update), and sets."""

from __future__ import annotations

from . import gathered, thresholds
from .gathered import *  # noqa: F403
from .streaming import NAMES, streaming
from .thresholds import *  # noqa: F403

globals().update({name: streaming(name) for name in NAMES})

__all__ = [*NAMES, *gathered.__all__, *thresholds.__all__]
