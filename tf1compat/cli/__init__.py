"""The command line: `tf1compat run script.py` and its kin. `main` is the console script.

Nothing here imports TensorFlow; a script that asks for it does.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .._version import __version__
from .arguments import COMMANDS

__all__ = ["main"]

def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line in `argv` (default: `sys.argv[1:]`) and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="tf1compat", description="TensorFlow 1 programs on TensorFlow 2 and Keras 3.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"tf1compat {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    options, unknown = parser.parse_known_args(argv)
    if unknown:
        (options.parser if "parser" in options else parser).error(
            f"unrecognized arguments: {' '.join(unknown)}"
        )
    if "command" not in options:
        parser.print_help()
        return 2
    return options.command(options)
