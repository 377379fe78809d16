"""Python 2 source made Python 3 source that means the same.

`syntax` has fissix rewrite what it is good at: what Python 3 cannot parse, and lists that became iterators. `meaning`
then rewrites with LibCST what Python 3 reads otherwise: `/`, modules, a few functions. `names` serves files that are
Python 3 and somewhere come to a name of Python 2.
"""

from __future__ import annotations

from .meaning import give_meaning
from .names import rewrite_names
from .syntax import to_python_3

__all__ = ["give_meaning", "rewrite_names", "to_python_3"]
