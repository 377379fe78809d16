"""`tf1compat compare` over a list of scripts: the table of migration_guide/compared.md.

    python tools/compared.py CORPUS SCRIPTS ORACLE [--mnist FOLDER] [--only TEXT] [--work FOLDER [--reuse]] [--write]

CORPUS is a folder of checked-out repositories, SCRIPTS a file that names scripts in it, one a line or a JSON list of
names or of objects with a "script"; ORACLE a Python with TensorFlow 1.15. Each script runs in a copy of its folder;
FOLDER's MNIST archives are put where it looks for them. Recordings are kept in --work, and used again; with --reuse,
so are the comparisons of an earlier run.
--write puts the table, with the explanations of tools/compared_why.json, into migration_guide/compared.md.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import corpus

from tf1compat.comparing import report
from tf1compat.comparing.comparing import CannotCompare, Settings, record, replay

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "migration_guide" / "compared.md"
WHY = HERE / "compared_why.json"

#: Kind of row, and which of its figures.
COLUMNS = (("fetch", "worst"), ("variable", "worst"), ("fetch", "worst_free"))

INTRODUCTION = """# Compared with TensorFlow 1.15.5

<!-- Written by tools/compared.py, which measures: do not edit the numbers. -->

What `tf1compat compare` says of programs from public repositories, unedited, under TensorFlow {tensorflow} and here,
each over its first {steps} training steps. A number is the worst difference of any run, relative to the largest number
of its array; of integers, the share that differs.

*Fetched* and *variables*: what every run fetched, and the variables that it left behind, where each run begins with
TensorFlow 1's variables and gets its batches and its random numbers. This is what shows a fault. *Running free*: what
was fetched with nothing but TensorFlow 1's initial values, batches and random numbers. Training amplifies rounding; how
much is the program's affair.

{summary}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scripts", type=Path)
    parser.add_argument("oracle")
    parser.add_argument("--mnist", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=400.0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.corpus, options.oracle = options.corpus.resolve(), shutil.which(options.oracle) or options.oracle
    names = [name for name in corpus.names(options.scripts) if options.only in name]
    explained = json.loads(WHY.read_text(encoding="utf-8")) if WHY.exists() else {}
    rows = []
    for name in names:
        row = _kept(name, options) or _compare(name, options)
        rows.append(row)
        figures = " ".join(f"{_shown(row, *column):>7}" for column in COLUMNS)
        figures = f"{row['verdict']:16} {figures} {row['steps']:4}"
        print(f"{figures} {name}  {row['what']}", flush=True)
    print(_summary(rows))
    unexplained = [row["script"] for row in rows if row["verdict"] != "agrees" and row["script"] not in explained]
    for name in unexplained:
        print(f"not explained: {name}")
    if options.write:
        PAGE.write_text(_page(rows, explained, options), encoding="utf-8")
    return 1 if unexplained else 0


def _folder(name: str, options: Any) -> Path | None:
    return options.work / re.sub(r"\W+", "_", name) if options.work else None


def _kept(name: str, options: Any) -> dict[str, Any] | None:
    """The row that an earlier run kept, where --reuse asks for it."""
    folder = _folder(name, options)
    if not (options.reuse and folder and (folder / "report.json").exists()):
        return None
    return _row(name, json.loads((folder / "report.json").read_text(encoding="utf-8")))


def _compare(name: str, options: Any) -> dict[str, Any]:
    """One script's row; its recording is made where there is none yet."""
    kept = _folder(name, options)
    with tempfile.TemporaryDirectory(prefix="compared_") as scratch:
        recorded = kept or Path(scratch, "recorded")
        settings = Settings(steps=options.steps, seconds=options.seconds)
        try:
            if not (recorded / "about.json").exists():
                shutil.rmtree(recorded, ignore_errors=True)
                recorded.mkdir(parents=True)
                script = _enter(name, Path(scratch, "there"), options)
                record(options.oracle, script, [], recorded.resolve(), settings)
            script = _enter(name, Path(scratch, "here"), options)
            comparison = replay(recorded.resolve(), script, [], settings)
        except CannotCompare as error:
            text = str(error).partition("\n")[0]
            return {"script": name, "verdict": "not compared", "steps": 0, "what": text, "tensorflow": "", "worst": {}}
    content = report.as_json(comparison)
    if kept:
        (kept / "report.txt").write_text(report.as_text(comparison) + "\n", encoding="utf-8")
        (kept / "report.json").write_text(json.dumps(content), encoding="utf-8")
    return _row(name, content)


def _row(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """What the table says of a script, from the JSON of its comparison."""
    worst = {}
    for kind, column in itertools.product(("fetch", "variable"), ("worst", "worst_free")):
        sizes = [_size(row[column]) for row in found["rows"] if row["kind"] == kind and row[column]]
        worst[kind, column] = max(sizes, default=-1)
    beyond = [row["name"] for row in found["rows"] if row["first_beyond"]]
    fetched = worst["fetch", "worst"]
    if found["failures"] or max(worst.values()) < 0:
        verdict = "not compared"
    elif fetched > found["tolerance"]:
        verdict = "differs"
    else:
        verdict = "agrees" if worst["variable", "worst"] <= found["tolerance"] else "variables differ"
    if verdict in ("agrees", "variables differ") and any(row["random"] for row in found["rows"]):
        verdict = "in part random"
    what = found["failures"][0][:200] if found["failures"] else ", ".join(beyond[:5])
    figures = {" ".join(key): value for key, value in worst.items()}
    return {"script": name, "verdict": verdict, "steps": found["steps"], "what": what, "worst": figures,
            "tensorflow": found["there"]["tensorflow"]}  # fmt: skip


def _size(found: dict[str, Any]) -> float:
    return float("inf") if found["difference"] is None else found["difference"]


def _enter(name: str, top: Path, options: Any) -> str:
    """Go to a copy of the script's folder; returns the script's name."""
    script = corpus.copied(options.corpus / name, name, top, options.mnist)
    os.chdir(script.parent)
    return script.name


def _shown(row: dict[str, Any], *key: str) -> str:
    value = row["worst"].get(" ".join(key), -1)
    return "-" if value < 0 else "0" if value == 0 else f"{value:.1e}"


def _summary(rows: list[dict[str, Any]]) -> str:
    training = [row for row in rows if row["steps"] or row["verdict"] == "not compared"]
    random = [row for row in training if row["verdict"] == "in part random"]
    fetched = [row for row in training if row["verdict"] in ("agrees", "variables differ")]
    wholly = [row for row in training if row["verdict"] == "agrees"]
    told = len(training) - len(random)
    return (
        f"Of {len(rows)} programs, {len(training)} train. In {len(fetched)} of them "
        f"({len(fetched) / max(len(training), 1):.0%}) everything fetched agrees within 1e-4; in {len(wholly)} of "
        f"these the variables after each run do as well. {len(random)} draw random numbers in loops, where they cannot "
        f"be compared; of the other {told}, {len(fetched) / max(told, 1):.0%} agree."
    )


def _page(rows: list[dict[str, Any]], explained: dict[str, str], options: Any) -> str:
    versions = next((row["tensorflow"] for row in rows if row["tensorflow"]), "1.15.5")
    lines = [INTRODUCTION.format(tensorflow=versions, steps=options.steps, summary=_summary(rows))]
    lines += ["| program | steps | fetched | variables | fetched, running free | |", "|---|---:|---:|---:|---:|---|"]
    for row in rows:
        verdict = row["verdict"] if row["verdict"] != "agrees" else ""
        figures = " | ".join(_shown(row, *column) for column in COLUMNS)
        lines.append(f"| {row['script']} | {row['steps']} | {figures} | {verdict} |")
    lines += ["", "## What does not agree, and why", "", explained.get("", ""), "", "| program | why |", "|---|---|"]
    for row in rows:
        if row["verdict"] != "agrees":
            lines.append(f"| {row['script']} | {explained.get(row['script'], 'not explained yet')} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
