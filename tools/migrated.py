"""`tf1compat migrate --to v1` over a list of scripts: does each run under plain Python as it ran under `tf1compat run`?

    python tools/migrated.py CORPUS SCRIPTS [--mnist FOLDER] [--only TEXT] [--limit SECONDS] [--jobs N] [--json FILE]

CORPUS is a folder of checked-out repositories, SCRIPTS a file that names scripts in it, one a line or a JSON list of
names or of objects with a "script". Each script runs in a copy of its folder, once under `tf1compat run`, once
migrated under plain Python, with the same seeds, for SECONDS at most each. "same" is a script that

* works, or fails, alike: it exits 0, or is alive at the limit without a traceback;
* prints the same, as far as both got; "close" if only numbers differ, by less than a thousandth;
* and whose new text is the old but for lines that hold a change of ours, and stays so when it is migrated again.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import difflib
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import corpus

from tf1compat.migrating import make_plan

_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
#: A folder that a script reads MNIST from.
#: What a changed line holds: the marks of `--to v1`.
_OURS = re.compile(r"tf1compat|is_alive|\.items\(|\.tobytes\(|\bprint\(|collections\.abc|process_time|LANCZOS|np\.\w+")

# A sitecustomize: the same seeds in both runs, set as each library arrives, nothing imported before its time.
_SEEDS = '''
import random, sys
from importlib.machinery import PathFinder
random.seed(1)
def _numpy(module):
    module.seed(1)
def _tensorflow(module):
    module.set_random_seed(1)
_WAITING = {"numpy.random": _numpy, "tf1compat.v1": _tensorflow}
class _Finder:
    def find_spec(self, name, path=None, target=None):
        seed = _WAITING.pop(name, None)
        spec = PathFinder.find_spec(name, path) if seed else None
        if spec is not None:
            body = spec.loader.exec_module
            def exec_module(module):
                body(module)
                seed(module)
            spec.loader.exec_module = exec_module
        return spec
sys.meta_path.insert(0, _Finder())
'''


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scripts", type=Path)
    parser.add_argument("--mnist", type=Path, help="a folder with MNIST's four archives")
    parser.add_argument("--only", default="", help="only scripts with this in their names")
    parser.add_argument("--limit", type=float, default=25.0, help="seconds for each run (default 25)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the rows there")
    options = parser.parse_args()
    names = [name for name in corpus.names(options.scripts) if options.only in name]
    rows = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(lambda name: _row(name, options), names):
            rows.append(row)
            print(f"{row['verdict']:9} {row['before']:>6} {row['after']:>6} {row['lines']:5} lines  {row['script']}"
                  f"  {row['why']}", flush=True)
            if options.json:
                options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    good = sum(row["verdict"] in ("same", "close") for row in rows)
    print(f"{good} of {len(rows)} run migrated as they ran under tf1compat run "
          f"({sum(row['verdict'] == 'same' for row in rows)} to the letter)")
    return 0 if good == len(rows) else 1


def _row(name: str, options: argparse.Namespace) -> dict[str, Any]:
    row: dict[str, Any] = {"script": name, "before": "", "after": "", "lines": 0, "verdict": "DIFFERS", "why": ""}
    top = Path(tempfile.mkdtemp(prefix="migrated_"))
    try:
        (top / "seeds").mkdir()
        (top / "seeds" / "sitecustomize.py").write_text(_SEEDS, encoding="utf-8")
        path = options.corpus.resolve() / name
        old, new = (corpus.copied(path, name, top / kind, options.mnist) for kind in ("old", "new"))
        row["lines"], why = _migrate(new)
        if why:
            return {**row, "why": why}
        before = _run([sys.executable, "-m", "tf1compat", "run", old.name], old, top, options.limit)
        after = _run([sys.executable, new.name], new, top, options.limit)
        row.update(before=before["end"], after=after["end"])
        if before["works"] != after["works"]:
            worse = after if before["works"] else before
            return {**row, "why": worse["error"][-300:]}
        return {**row, **_compared(before["out"], after["out"], "alive" in (before["end"], after["end"]))}
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _migrate(script: Path) -> tuple[int, str]:
    """Migrate a script where it lies; the number of lines that are new, and what is wrong with it, if anything is."""
    (file,) = make_plan([str(script)], "v1").files
    if file.error is not None:
        return 0, f"line {file.error_line}: {file.error}"
    script.write_bytes(file.after)
    old, new = file.before.split(b"\n"), file.after.split(b"\n")
    changed = _new_lines(old, new)
    strange = [line for line in changed if not _OURS.search(line)]
    if strange:
        return len(changed), f"touched without need: {strange[0][:100]}"
    (again,) = make_plan([str(script)], "v1").files
    return len(changed), "migrated again, it changes again" if again.changed else ""


def _new_lines(old: list[bytes], new: list[bytes]) -> list[str]:
    found: list[str] = []
    for kind, _, _, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found.extend(line.decode("utf-8", "replace") for line in new[first:last])
    return found


def _run(command: list[str], script: Path, top: Path, limit: float) -> dict[str, Any]:
    here = str(Path(__file__).resolve().parent.parent)
    environment = dict(
        os.environ,
        PYTHONPATH=os.pathsep.join([str(top / "seeds"), here]),
        MPLBACKEND="Agg",
        TF_CPP_MIN_LOG_LEVEL="3",
        PYTHONUNBUFFERED="1",
        PYTHONWARNINGS="ignore",
        PYTHONIOENCODING="utf8",
        PYTHONHASHSEED="0",
    )
    out, err = top / "out", top / "err"
    with open(out, "wb") as to, open(err, "wb") as errors:
        process = subprocess.Popen(
            command, cwd=script.parent, env=environment, stdin=subprocess.DEVNULL, stdout=to, stderr=errors,
            start_new_session=True,
        )  # fmt: skip
        began = time.monotonic()
        try:
            end = str(process.wait(limit))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            end = "alive"
    said, error = (file.read_text(encoding="utf-8", errors="replace") for file in (out, err))
    works = end == "0" or end == "alive" and "Traceback (most recent call last)" not in error
    return {"out": said, "error": error, "end": end, "works": works, "seconds": time.monotonic() - began}


def _compared(before: str, after: str, unfinished: bool) -> dict[str, str]:
    """The verdict on two outputs; of scripts that did not end, the lines that both came to print."""
    one, two = before.split("\n"), after.split("\n")
    if unfinished:
        # The last line of each may be half a line.
        count = min(len(one), len(two)) - 1
        one, two = one[:count], two[:count]
    if one == two:
        return {"verdict": "same", "why": f"{len(one)} lines compared" if unfinished else ""}
    if len(one) != len(two):
        return {"verdict": "DIFFERS", "why": f"{len(one)} lines, then {len(two)}"}
    for left, right in zip(one, two, strict=True):
        if left != right and not _close(left, right):
            return {"verdict": "DIFFERS", "why": f"{left[:70]!r}, then {right[:70]!r}"}
    return {"verdict": "close", "why": "numbers within a thousandth"}


def _close(left: str, right: str) -> bool:
    if _NUMBER.sub("0", left) != _NUMBER.sub("0", right):
        return False
    pairs = zip(_NUMBER.findall(left), _NUMBER.findall(right), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=1e-3, abs_tol=1e-6) for a, b in pairs)


if __name__ == "__main__":
    sys.exit(main())
