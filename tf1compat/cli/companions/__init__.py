"""Libraries of 2018 that scripts import and nobody can install any more, over those that took their place.

The folder is no package of the program's: `finder` finds what lies in it under its own name, `gym`.
"""

from __future__ import annotations
