"""`tf.contrib.tensorboard.plugins`."""

from __future__ import annotations

__all__: list[str] = []
