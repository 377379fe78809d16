"""Writes tf1compat/tables/exports.py: the names in the modules of ours that are TF1 namespaces, for tools that read
them without importing TensorFlow.

`python tools/exports_table.py` writes it, `--check` exits with 1 if it is not what would be written.
"""

from __future__ import annotations

import importlib
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULE = ROOT / "tf1compat" / "tables" / "exports.py"
sys.path.insert(0, str(ROOT))

HEAD = '''"""The names in each module of ours that is a TF1 namespace: its `__all__`.

Written by tools/exports_table.py: run that where a name came or went.
"""

from __future__ import annotations

__all__ = ["EXPORTS"]

#: Module: its names.
EXPORTS: dict[str, str] = {
'''


def text() -> str:
    """The text of the module."""
    from tf1compat.tables import lookup

    written = HEAD
    for home in sorted(set(lookup.homes.values())):
        names = " ".join(sorted(importlib.import_module(home).__all__))
        lines = textwrap.wrap(names, 100)
        if len(lines) < 2 and len(home) + len(names) < 100:
            written += f'    "{home}": "{names}",\n'
        else:
            written += f'    "{home}": """\n        ' + "\n        ".join(lines) + '\n    """,\n'
    return written + "}\n"


def main() -> int:
    if "--check" in sys.argv[1:]:
        current = MODULE.exists() and MODULE.read_text(encoding="utf-8") == text()
        print(f"{MODULE.name} is {'current' if current else 'not what tools/exports_table.py writes'}")
        return 0 if current else 1
    MODULE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
