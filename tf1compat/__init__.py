"""TensorFlow 1's workflow on TensorFlow 2 and Keras 3.

`import tf1compat.v1 as tf` is TF1's namespace, for TF1 programs; `tf1compat run script.py` runs one as
it stands. The names here are for programs that are TensorFlow 2 otherwise. Importing this package
changes nothing in the process.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._version import __version__

__all__ = ["Graph", "InteractiveSession", "Session", "Steps", "StepsInterrupted", "__version__", "eager", "function"]

_HOMES = dict.fromkeys(
    ["Graph", "InteractiveSession", "Session", "Steps", "StepsInterrupted", "eager", "function"], "tf1compat.graph"
)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
