"""The arguments of `tf1compat run`."""

from __future__ import annotations

import argparse
import textwrap

__all__ = ["add"]

_EPILOG = """
what "tensorflow" means while the script runs:
  your code        the script, and every module that is neither installed nor part of Python, wherever
                   sys.path finds it ('..' and PYTHONPATH too; `pip install -e` is still your code).
                   Every spelling of `import tensorflow` there means TensorFlow 1.15, as tf1compat
                   gives it: tensorflow.examples, tensorflow.contrib and tensorflow.python as well.
  installed code   gets the real TensorFlow 2, unless you name it with --also.

  Threads and processes that your code starts (threading, multiprocessing, subprocess and os.system on
  this Python and one of your scripts) behave like the script; those that libraries start do not.

  TensorFlow's start-up lines and deprecation notes are not printed. TF_CPP_MIN_LOG_LEVEL=0 in the
  environment brings them back. What newer NumPy, SciPy and Python took away and can be given back
  faithfully (np.float, scipy.misc.imread, time.clock) is; a line on stderr says so when it is used.

  Python 2 code is told by what Python 3 cannot run, converted in memory, and run with Python 2's
  meaning (7 / 2 is 3); a line on stderr says so. `import gym` is gym's old interface over gymnasium.

examples:
  tf1compat run train.py --epochs 10
  tf1compat run -m package.train --epochs 10
  tf1compat run --also tensor2tensor train.py
  tf1compat run --summary --profile traced train.py --epochs 1
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add `run` to the command line's commands."""
    run = commands.add_parser(
        "run",
        help="run a TensorFlow 1 script as it stands",
        usage="tf1compat run [option...] script.py [ARG...]\n"
        "       tf1compat run [option...] -m MODULE [ARG...]",
        description="Run a TensorFlow 1 script as it stands, the way `python script.py ARG...` would.\n"
        "What follows the script belongs to the script.",
        epilog=textwrap.dedent(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    run.add_argument(
        "--also",
        metavar="NAME",
        action="append",
        default=[],
        help="an installed library, by the name you import it by, whose `import tensorflow` means "
        "TensorFlow 1 too; may be given several times",
    )
    run.add_argument(
        "--fidelity",
        action="store_true",
        help="compute as near to TensorFlow 1 as settings can have it: oneDNN off, so that products and convolutions "
        "on CPUs are TensorFlow 1's to the last bit, and no TF32 on GPUs",
    )
    run.add_argument(
        "--xla",
        action="store_true",
        help="compile each Session.run signature with XLA; what cannot be compiled runs as before, and a line says so",
    )
    run.add_argument(
        "--profile",
        metavar="DIR",
        help="print a table of the time that each Session.run signature took, and write a trace for TensorBoard "
        "of 100 runs into DIR",
    )
    run.add_argument(
        "--summary",
        action="store_true",
        help="say in a line at the end: steps, runs, signatures, times, what was converted or given back",
    )
    rest = argparse.REMAINDER
    for flag, kind, what in (("-m", "module", "a module"), ("-c", "text", "a string of code")):
        run.add_argument(flag, dest=kind, nargs=rest, help=f"run {what}, as `python {flag}` does")
    run.add_argument(
        "script",
        metavar="script.py",
        nargs=rest,
        help="the script; or a folder or zip with __main__.py in it; or - for stdin",
    )
    run.set_defaults(command=_run, parser=run)


def _run(options: argparse.Namespace) -> int:
    for kind in ("module", "text", "script"):
        given = getattr(options, kind)
        if given:
            break
        if given is not None and kind != "script":
            options.parser.error(f"argument -{kind[0] if kind == 'module' else 'c'}: expected one argument")
    else:
        options.parser.error("which script? Give a file, or -m and a module (tf1compat run --help says more)")
    from .. import run
    from ..watching import Watch

    watch = Watch(options.fidelity, options.xla, options.profile, options.summary)
    return run.run(kind, given[0], given[1:], also=options.also, watch=watch)
