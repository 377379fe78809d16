"""Records what the programs of examples/legacy print under TF 1.15.5, as examples.json beside this file.

    python -m tf1compat run examples/digits_as_mnist.py FOLDER
    TF1_PYTHON tests/goldens/examples.py FOLDER

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5. The tests run the same programs on tf1compat.
"""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDENS = os.path.join(HERE, "examples.json")
PROGRAMS = os.path.join(HERE, "..", "..", "examples", "legacy")

# Command lines, where DATA stands for the folder of digits.
RUNS = (
    "softmax.py DATA",
    "convnet.py DATA 20",
    "convnet.py DATA 100",
    "target_network.py",
    "l2.py",
    "moving_average.py",
)


def output(command, run, data):
    """What the run prints, line by line, but for the names of the files it reads."""
    program, *arguments = [data if word == "DATA" else word for word in run.split()]
    path = os.path.join(PROGRAMS, program)
    printed = subprocess.check_output(command + [path] + arguments, stdin=subprocess.DEVNULL)
    return [line for line in printed.decode().splitlines() if not line.startswith("Extracting ")]


def main():
    goldens = {run: output([sys.executable], run, sys.argv[1]) for run in RUNS}
    with open(GOLDENS, "w") as f:
        json.dump(goldens, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
