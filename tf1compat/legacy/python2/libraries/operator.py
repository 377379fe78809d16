"""`operator`, with what Python 3 dropped."""

from operator import *  # noqa: F403
from typing import Any

from ..division import div, idiv  # noqa: F401

isCallable = callable  # noqa: N816


def sequenceIncludes(a: Any, b: Any) -> bool:  # noqa: N802
    return b in a
