"""Names that are here and do something else than in TensorFlow 1.15: how, in a clause.

migration_guide/differences.md tells of them by subject, and of what differs without being any one name's.
"""

from __future__ import annotations

__all__ = ["DIFFERENCES"]

#: TF1 name: what is different.
DIFFERENCES: dict[str, str] = {}
