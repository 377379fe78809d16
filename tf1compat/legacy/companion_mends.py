"""What Python, SciPy and Pillow's images dropped since 2018, and what it was: the table for `mends`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from .mend import Mend

__all__ = ["TABLES"]

_ABSTRACT = (
    "AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection Container "
    "Coroutine Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView "
    "MutableMapping MutableSequence MutableSet Reversible Sequence Set Sized ValuesView"
).split()


def _abstract(name: str) -> Mend:
    def make(collections: Any) -> Any:
        import collections.abc as abc

        return getattr(abc, name)

    return Mend(name, f"collections.abc.{name}", make)


def _clock(time: Any) -> Any:
    """Processor time on Unix, wall-clock time since the first call on Windows: what it always was."""
    return time.perf_counter if sys.platform == "win32" else time.process_time


def _getargspec(inspect: Any) -> Any:
    import collections

    ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")

    def getargspec(func: Any) -> Any:
        full = inspect.getfullargspec(func)
        if full.kwonlyargs or full.annotations:
            raise ValueError(
                "Function has keyword-only parameters or annotations, use inspect.signature() for those"
            )
        return ArgSpec(full.args, full.varargs, full.varkw, full.defaults)

    return getargspec


def _gcd(fractions: Any) -> Any:
    def gcd(a: Any, b: Any) -> Any:
        """Euclid's algorithm, for fractions and floats too; the sign is b's, or a's where b is 0."""
        while b:
            a, b = b, a % b
        return a

    return gcd


def _special(name: str) -> Mend:
    def make(misc: Any) -> Any:
        return getattr(importlib.import_module("scipy.special"), name)

    return Mend(name, f"scipy.special.{name}", make)


def _image_function(name: str) -> Mend:
    def make(misc: Any) -> Any:
        from . import scipy_images  # imports NumPy, which not every script needs

        return getattr(scipy_images, name)

    return Mend(name, "the function SciPy 1.1 had, on Pillow", make)


_IMAGE_FUNCTIONS = "bytescale fromimage imfilter imread imresize imrotate imsave toimage".split()

TABLES: dict[str, tuple[Mend, ...]] = {
    "collections": tuple(_abstract(name) for name in _ABSTRACT),
    "time": (Mend("clock", "the processor time (on Windows, the time since the first call)", _clock),),
    "inspect": (Mend("getargspec", "the same from inspect.getfullargspec", _getargspec),),
    "fractions": (Mend("gcd", "Euclid's algorithm", _gcd),),
    "base64": (
        Mend("encodestring", "base64.encodebytes", lambda base64: base64.encodebytes),
        Mend("decodestring", "base64.decodebytes", lambda base64: base64.decodebytes),
    ),
    "threading": (Mend("Thread.isAlive", "is_alive", lambda threading: threading.Thread.is_alive),),
    "os": (Mend("errno", "the module errno", lambda os: __import__("errno")),),
    "scipy.misc": (
        *(_image_function(name) for name in _IMAGE_FUNCTIONS),
        *(_special(name) for name in ("comb", "factorial", "factorial2", "factorialk", "logsumexp")),
    ),
    "PIL.Image": (
        Mend("ANTIALIAS", "LANCZOS", lambda image: image.LANCZOS),
        Mend("CUBIC", "BICUBIC", lambda image: image.BICUBIC),
        Mend("LINEAR", "BILINEAR", lambda image: image.BILINEAR),
    ),
}
