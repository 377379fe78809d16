"""`tf1compat run`: a TensorFlow 1 program as plain Python would run it, in an environment made for it."""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from ..legacy import numpy_mends
from . import environment, fidelity, program, tracebacks
from .watching import CannotWatch, Watch, watched

__all__ = ["run"]

_NEVER_ALSO = {"tensorflow", "keras", "tf1compat"}


def run(
    kind: str, name: str, arguments: Sequence[str], also: Sequence[str] = (), watch: Watch = Watch()  # noqa: B008
) -> int:
    """Run a program to its end and return its exit status.

    Args:
      kind: "script" (a path; "-" is stdin), "module" (a dotted name) or "text" (the code itself).
      name: the script, module or text.
      arguments: what the program finds in `sys.argv[1:]`.
      also: installed packages that get TensorFlow 1 as well.
      watch: how it is computed, and what is measured and said of it.

    Raises:
      SystemExit: as the program raised it.
      KeyboardInterrupt: the program died of one, and its traceback has been printed.
    """
    packages = [entry.replace("-", "_").partition(".")[0] for entry in also]
    for entry in _NEVER_ALSO.intersection(packages):
        return _say(f"--also {entry}: {entry} is what TensorFlow 1 is made of here", 2)
    main = ModuleType("__main__")
    # What Python's own __main__ has; the loaded program adds the rest.
    main.__dict__.update(__builtins__=builtins, __annotations__={})
    if sys.version_info >= (3, 14):
        del main.__annotations__
    sys.modules["__main__"] = main
    sys.argv = ["-c" if kind == "text" else name, *arguments]
    scripts = [os.path.abspath(name)] if kind == "script" and name != "-" else []
    if watch.fidelity:
        fidelity.install()
    ownership, converter, told = environment.install(packages, scripts, xla=watch.xla)
    died_of: BaseException
    try:
        code = program.load(kind, name, main, converter)
        if kind == "module" and main.__file__ is not None:
            ownership.claim(main.__file__)
        for entry, package in zip(also, packages, strict=True):
            if importlib.util.find_spec(package) is None:
                return _say(f"--also {entry}: there is no installed library of this name", 2)
        with watched(watch, told):
            exec(code, main.__dict__)
        return 0
    except SystemExit:
        raise
    except program.NotFound as error:
        return _say(str(error), error.status)
    except CannotWatch as error:
        return _say(str(error), 2)
    except BaseException as error:
        died_of = error
    tracebacks.report(died_of)  # outside of the handler, so that a hook's own errors have no context
    advice = numpy_mends.advice(died_of, sys.modules.get("numpy"))
    if advice is not None:
        return _say(advice, 1)
    if isinstance(died_of, KeyboardInterrupt):
        # Let it end the interpreter as it ends plain Python, by its signal, and print nothing more.
        sys.excepthook = lambda *_: None
        raise died_of
    return 1


def _say(message: str, status: int) -> int:
    print(f"tf1compat run: {message}", file=sys.stderr)
    return status
