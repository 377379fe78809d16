"""TF1's `tf.layers`: layers that make their variables in variable scopes."""

from __future__ import annotations

from .base import Layer
from .input_spec import InputSpec

__all__ = ["InputSpec", "Layer"]
