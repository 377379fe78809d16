"""The arguments of `tf1compat compare`."""

from __future__ import annotations

import argparse
import functools
import json
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["add"]

_EPILOG = """
what happens:
  1. PYTHON runs the script, unedited, in this folder. A recorder notes for each Session.run what was fetched and
     fed, the variables' values, and what random ops and input pipelines gave; after N training steps it stops.
  2. The script runs here, as `tf1compat run` would, beside the recording. Each run starts from TensorFlow 1's
     variables and gets its feeds and its random numbers, so that nothing but the arithmetic of that one run can
     differ. What it fetched, and the variables it leaves behind, are compared; the script is given TensorFlow 1's
     values, so that it goes the same way.
  3. Beside it a second Session runs free: it starts with TensorFlow 1's initial values, and is never put back.
     Training amplifies rounding, so this one drifts between any two versions of TensorFlow; a fault in a port
     shows where each step is restarted.

what cannot be compared is named: random numbers drawn inside of loops (tf.while_loop, dropout in
dynamic_rnn), runs of other threads, a variable fetched together with the op that writes it. Random ops in
branches (tf.layers.dropout with a tensor for training) that have no seed are given one, the same on both sides.

what may differ though nothing is wrong (migration_guide/compared.md has cases, --locate looks for the op):
a unit of a ReLU within rounding of 0; Adam's first steps on a gradient that is nothing but rounding; the sigmoid
of TensorFlow 1 on CPUs, an approximation; a run that reads and writes a variable in no order (these are named).

The script runs in this folder twice: what it leaves there under TensorFlow 1, a checkpoint say, it finds here.

exit code: 0 all agrees; 1 something differs; 2 it could not be compared.

examples:
  tf1compat compare train.py --oracle ~/tf1/bin/python
  tf1compat compare train.py --oracle ~/tf1/bin/python --steps 20 --plot drift.png -- --batch_size 10
  tf1compat compare train.py --oracle ~/tf1/bin/python --keep recorded     # the recording is kept ...
  tf1compat compare train.py --recording recorded                          # ... and serves where there is no TF 1
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add `compare` to the command line's commands."""
    parser = commands.add_parser(
        "compare",
        help="prove that a script computes here what it computed under TensorFlow 1",
        usage="tf1compat compare SCRIPT --oracle PYTHON [--steps N] [option...] [-- ARG...]",
        description="Run a script under TensorFlow 1 and here, and compare what every Session.run fetched.",
        epilog=textwrap.dedent(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("script", metavar="SCRIPT", help="the script; what follows -- is for it")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--oracle", metavar="PYTHON", help="a Python that has TensorFlow 1 (2.7, or 3.3 to 3.7)")
    source.add_argument("--recording", metavar="FOLDER", help="what --keep kept, in place of --oracle")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the recording in this new folder")
    for name, kind, default, what in (
        ("--steps", _count, 100, "training steps to compare; a step is a run that changes a variable's value"),
        ("--runs", _count, 1000, "runs of any kind to compare at most"),
        ("--tolerance", _positive, 1e-4, "the relative difference that still counts as equal"),
        ("--seed", int, 0, "what Python's and NumPy's random generators are seeded with, on both sides"),
        ("--seconds", _positive, 600.0, "how long each side may take"),
        ("--megabytes", _count, 4096, "how much data to record at most"),
    ):
        parser.add_argument(name, type=kind, default=default, metavar="N", help=f"{what} (default: %(default)s)")
    parser.add_argument("--no-free-run", action="store_true", help="leave out what runs free: half the time here")
    parser.add_argument(
        "--fidelity",
        action="store_true",
        help="run here as `tf1compat run --fidelity` does: on CPUs products and convolutions are then TensorFlow 1's "
        "to the last bit",
    )
    parser.add_argument(
        "--locate",
        action="store_true",
        help="where something differs, look into the run with the largest difference, and list the ops that differ "
        "though they were given the inputs that they had under TensorFlow 1",
    )
    parser.add_argument("--plot", metavar="FILE", help="draw the differences run by run (needs Matplotlib)")
    parser.add_argument("--json", metavar="FILE", help="write everything as JSON; - is stdout, without the table")
    parser.add_argument("--output", action="store_true", help="show what the script prints, on both sides")
    parser.set_defaults(command=_compare, parser=parser, arguments=[])
    # argparse would look for the script's arguments beside SCRIPT.
    parser.parse_known_args = functools.partial(_parse, parser.parse_known_args)  # type: ignore[method-assign]


def _parse(parse: Any, args: Sequence[str], namespace: argparse.Namespace | None = None) -> Any:
    ours, arguments = list(args), []
    if "--" in ours:
        at = ours.index("--")
        ours, arguments = ours[:at], ours[at + 1 :]
    options, unknown = parse(ours, namespace)
    options.arguments = arguments
    return options, unknown


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text} is not more than 0")
    return value


def _compare(options: argparse.Namespace) -> int:
    from ...comparing import report
    from ...comparing.comparing import CannotCompare, Settings, locate, record, replay
    from ...comparing.plotting import plot
    from .. import fidelity

    if options.fidelity:
        fidelity.install()  # for the processes that are to be started
    settings = Settings(
        steps=options.steps, runs=options.runs, bytes=options.megabytes << 20, tolerance=options.tolerance,
        seed=options.seed, drift=not options.no_free_run, seconds=options.seconds, output=options.output,
    )  # fmt: skip
    try:
        if options.locate and not options.oracle:
            raise CannotCompare("--locate needs --oracle")
        if not Path(options.script).is_file():
            raise CannotCompare(f"there is no file {options.script}")
        with tempfile.TemporaryDirectory(prefix="tf1compat_") as scratch:
            folder = Path(options.recording or options.keep or scratch)
            if options.oracle:
                if options.keep:
                    _make(folder)
                _say(f"running {options.script} under {options.oracle} ...")
                record(options.oracle, options.script, options.arguments, folder, settings)
            elif not (folder / "about.json").is_file():
                raise CannotCompare(f"{folder} has no recording")
            _say(f"running {options.script} here ...")
            comparison = replay(folder, options.script, options.arguments, settings)
            located = None
            if options.locate and report.verdict(comparison) == 1:
                _say(f"running {options.script} on both sides up to the largest difference ...")
                located = locate(options.oracle, options.script, options.arguments, folder, comparison, settings)
        if options.plot:
            plot(comparison, options.plot)
        _write(options.json, comparison, located)
    except CannotCompare as error:
        _say(f"could not compare: {error}")
        return 2
    return report.verdict(comparison)


def _make(folder: Path) -> None:
    from ...comparing.comparing import CannotCompare

    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CannotCompare(f"--keep {folder}: {error.strerror}") from None


def _write(file: str | None, comparison: Any, located: Any) -> None:
    from ...comparing import report

    if file:
        content = report.as_json(comparison)
        if located:
            content["located"] = {"run": located[0], "ops": located[1]}
        text = json.dumps(content, indent=1) + "\n"
        if file == "-":
            sys.stdout.write(text)
            return
        Path(file).write_text(text, encoding="utf-8")
    print(report.as_text(comparison))
    if located:
        print("\n" + report.origins_as_text(*located))


def _say(text: str) -> None:
    print(f"tf1compat compare: {text}", file=sys.stderr)
