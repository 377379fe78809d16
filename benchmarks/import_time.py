"""`import tf1compat.v1` against `import tensorflow`, in fresh processes that take turns.

    python benchmarks/import_time.py          measures both sides
    python benchmarks/import_time.py ours     one side, as JSON
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
MODULES = {"ours": "tf1compat.v1", "theirs": "tensorflow"}


def main() -> None:
    if len(sys.argv) > 1:
        start = time.perf_counter()
        importlib.import_module(MODULES[sys.argv[1]])
        print(json.dumps({"seconds": time.perf_counter() - start}))
        return
    from measure import in_processes

    median = in_processes(__file__, list(MODULES), rounds=9)
    ours, theirs = (median[side]["seconds"] for side in ("ours", "theirs"))
    verdict = "accepted" if ours / theirs <= 1.1 else "MISSED"
    print(f"import tf1compat.v1 {ours:.2f} s, import tensorflow {theirs:.2f} s, ratio {ours / theirs:.2f} "
          f"(accept 1.10): {verdict}")  # fmt: skip


if __name__ == "__main__":
    main()
