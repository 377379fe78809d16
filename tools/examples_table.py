"""Runs each pair of examples/, and writes what they reach and how long they take into examples/README.md.

    python tools/examples_table.py [--oracle PYTHON] [--data FOLDER] [PROGRAM …]

Each program of examples/legacy runs under `tf1compat run`, its partner of examples/ported under plain Python, and, with
`--oracle`, the program of examples/legacy under that Python, which has TensorFlow 1.15.5 and gym 0.17. Programs that
are not named, and TensorFlow 1's column without `--oracle`, keep what the table says.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import platform
import re
import resource
import shutil
import subprocess
import sys
from importlib.metadata import version
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
PAGE = EXAMPLES / "README.md"
BEGIN, END = "<!-- the table: made by `make examples` -->\n", "<!-- the table ends -->\n"

#: What there is to a program, and whether it reads MNIST.
PROGRAMS = {
    "softmax": ("Softmax regression on MNIST by gradient descent", True),
    "convnet": (
        "Convolutional network on MNIST: momentum, a decaying rate, l2, dropout; evaluated with moving averages",
        True,
    ),
    "language_model": ("Characters of a text by an LSTM, its gradients clipped by their global norm", False),
    "ddpg": ("Pendulum by DDPG, whose target networks are moving averages", False),
    "vae": ("Variational autoencoder of MNIST", True),
    "tfrecords": ("Input pipeline from TFRecords: readers, distortions, shuffled batches", True),
    "a3c": ("CartPole by A3C: four workers in threads that share the weights", False),
}
SIDES = ("unedited, here", "ported, here", "TF 1.15.5")


class Ran(NamedTuple):
    metric: str  # such as "test accuracy"
    cell: str  # such as "0.9259, 4 s"


def run(command: list[str], folder: pathlib.Path) -> Ran:
    """A program's last line, "metric: value", and the seconds that it kept the processors busy."""
    folder.mkdir(parents=True, exist_ok=True)
    print("==>", *[os.path.relpath(word) if os.path.isabs(word) else word for word in command], flush=True)
    before = _processor_time()
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds = _processor_time() - before
    metric, _, value = done.stdout.splitlines()[-1].rpartition(": ")
    print(f"{metric}: {value}, {seconds:.0f} s", flush=True)
    return Ran(metric, f"{float(value):.5g}, {seconds:.0f} s")


def _processor_time() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(name: str, data: pathlib.Path, drawn: pathlib.Path, oracle: str | None) -> list[Ran | None]:
    """The three runs of a program; None for TensorFlow 1's without the oracle."""
    arguments = [str(data)] if PROGRAMS[name][1] else []
    legacy, ported = str(EXAMPLES / "legacy" / f"{name}.py"), str(EXAMPLES / "ported" / f"{name}.py")
    return [
        run([sys.executable, "-m", "tf1compat", "run", legacy, *arguments], drawn / "unedited"),
        run([sys.executable, ported, *arguments], drawn / "ported"),
        run([oracle, "-W", "ignore", legacy, *arguments], drawn / "tf1") if oracle else None,
    ]


def read(page: str) -> dict[str, list[str]]:
    """What the page's table says of each program: the metric, and the three cells."""
    rows = re.findall(r"^\| .*\[legacy\]\(legacy/(\w+)\.py\).*?\|(.*)\|$", page, re.M)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


def table(known: dict[str, list[str]]) -> str:
    """The table in Markdown."""
    lines = [f"| program | metric | {' | '.join(SIDES)} |", "|---|---|" + "---|" * len(SIDES)]
    for name, (what, _) in PROGRAMS.items():
        pair = f"**{name}** ([legacy](legacy/{name}.py), [ported](ported/{name}.py)): {what}"
        lines.append(f"| {pair} | {' | '.join(known.get(name, ['', '', '', '']))} |")
    return "\n".join(lines) + "\n"


def write(known: dict[str, list[str]]) -> None:
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    versions = f"TensorFlow {version('tensorflow')}, Keras {version('keras')}, Python {platform.python_version()}"
    PAGE.write_text(
        f"{head}{BEGIN}\n{table(known)}\nHere is {versions}, {os.cpu_count()} cores.\n\n{END}{tail}", encoding="utf-8"
    )


def digits(folder: pathlib.Path) -> pathlib.Path:
    """scikit-learn's digits as MNIST's files."""
    program = str(EXAMPLES / "digits_as_mnist.py")
    subprocess.run([sys.executable, "-m", "tf1compat", "run", program, str(folder)], check=True)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help="such as softmax; all of them if none is named")
    parser.add_argument("--oracle", metavar="PYTHON", help="a Python that has TensorFlow 1.15.5, gym and matplotlib")
    parser.add_argument("--data", metavar="FOLDER", help="of MNIST's four files, instead of scikit-learn's digits")
    options = parser.parse_args()
    if unknown := set(options.programs) - set(PROGRAMS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    if options.oracle and not (oracle := shutil.which(options.oracle)):
        parser.error(f"there is no {options.oracle}")
    oracle = os.path.abspath(oracle) if options.oracle else None
    drawn = ROOT / "data" / "examples"
    data = pathlib.Path(options.data).resolve() if options.data else digits(ROOT / "data" / "digits")
    for name in options.programs or PROGRAMS:
        found = measure(name, data, drawn, oracle)
        known = read(PAGE.read_text(encoding="utf-8"))
        before = known.get(name, ["", "", "", ""])[1:]
        cells = [ran.cell if ran else old for ran, old in zip(found, before, strict=True)]
        known[name] = [found[0].metric, *cells]
        write(known)  # after each: all of them take some minutes
    print(f"Wrote {PAGE.relative_to(ROOT)}; the plots are in {drawn.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
