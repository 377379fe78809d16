"""`tf.contrib.integrate`: ordinary differential equations, y' = func(y, t)."""

from __future__ import annotations

from .adaptive import odeint
from .fixed import odeint_fixed

__all__ = ["odeint", "odeint_fixed"]
