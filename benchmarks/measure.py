"""How the benchmarks measure: side by side in one run, interleaved, medians, ratios."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable


def interleaved(sides: dict[str, Callable[[], object]], rounds: int, calls: int) -> dict[str, float]:
    """Median seconds per call of each side; the sides take turns, so that drift hits all alike."""
    for call in sides.values():
        for _ in range(max(20, calls // 10)):
            call()
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, call in sides.items():
            start = time.perf_counter()
            for _ in range(calls):
                call()
            taken[name].append((time.perf_counter() - start) / calls)
    return {name: statistics.median(times) for name, times in taken.items()}


def in_processes(script: str, sides: list[str], rounds: int) -> dict[str, dict[str, float]]:
    """Medians of what fresh processes `script SIDE` print as one JSON object; the sides take turns."""
    seen: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            out = subprocess.run(
                [sys.executable, script, side], capture_output=True, text=True, check=True
            ).stdout
            seen[side].append(json.loads(out.strip().splitlines()[-1]))
    return {
        side: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for side, rows in seen.items()
    }


def report(
    what: str, ours: float, theirs: float, unit: str, goal: float, accept: float, them: str = "compat.v1"
) -> None:
    """One line: both medians and the ratio against the goal."""
    ratio = ours / theirs
    verdict = "goal met" if ratio <= goal else "accepted" if ratio <= accept else "MISSED"
    print(
        f"{what:34s} ours {ours:10.2f} {unit:3s} {them} {theirs:10.2f} {unit:3s} "
        f"ratio {ratio:5.2f}  (goal {goal}, accept {accept}): {verdict}",
        flush=True,
    )
