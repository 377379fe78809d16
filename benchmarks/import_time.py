"""`import tf1compat.v1`, and `import tensorflow` under `tf1compat run`, against `import tensorflow`.

    python benchmarks/import_time.py              measures all, in fresh processes that take turns
    python benchmarks/import_time.py tensorflow   what one import takes, as JSON
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
#: What is measured -> what Python runs.
COMMANDS = {
    "import tensorflow": [__file__, "tensorflow"],
    "import tf1compat.v1": [__file__, "tf1compat.v1"],
    "import tensorflow, tf1compat run": ["-m", "tf1compat", "run", __file__, "tensorflow"],
}
ACCEPT = {"import tf1compat.v1": 1.1, "import tensorflow, tf1compat run": 0.75}


def main(rounds: int = 9) -> None:
    if len(sys.argv) > 1:
        start = time.perf_counter()
        importlib.import_module(sys.argv[1])
        print(json.dumps(time.perf_counter() - start))
        return
    taken: dict[str, list[float]] = {what: [] for what in COMMANDS}
    for _ in range(rounds):
        for what, command in COMMANDS.items():
            out = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True).stdout
            taken[what].append(json.loads(out))
    plain, *others = ((what, sorted(times)[rounds // 2]) for what, times in taken.items())
    for what, seconds in others:
        ratio = seconds / plain[1]
        verdict = "accepted" if ratio <= ACCEPT[what] else "MISSED"
        print(f"{what} {seconds:.2f} s, {plain[0]} {plain[1]:.2f} s, ratio {ratio:.2f} "
              f"(accept {ACCEPT[what]:.2f}): {verdict}")  # fmt: skip


if __name__ == "__main__":
    main()
