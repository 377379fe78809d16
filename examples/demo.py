"""`make demo`: trains examples/legacy/softmax.py, a TF1 program as it stands, on TensorFlow 2.

The data is MNIST: from data/mnist, or fetched into it. With no network it is scikit-learn's digits.
"""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow loads

import digits_as_mnist

from tf1compat.v1.examples.tutorials.mnist import source

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "examples" / "legacy" / "softmax.py"


def main() -> int:
    folder = _data()
    command = [sys.executable, "-m", "tf1compat", "run", str(PROGRAM.relative_to(ROOT)), folder]
    print("==> python", *command[1:], flush=True)
    return subprocess.run(command, cwd=ROOT).returncode


def _data() -> str:
    """The folder to train on, relative to the project; says which data it holds."""
    os.chdir(ROOT)
    mnist, digits = os.path.join("data", "mnist"), os.path.join("data", "digits")
    if not source.missing_files(mnist):
        print(f"==> Data: MNIST, from {mnist}")
        return mnist
    print("==> Looking for MNIST on the network, for a few seconds", flush=True)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            source.locate(mnist)
    except FileNotFoundError:
        digits_as_mnist.write(digits)
        print(
            "==> MNIST cannot be fetched. Data: the real handwritten digits that scikit-learn ships,\n"
            f"    {digits_as_mnist.TRAINING:,} to train on, as MNIST files in {digits}. For MNIST itself, "
            f"put its four files into {mnist}."
        )
        return digits
    print(f"==> Data: MNIST, fetched into {mnist}")
    return mnist


if __name__ == "__main__":
    sys.exit(main())
