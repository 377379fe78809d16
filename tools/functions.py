"""`tf1compat migrate --to functions` over a list of scripts: has each the same loss curve afterwards?

    python tools/functions.py CORPUS SCRIPTS [--mnist FOLDER] [--only TEXT] [--limit SECONDS] [--runs N]
        [--json FILE] [--keep FOLDER]

CORPUS is a folder of checked-out repositories, SCRIPTS a file that names scripts in it, one a line or a JSON list of
names or of objects with a "script"; the programs in examples/legacy are tried as well. Each script is migrated to v1,
which changes nothing of what it does, and to functions. Both run in a fork of this process, in the same copy of the
script's folder, and what every run of their Sessions gave is compared: losses, predictions, all numbers. Long loops
are cut short in both (`range(1000000)` gives 40 numbers, the next time in the same line 8) so that the end of the
program is reached; a script whose ops have no seeds gets the same ones in both, by the order in which they are made.

A run that is not through after SECONDS ends there: what both came to is compared.

"whole": no placeholder is left. "part": some are. "left": all are. "nothing": there was none.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import json
import linecache
import os
import pickle
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import corpus
import libcst as cst
import numpy as np

from tf1compat.migrating.notes import Notes
from tf1compat.migrating.rewriting import rewrite
from tf1compat.migrating.targets import TARGETS

_LONGEST, _SHORT, _SHORTER = 300, 40, 8
_EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "legacy"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scripts", type=Path)
    parser.add_argument("--mnist", type=Path, help="a folder with MNIST's four archives")
    parser.add_argument("--only", default="", help="only scripts with this in their names")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each run (default 60)")
    parser.add_argument("--runs", type=int, default=1000, help="runs of each program's graph to compare (default 1000)")
    parser.add_argument("--json", type=Path, help="write the rows there")
    parser.add_argument("--keep", type=Path, help="write the migrated scripts there")
    options = parser.parse_args()
    os.environ.update(MPLBACKEND="Agg", TF_CPP_MIN_LOG_LEVEL="3", PYTHONWARNINGS="ignore")
    scripts = [(name, options.corpus / name) for name in corpus.names(options.scripts)]
    scripts += [(f"examples/legacy/{path.name}", path) for path in sorted(_EXAMPLES.glob("*.py"))]
    import tf1compat.v1  # noqa: F401 - once, for all forks

    rows = []
    for name, path in scripts:
        if options.only in name:
            row = _row(name, path, options)
            rows.append(row)
            print(f"{row['converted']:8} {row['verdict']:9} {row['runs']:5} runs  {name}  {row['why']}", flush=True)
            if options.json:
                options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    counts = Counter((row["converted"], row["verdict"]) for row in rows)
    for (converted, verdict), count in sorted(counts.items()):
        print(f"{count:4} {converted}: {verdict}")
    return 1 if any(row["verdict"] == "DIFFERS" for row in rows) else 0


def _row(name: str, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8", errors="replace")
    row: dict[str, Any] = {"script": name, "converted": "nothing", "verdict": "-", "runs": 0, "why": ""}
    old, _ = rewrite(text, TARGETS["v1"], Notes())
    new, notes = rewrite(text, TARGETS["functions"], Notes())
    if rewrite(new, TARGETS["functions"], Notes())[0] != new:
        return {**row, "verdict": "DIFFERS", "why": "migrated again, it changes again"}
    before, after = _placeholders(old), _placeholders(new)
    if before:
        row["converted"] = "whole" if not after else "left" if after == before else "part"
    row["why"] = "; ".join(dict.fromkeys(note.text for _, note in notes))[:200]
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / name.replace("/", "__").replace(" ", "_")).write_text(new, encoding="utf-8")
    if row["converted"] not in ("whole", "part"):
        return row
    one, two = (_run(source, path, name, options) for source in (old, new))
    return {**row, **_compared(one, two)}


def _placeholders(code: str) -> int:
    return len(re.findall(r"^[^#\n]*\bplaceholder\(", code, re.M))


def _run(code: str, path: Path, name: str, options: argparse.Namespace) -> dict[str, Any]:
    """What the runs of a program's Sessions gave, and how it ended."""
    top = Path(tempfile.mkdtemp(prefix="functions_"))
    answer = top / "answer"
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            place = corpus.copied(path.resolve(), name, top, options.mnist)
            place.write_text(code, encoding="utf-8")
            os.chdir(place.parent)
            silent = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silent, stream)
            answer.write_bytes(pickle.dumps(_play(code, place, options)))
        os._exit(0)
    try:
        end = time.monotonic() + options.limit + 60
        while os.waitpid(child, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return {"values": [], "end": "it hangs"}
            time.sleep(0.05)
        return pickle.loads(answer.read_bytes()) if answer.exists() else {"values": [], "end": "it died"}
    finally:
        shutil.rmtree(top, ignore_errors=True)


class _Enough(BaseException):
    """The program has run its graph often enough."""


def _play(code: str, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run a program in this process, its Sessions watched."""

    def stop(*_: Any) -> None:
        raise _Enough

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, options.limit)
    values: list[Any] = []
    _watch(values, options.runs)
    _seed(code)
    end = "0"
    sys.argv = [str(path)]
    sys.path.insert(0, str(path.parent))
    namespace = {"__name__": "__main__", "__file__": str(path), "range": _short_range}
    try:
        exec(compile(code, str(path), "exec"), namespace)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except _Enough:
        end = "enough"
    except SystemExit:
        pass
    except BaseException as error:
        end = f"{type(error).__name__}: {error}"[:200]
    return {"values": values, "end": end}


_seen: set[str] = set()


def _short_range(*args: int) -> range:
    whole = builtins.range(*args)
    if len(whole) <= _LONGEST:
        return whole
    caller = sys._getframe(1)
    line = linecache.getline(caller.f_code.co_filename, caller.f_lineno).strip()
    short = _SHORTER if line in _seen else _SHORT
    _seen.add(line)
    return whole[:short]


def _watch(values: list[Any], enough: int) -> None:
    """Note what the outermost call of a Session's run gives."""
    import tensorflow as tf

    from tf1compat.graph import session
    from tf1compat.graph.functions import calling

    depth = [0]

    def watched(run: Any) -> Any:
        def watching(*args: Any, **kwargs: Any) -> Any:
            depth[0] += 1
            try:
                answer = run(*args, **kwargs)
            finally:
                depth[0] -= 1
            found = [np.array(part) for part in tf.nest.flatten(answer) if part is not None]
            if depth[0] == 0 and found:
                values.append(found)
                if len(values) >= enough:
                    raise _Enough
            return answer

        return watching

    session.Session.run = watched(session.Session.run)  # type: ignore[method-assign]
    calling.Steps.run = watched(calling.Steps.run)  # type: ignore[method-assign]


def _seed(code: str) -> None:
    """The same random numbers in every run of a program; a graph's seed is left to the program where it sets one."""
    import tensorflow as tf

    seed_numpy = np.random.seed
    np.random.seed = lambda seed=None: seed_numpy(1 if seed is None else seed)
    random.seed(1)
    np.random.seed(1)
    home = sys.modules[tf.compat.v1.get_seed.__module__]
    get_seed, count = home.get_seed, [0]

    def seeded(op_seed: int | None) -> Any:
        found = get_seed(op_seed)
        if found == (None, None):
            count[0] += 1
            return 1, count[0]
        return found

    home.get_seed = seeded


def _compared(one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    runs = min(len(one["values"]), len(two["values"]))
    row: dict[str, Any] = {"runs": runs, "why": ""}
    if "enough" in (one["end"], two["end"]) and runs:
        one, two = ({"end": "enough", "values": run["values"][:runs]} for run in (one, two))
    if one["end"] != two["end"] or len(one["values"]) != len(two["values"]):
        ends = [f"{run['end']!r} after {len(run['values'])} runs" for run in (one, two)]
        why = f"ended with {ends[0]}, then with {ends[1]}"
        return {**row, "verdict": "DIFFERS", "why": why}
    if one["end"] not in ("0", "enough"):
        return {**row, "verdict": "fails", "why": f"before and after: {one['end']}"}
    worst = 0.0
    for at, (before, after) in enumerate(zip(one["values"], two["values"], strict=True)):
        if [part.shape for part in before] != [part.shape for part in after]:
            return {**row, "verdict": "DIFFERS", "why": f"run {at}: other shapes"}
        for left, right in zip(before, after, strict=True):
            worst = max(worst, _distance(left, right))
    verdict = "same" if worst == 0 else "close" if worst < 1e-4 else "DIFFERS"
    return {**row, "verdict": verdict, "why": f"by {worst:.1e}" if worst else ""}


def _distance(left: np.ndarray, right: np.ndarray) -> float:
    if left.dtype.kind not in "fc":
        return 0.0 if np.array_equal(left, right) or left.dtype.kind in "SO" else 1.0
    if left.size == 0:
        return 0.0
    if not np.array_equal(np.isnan(left), np.isnan(right)):
        return float("inf")
    left, right = np.nan_to_num(left), np.nan_to_num(right)
    return float(np.abs(left - right).max()) / max(float(np.abs(left).max()), 1e-6)


if __name__ == "__main__":
    cst.parse_module("")  # its parser loaded before anything forks
    sys.exit(main())
