"""`tf.contrib.slim`: what `tf.contrib.layers` and `tf.contrib.framework` have, and the loops and networks around it."""

from __future__ import annotations

from tf1compat.contrib import framework, layers
from tf1compat.contrib.framework import *  # noqa: F403 - slim has all their names
from tf1compat.contrib.layers import *  # noqa: F403

__all__ = [*framework.__all__, *layers.__all__]
