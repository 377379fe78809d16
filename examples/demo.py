"""`make demo`: trains examples/legacy/softmax.py, a TF1 program as it stands, on TensorFlow 2.

    python examples/demo.py [FOLDER FOR DATA]

The data is MNIST: from the folder's `mnist`, or fetched into it. With no network it is scikit-learn's digits.
"""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import subprocess
import sys

from tf1compat.cli import chatter

chatter.install()  # before TensorFlow loads

import digits_as_mnist  # noqa: E402

from tf1compat.v1.examples.tutorials.mnist import source  # noqa: E402

PROGRAM = pathlib.Path(__file__).resolve().parent / "legacy" / "softmax.py"


def choose_data(folder: pathlib.Path) -> pathlib.Path:
    """The folder of MNIST's files to train on; says what they hold."""
    mnist, digits = folder / "mnist", folder / "digits"
    if not source.missing_files(str(mnist)):
        print(f"==> Data: MNIST, from {mnist}")
        return mnist
    print("==> Looking for MNIST on the network, for a few seconds", flush=True)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            source.locate(str(mnist))
    except FileNotFoundError:
        digits_as_mnist.write(str(digits))
        print(
            "==> MNIST cannot be fetched. Data: the real handwritten digits that scikit-learn ships,\n"
            f"    {digits_as_mnist.TRAINING:,} to train on, as MNIST files in {digits}. "
            f"For MNIST itself, put its four files into {mnist}."
        )
        return digits
    print(f"==> Data: MNIST, fetched into {mnist}")
    return mnist


def main() -> int:
    data = choose_data(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "data"))
    command = [sys.executable, "-m", "tf1compat", "run", os.path.relpath(PROGRAM), str(data)]
    print("==>", os.path.relpath(command[0]), *command[1:], flush=True)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
