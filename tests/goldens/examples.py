"""Records what the programs of examples/legacy print under TF 1.15.5, as examples.json beside this file.

    python -m tf1compat run examples/digits_as_mnist.py FOLDER
    TF1_PYTHON tests/goldens/examples.py FOLDER

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 and gym 0.17. The tests run the same programs on tf1compat.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GOLDENS = os.path.join(HERE, "examples.json")
PROGRAMS = os.path.join(ROOT, "examples", "legacy")

# Command lines, where DATA stands for the folder of digits and TEXT for a text.
RUNS = (
    "softmax.py DATA",
    "convnet.py DATA 40",
    "language_model.py TEXT 60",
    "vae.py DATA 60",
    "tfrecords.py DATA 50",
    "ddpg.py 6",
    "a3c.py 40",
    "target_network.py",
    "l2.py",
    "moving_average.py",
)


def words(run, data, programs=PROGRAMS):
    """The run's command line: the program's path, and its arguments."""
    program, *arguments = run.split()
    meant = {"DATA": data, "TEXT": os.path.join(ROOT, "LICENSE")}
    return [os.path.join(programs, program)] + [meant.get(word, word) for word in arguments]


def lines(printed):
    """What a run prints, line by line, but for the names of the files it reads."""
    return [line for line in printed.splitlines() if not line.startswith("Extracting ")]


def main():
    data, folder = os.path.abspath(sys.argv[1]), tempfile.mkdtemp()  # they draw where they run
    goldens = {}
    for run in RUNS:
        command = [sys.executable, "-W", "ignore"] + words(run, data)
        printed = subprocess.check_output(command, stdin=subprocess.DEVNULL, cwd=folder)
        goldens[run] = lines(printed.decode())
    with open(GOLDENS, "w") as f:
        json.dump(goldens, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
