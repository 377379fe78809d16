"""Keep TensorFlow's start-up lines and deprecation notes off the screen.

Three sources: what its C++ logs as it loads and as it looks for devices (TF_CPP_MIN_LOG_LEVEL hides a
part; TensorFlow 2.17 and newer log the rest before they read it), the "tensorflow" logger, and Python
warnings. The script's own output, its warnings and logging, and TensorFlow's errors pass.

Somebody who set TF_CPP_MIN_LOG_LEVEL keeps it; 0 brings everything back.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType

from . import stderr_filter
from .on_import import around_import

__all__ = ["install"]

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_INSIDES = "tf1compat._tensorflow"

_filtering = False

# Records of the "tensorflow" logger, told by the text before its values are put in.
_NOTES = (
    "is deprecated and will be removed",
    "Instructions for updating",
    "triggered tf.function retracing",
)


def install() -> None:
    level = os.environ.setdefault(_LEVEL, "2")
    if level == "0":
        return
    logging.getLogger("tensorflow").addFilter(_is_no_note)
    warnings.filterwarnings("ignore", message="Protobuf gencode version", category=UserWarning, append=True)
    # What TF1's NumPy did without a word.
    of_arrays = "Conversion of an array with ndim > 0 to a scalar is deprecated"
    warnings.filterwarnings("ignore", message=of_arrays, category=DeprecationWarning)
    # Of TensorFlow to itself, where tf.feature_column.linear_model makes its variables.
    warnings.filterwarnings("ignore", message="`layer.add_variable` is deprecated", category=UserWarning)
    around_import("tensorflow", _quietly)
    around_import(_INSIDES, _watch_devices)


def _is_no_note(record: logging.LogRecord) -> bool:
    text = str(record.msg)
    return not any(note in text for note in _NOTES)


@contextlib.contextmanager
def _quietly(tensorflow: ModuleType) -> Iterator[None]:
    with _filtered_stderr():
        yield
    # This package may be the one importing TensorFlow just now; else it does its part here.
    if _INSIDES not in sys.modules:
        importlib.import_module(_INSIDES)


@contextlib.contextmanager
def _watch_devices(insides: ModuleType) -> Iterator[None]:
    yield
    insides.around_device_start(_filtered_stderr)


@contextlib.contextmanager
def _filtered_stderr() -> Iterator[None]:
    """Pass what is written to file descriptor 2 through `stderr_filter`, in a process of its own: the
    import holds Python's lock while C++ writes, so no thread of this process could read along, and what
    a crash says last still gets out."""
    global _filtering
    finish = None
    if not _filtering:  # starting the runtime looks for devices: one filter serves both
        # Without a second process to be had, or without stderr, the chatter shows.
        with contextlib.suppress(OSError):
            finish = _start_filter()
    if finish is None:
        yield
        return
    _filtering = True
    try:
        yield
    finally:
        _filtering = False
        finish()


def _start_filter() -> Callable[[], None]:
    _flush()
    screen = os.dup(2)
    try:
        command = [sys.executable, "-I", "-S", stderr_filter.__file__, os.environ.get(_LEVEL, "2")]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=screen, close_fds=True)
    except OSError:
        os.close(screen)
        raise
    assert process.stdin is not None
    os.dup2(process.stdin.fileno(), 2)
    process.stdin.close()

    def finish() -> None:
        _flush()
        # Said, not left to the pipe's end: a process started meanwhile may hold the pipe open.
        os.write(2, stderr_filter.END)
        os.dup2(screen, 2)
        os.close(screen)
        process.wait()

    return finish


def _flush() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
