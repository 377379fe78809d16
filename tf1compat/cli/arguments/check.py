"""The arguments of `tf1compat check`."""

from __future__ import annotations

import argparse
import textwrap

__all__ = ["add"]

_EPILOG = """
what is told of each name of TensorFlow's, with the lines where it stands:
  ours           this package's own: Session, tf.train's optimizers, tf.layers, tf.contrib.slim, Estimators ...
  TensorFlow's   what TensorFlow 2 still has of it, which builds into our graphs as it is
  different      it is here and does something else than in TensorFlow 1.15: how
  refused        it raises NotImplementedError: why, and what to write instead. An argument can be what is refused
  unknown        TensorFlow 1.15 did not have it either (tf.mul, or a name of TensorFlow 2's), or it was inside of
                 TensorFlow and is gone; it raises AttributeError or ImportError

  Names are followed through what the program imports and assigns: `import tensorflow.contrib.slim as slim`,
  `from tensorflow.python.ops import nn`, `layers = tf.contrib.layers`. What is refused does no harm where it is
  only imported, or where the program asks first (try/except, the version). Modules that are not installed are
  told, and so is Python 2, which `tf1compat run` converts.

  Programs are read, not run, and TensorFlow is not imported: it takes a moment. Whether a file that a program
  opens is there, or an error lies in its own code, only a run can tell.

  A file "will fail" where the program is sure to come to what fails, when it runs as a script; it "may fail" where
  that stands in a function or a branch that may never run.

exit code: 0 every file runs as far as can be told (differences count as fine); 1 something will or may fail: a name
  that is refused or unknown, or a module that is not installed; 2 something could not be read, or the command line
  is wrong.

examples:
  tf1compat check train.py
  tf1compat check . --brief                       # only what needs a look
  tf1compat check . --html report.html            # to look through in a browser, with filters
  tf1compat check . --json | jq '.summary'
  tf1compat check src notebooks --brief || exit 1   # in CI
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add `check` to the command line's commands."""
    check = commands.add_parser(
        "check",
        help="tell what will become of TensorFlow 1 programs, without running them",
        usage="tf1compat check [-h] [--brief] [--json] [--html FILE] PATH...",
        description="Read TensorFlow 1 programs and tell what each name of TensorFlow's that they use is here.\n"
        "PATH is a Python file, a notebook, or a folder with such files below it.",
        epilog=textwrap.dedent(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    check.add_argument("paths", metavar="PATH", nargs="+", help="a .py file, a .ipynb notebook or a folder")
    check.add_argument("--brief", action="store_true", help="tell only what fails or differs")
    check.add_argument("--json", action="store_true", help="write everything to stdout as JSON")
    check.add_argument("--html", metavar="FILE", help="write a page for a browser, in one file")
    check.set_defaults(command=_check, parser=check)


def _check(options: argparse.Namespace) -> int:
    from .. import check

    return check.check(options.paths, brief=options.brief, as_json=options.json, html=options.html)
