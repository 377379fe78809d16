"""Writes migration_guide/symbols.md, the table of TensorFlow 1.15's names, from tf1compat.v1.names.

`python tools/symbols_table.py` writes it, `--check` exits with 1 if it is not what would be written.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "migration_guide" / "symbols.md"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

HEAD = """\
# The names of TensorFlow 1.15

<!-- Written by tools/symbols_table.py from tf1compat/tables/names.py: change those, not this page. -->

`tf1compat.v1` answers each of the {total} public names of TensorFlow 1.15:

- **ours** ({ours}): this package's own;
- **TensorFlow's** ({tensorflow}): `tf.compat.v1`'s own object, which builds into our graphs as it is. Names
  that TensorFlow added to `tf.compat.v1` since 1.15 answer too;
- **refused** ({refused}): calling, subclassing, entering or iterating it raises `NotImplementedError` with
  the reason and what to write instead. Importing it is free, so `from tensorflow.contrib import rnn` at the
  top of a script does no harm. A constant of a refused class raises when it is read, with an error that is
  an `AttributeError` too: `hasattr` and `getattr` with a default work.

Any other name raises `AttributeError`, as it did in TensorFlow 1.15. `tf.keras` is Keras 3.
`tf.__version__` and `tf.VERSION` are "1.15.5", the release whose programs run here;
`tf.compat.v2.__version__` is that of the TensorFlow that computes, and so are `tf.GIT_VERSION` and
`tf.COMPILER_VERSION`.

## How many, by namespace

| namespace | ours | TensorFlow's | refused |
|---|---:|---:|---:|
"""


def page() -> str:
    """The text of the page."""
    import names as listed

    from tf1compat.tables import names as table
    from tf1compat.tables.arguments import MENDED
    from tf1compat.v1 import names

    entries = {name: names.classify(name) for name in listed.read_names("tf1_15_symbols.txt")}
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name, entry in entries.items():
        counts[name.partition(".")[0] if "." in name else ""][entry.kind] += 1
    kinds = ("ours", "tensorflow", "refused")
    totals = {kind: sum(count[kind] for count in counts.values()) for kind in kinds}
    text = HEAD.format(total=len(entries), **totals)
    for space, count in sorted(counts.items()):
        cells = " | ".join(str(count[kind] or "") for kind in kinds)
        text += f"| `tf{'.' if space else ''}{space}` | {cells} |\n"
    text += f"| all | {' | '.join(str(totals[kind]) for kind in kinds)} |\n"

    text += "\n## Ours\n\n| name | where |\n|---|---|\n"
    for name, entry in sorted(entries.items()):
        if entry.kind == "ours":
            text += f"| `tf.{name}` | `{entry.where.replace(':', '.')}` |\n"

    text += "\n## Refused\n\n"
    reasons = defaultdict(list)
    for name, entry in sorted(entries.items()):
        if entry.kind == "refused":
            reasons[entry.where].append(name)
    text += "| names | why, and what to write instead |\n|---|---|\n"
    for where, refused in sorted(reasons.items(), key=lambda item: item[1]):
        text += f"| {', '.join(f'`tf.{name}`' for name in refused)} | {where} |\n"
    text += "\nBeyond the public names, what stands below these namespaces is refused too: "
    text += ", ".join(f"`tf.contrib.{name}`" for name in table.CONTRIB) + "; and `tf.estimator`.\n"

    text += "\n## TensorFlow's, taking 1.15's arguments\n\n"
    text += "Their order or names changed since; here they are 1.15's:\n"
    text += ", ".join(f"`tf.{name}`" for name in sorted(MENDED)) + ".\n"

    text += "\n## TensorFlow's\n"
    for space in sorted({name.rpartition(".")[0] for name in entries}):
        here = [
            name.rpartition(".")[2]
            for name, entry in entries.items()
            if name.rpartition(".")[0] == space and entry.kind == "tensorflow"
        ]
        if here:
            text += f"\n### `tf{'.' if space else ''}{space}`\n\n{', '.join(sorted(here))}\n"
    return text


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print(f"{PAGE.name} is {'current' if current else 'not what tools/symbols_table.py writes'}")
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
