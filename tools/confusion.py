"""`tf1compat check` over a list of scripts, against what `tf1compat run` then does with each: the confusion table.

    python tools/confusion.py CORPUS SCRIPTS [--runs FILE] [--mnist FOLDER] [--limit SECONDS] [--keep FILE]

CORPUS is a folder of checked-out repositories, SCRIPTS a file that names scripts in it, one a line or a JSON list of
names or of objects with a "script". Each is checked where it lies, and run in a copy of its folder, for SECONDS at
most; it works if it exits 0, or is alive at the limit without a traceback. FILE of --runs is what an earlier run left
(--keep): a JSON list of objects with "script" and "ok", and "err" for the error's line; scripts in it are not run.

"may fail" is said of what stands in code that may never run: that agrees with both.

Exit code: 0 if the two agree on every script.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import corpus

from tf1compat.checking.data import exit_code
from tf1compat.checking.report import Outcome, check


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scripts", type=Path)
    parser.add_argument("--runs", type=Path, help="results of an earlier run")
    parser.add_argument("--mnist", type=Path, help="a folder with MNIST's four archives")
    parser.add_argument("--limit", type=float, default=30.0, help="seconds for each run (default 30)")
    parser.add_argument("--keep", type=Path, help="write the results of the runs there")
    options = parser.parse_args()
    known = {row["script"]: row for row in json.loads(options.runs.read_text())} if options.runs else {}
    names = corpus.names(options.scripts)
    table: Counter[tuple[str, bool]] = Counter()
    ran, disagreeing, seconds = [], [], 0.0
    for name in names:
        began = time.perf_counter()
        report = check(str(options.corpus / name), [str(options.corpus / name.partition("/")[0])])
        seconds += time.perf_counter() - began
        row = known.get(name) or _run(name, options)
        ran.append(row)
        table[report.outcome.value, row["ok"]] += 1
        if report.outcome is not Outcome.MAY_FAIL and (exit_code([report]) == 0) != row["ok"]:
            disagreeing.append((name, report, row))
        if options.keep:
            options.keep.write_text(json.dumps(ran, indent=1), encoding="utf-8")
    print(f"{'tf1compat check says':24}{'run works':>12}{'run fails':>12}")
    for outcome in dict.fromkeys(outcome for outcome, _ in sorted(table)):
        print(f"{outcome:24}{table[outcome, True]:12}{table[outcome, False]:12}")
    print(f"{len(names) - len(disagreeing)} of {len(names)} agree; checking took {seconds:.2f} s in all")
    for name, report, row in disagreeing:
        why = [f"{symbol.verdict.written} is {symbol.verdict.kind.value}" for symbol in report.symbols if symbol.fails]
        why += [note.text for note in report.notes if note.fails] + [error.why for error in report.unreadable]
        print(f"  {name}\n    check: {report.outcome.value}; {'; '.join(why)}\n    run: {row.get('err') or row['ok']}")
    return 1 if disagreeing else 0


def _run(name: str, options: argparse.Namespace) -> dict[str, Any]:
    top = Path(tempfile.mkdtemp(prefix="confusion_"))
    try:
        script = corpus.copied(options.corpus.resolve() / name, name, top, options.mnist)
        with open(top / "out", "wb") as out, open(top / "err", "wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tf1compat", "run", script.name],
                cwd=script.parent,
                env=dict(os.environ, MPLBACKEND="Agg", TF_CPP_MIN_LOG_LEVEL="3", PYTHONIOENCODING="utf8"),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                status: int | None = process.wait(options.limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                status = None
        said = (top / "err").read_text(encoding="utf-8", errors="replace")
        works = status == 0 or status is None and "Traceback (most recent call last)" not in said
        last = "" if works else (said.strip().splitlines() or [""])[-1]
        return {"script": name, "ok": works, "rc": status, "err": last}
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
