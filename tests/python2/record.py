"""Record what the programs in programs/ print under Python 2.7 with TensorFlow 1.15: `python3 record.py PYTHON2.7`."""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
GOLDENS = HERE / "printed.json"

# Each program, and what it reads on the standard input.
RUNS = {
    "arguments.py": "",
    "char_rnn.py": "",
    "digits.py": "",
    "language.py": "",
    "linear_regression.py": "",
    "old_pickles.py": "",
    "package_user.py": "",
    "questions.py": "deep\n[2, 3, 9 / 3]\n1 / 4.\n1 2\n-1 0.5\n",
    "queues_and_threads.py": "",
    "tabs.py": "",
    "word_counts.py": "",
}


def record(python: str) -> None:
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONDONTWRITEBYTECODE="1", CUDA_VISIBLE_DEVICES="")
    printed = {}
    for program, stdin in RUNS.items():
        done = subprocess.run(
            [python, "-W", "ignore", program], cwd=PROGRAMS, env=env, input=stdin, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{program}: exit {done.returncode}\n{done.stderr}")
        printed[program] = done.stdout.splitlines()
    GOLDENS.write_text(json.dumps(printed, indent=1) + "\n")


if __name__ == "__main__":
    record(sys.argv[1])
