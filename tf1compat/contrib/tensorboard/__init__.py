"""`tf.contrib.tensorboard`."""

from __future__ import annotations

__all__: list[str] = []
