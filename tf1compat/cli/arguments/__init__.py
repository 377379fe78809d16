"""What the command line takes: a module for each command, none of which imports TensorFlow."""

from . import check, compare, migrate, run

__all__ = ["COMMANDS"]

#: In the order in which `tf1compat --help` lists them.
COMMANDS = (run, check, migrate, compare)
