"""`pickle`: what Python 2 pickled loads, its strings as text; files opened as text are taken too."""

from __future__ import annotations

import pickle as _pickle
from pickle import *  # noqa: F403
from typing import Any

HIGHEST_PROTOCOL = 2  # Python 2 reads what its program writes


def _bytes_of(file: Any) -> Any:
    return getattr(file, "buffer", file)


def load(file: Any) -> Any:
    return _pickle.load(_bytes_of(file), encoding="latin1")


def loads(data: Any) -> Any:
    return _pickle.loads(data.encode("latin-1") if isinstance(data, str) else data, encoding="latin1")


def dump(obj: Any, file: Any, protocol: int = 0) -> None:
    if hasattr(file, "buffer"):
        file.flush()
    _pickle.dump(obj, _bytes_of(file), protocol)


def dumps(obj: Any, protocol: int = 0) -> bytes:
    return _pickle.dumps(obj, protocol)


class Unpickler(_pickle.Unpickler):
    def __init__(self, file: Any) -> None:
        super().__init__(_bytes_of(file), encoding="latin1")
