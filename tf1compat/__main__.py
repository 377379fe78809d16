"""`python -m tf1compat`; also run by its path, which is how a script's own processes are started."""

import os
import sys

if not __package__:
    # Started by path. Python put this package's own folder first on sys.path, where its modules would
    # be taken for libraries of the same name; the folder above is what finds the package.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path = [entry for entry in sys.path if os.path.abspath(entry) != here]
    sys.path.insert(0, os.path.dirname(here))
    __import__("tf1compat.cli")  # found while the folder is on the path
    if sys.flags.isolated or getattr(sys.flags, "safe_path", False):
        del sys.path[0]

from tf1compat.cli import main

if __name__ == "__main__":
    sys.exit(main())
