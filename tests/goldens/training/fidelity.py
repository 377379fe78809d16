"""Writes migration_guide/fidelity.md: the worst difference from TensorFlow 1.15.5 of each rule in each mode.

    cd tests && python -m goldens.training.fidelity
"""

from __future__ import annotations

import pathlib

from goldens.training import FAMILIES, everything
from goldens.training.tolerances import TOLERANCES, allowed

PAGE = pathlib.Path(__file__).resolve().parents[3] / "migration_guide" / "fidelity.md"
TITLES = {
    "optimizers": "Optimizers",
    "schedules": "Learning rate schedules",
    "averages": "Moving averages",
    "clips": "Clipping and norms",
    "regularizers": "Regularizers",
}
ABOUT = {
    "optimizers": "50 steps of given gradients; weights and slots. Dense and sparse with repeated rows, constant and "
    "decayed rates.",
    "schedules": "Steps 0 to 199 and some far beyond the end.",
    "averages": "50 steps; every kind of `num_updates`, averages of variables and of tensors.",
    "clips": "Results and gradients, for ordinary numbers, zeros, infinities, NaN, slices and None.",
    "regularizers": "Penalties and gradients, for ordinary numbers, zeros, infinities and NaN.",
}
NOT_THERE = "-"


def measured():
    """{(family, line): {mode: units}} of the rules as they are now."""
    import tf1compat.train as rules

    found = {}
    for mode in everything.MODES:
        apart = everything.measure_apart(mode) if mode == "MirroredStrategy" else None
        for (family, rule), cases in everything.checks(mode).items():
            print(f"{mode}: {rule}", flush=True)
            each = {name: apart[name] for name in cases} if apart else everything.measure(rules, mode, family, cases)
            units = [difference.units for difference in each.values()]
            by_mode = found.setdefault((family, next(iter(cases.values())).line), {})
            by_mode[mode] = max([by_mode.get(mode, 0), *units])
    return found


def page(found):
    goldens = {family: everything.goldens(family) for family in FAMILIES}
    versions = sorted({golden.version["tensorflow"] for golden in goldens.values()})
    lines = [
        "# Fidelity to TensorFlow 1.15",
        "",
        "<!-- Written by tests/goldens/training/fidelity.py, which measures: do not edit the numbers. -->",
        "",
        f"How far `tf1compat.train` is from what TensorFlow {', '.join(versions)} computed, over",
        f"{sum(len(golden.answers) for golden in goldens.values())} recorded cases in float32, float64, float16 and "
        "bfloat16, where TensorFlow 1.15 had them on CPUs.",
        "",
        "A number is the worst difference seen: 0 is equality, 1 is one unit in the last place (the dtype's epsilon)",
        "of the largest number in the array, about 1.2e-7 for float32. *Allowed* is what the tests accept: of",
        "TensorFlow's kernels, and of XLA (`jit_compile=True`).",
        "*Keras variables* is eager code on `keras.Variable`; *MirroredStrategy* is two replicas with dense gradients.",
        f"`{NOT_THERE}` is where a rule has no such mode: schedules, clips and regularizers have no variables;",
        "`SyncReplicasOptimizer` needs a TF1 graph.",
    ]
    for family in FAMILIES:
        modes = [mode for mode in everything.MODES if family in everything.STATEFUL.get(mode, FAMILIES)]
        lines += ["", f"## {TITLES[family]}", "", ABOUT[family], ""]
        lines.append(f"| | {' | '.join(modes)} | allowed | allowed, XLA |")
        lines.append("|---|" + "---:|" * (len(modes) + 2))
        for (of, line), by_mode in found.items():
            if of == family:
                cells = [f"{by_mode[mode]:.2g}" if mode in by_mode else NOT_THERE for mode in modes]
                limits = [str(allowed(line, "graph")), str(allowed(line, "XLA"))]
                lines.append(f"| `{line}` | {' | '.join(cells + limits)} |")
    return "\n".join(lines) + "\n"


def rows(text):
    """{line: {column: cell}} of a page."""
    found, header = {}, []
    for line in text.splitlines():
        if line.startswith("| | "):
            header = [cell.strip() for cell in line.strip("|").split("|")]
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found[cells[0].strip("`")] = dict(zip(header[1:], cells[1:], strict=True))
    return found


def main():
    found = measured()
    assert {line for _, line in found} == set(TOLERANCES)
    PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
