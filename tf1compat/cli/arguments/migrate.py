"""The arguments of `tf1compat migrate`."""

from __future__ import annotations

import argparse
import sys
import textwrap

__all__ = ["add"]

_EPILOG = """
what --to means:
  v1         the program as it is, for plain Python: every import of tensorflow becomes one of tf1compat.v1;
             Python 2 becomes Python 3 (7 / 2 stays 3); what NumPy, SciPy, pandas, matplotlib, Pillow, gym and
             Python itself dropped since 2018 is written as it is today. What has no short way to be written
             is asked of tf1compat.legacy. `tf1compat run` did all this in memory.
  functions  that, and placeholders and feed_dict become arguments of a step function for sess.run(fn, ...),
             where the flow can be proven; what cannot is left, with a comment that says why.

  Comments and formatting stay: a line that is not part of a change is not touched. Migrating what was
  migrated changes nothing. A file that imports tf1compat already keeps its `import tensorflow`: it is
  TensorFlow 2's.

which files:
  a file as you name it; of a folder every .py and .ipynb below it, but none in hidden folders, virtual
  environments and installed packages. Migrate the whole program at once: whether a module is Python 2, or a
  script to be run, is told by the others too. Of notebooks only the code of cells changes.

what --write writes:
  all files or none: if one cannot be read or parsed, nothing is written (--keep-going writes the others).
  Each is replaced in one step, with its mode, encoding and line endings, through links.
  In a git work tree only files that git holds as they are: tracked, nothing uncommitted; --force writes over
  those too. Outside of git a copy stays beside each file: train.py.orig.

what is said:
  the diff goes to stdout, for `patch -p1` or `git apply`; notes, one a line (file:line: kind: text), and a
  count to stderr. The kinds: refused (the program will not run so; what to write instead), left (something was
  not changed; why), told (what was done has a side that one should know).

exit status:
  0  nothing to do, or all written
  1  there would be changes (without --write)
  2  the command line was wrong, or there is no such file
  3  as 0 or 1, but the program uses what tf1compat refuses: see the notes
  4  a file could not be read, parsed or written; nothing was written, unless --keep-going

examples:
  tf1compat migrate train.py --to v1                 show what would change
  tf1compat migrate . --to v1 --write                migrate a project that is committed to git
  tf1compat migrate model.ipynb --to v1 --write      a notebook
  tf1compat migrate train.py --to functions          what its placeholders would become
  tf1compat migrate . --to v1 > v1.patch; git apply v1.patch

  The migrated program needs tf1compat where it runs: pip install tf1compat, and put it into its requirements.
  Then: TF_CPP_MIN_LOG_LEVEL=2 python train.py (without it TensorFlow prints its start-up lines; where there
  is no display, MPLBACKEND=Agg keeps matplotlib from looking for one).
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add `migrate` to the command line's commands."""
    migrate = commands.add_parser(
        "migrate",
        help="rewrite TensorFlow 1 programs so that they run under plain Python",
        description="Rewrite TensorFlow 1 programs so that they run under plain Python; shows the diff unless --write.",
        epilog=textwrap.dedent(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    migrate.add_argument("paths", metavar="PATH", nargs="+", help="a Python file, a notebook, or a folder of them")
    migrate.add_argument(
        "--to", dest="target", choices=("v1", "functions"), required=True, help="how far to go: see below"
    )
    migrate.add_argument("--write", action="store_true", help="write the files instead of showing the diff")
    migrate.add_argument(
        "--force", action="store_true", help="with --write: even over changes that git does not hold"
    )
    migrate.add_argument(
        "--keep-going", action="store_true", help="with --write: leave out files that cannot be parsed"
    )
    migrate.set_defaults(command=_migrate, parser=migrate)


def _migrate(options: argparse.Namespace) -> int:
    for name in ("force", "keep_going"):
        if getattr(options, name) and not options.write:
            options.parser.error(f"--{name.replace('_', '-')} is of use with --write only")
    from .. import migrate

    return migrate.migrate(
        options.paths,
        options.target,
        write=options.write,
        force=options.force,
        keep_going=options.keep_going,
        out=sys.stdout,
        err=sys.stderr,
    )
