"""The other way round: TensorFlow 1.15.5 restores what tf1compat saved, and trains on as tf1compat does.

cd tests && python -m goldens.checkpoints.exchange FOLDER ORACLE     ORACLE: a Python 3.7 with TensorFlow 1.15.5

Saves every case of `models` into FOLDER, twice over so that the second save replaces the first, has ORACLE
restore each and train on, and prints the largest difference seen. Ends with 1 where values that were restored
differ at all, or those in the end by more than 5e-6 of the value.
"""

from __future__ import absolute_import, division, print_function

import json
import os
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def read(folder):
    """In the oracle: restore and train on, and print what came out."""
    import tensorflow as tf

    sys.path.insert(0, HERE)
    from models import restore_and_train

    with open(os.path.join(folder, "saved.json")) as f:
        cases = json.load(f)
    found = {case: restore_and_train(tf, case, os.path.join(folder, entry[0])) for case, entry in cases.items()}
    with open(os.path.join(folder, "found.json"), "w") as f:
        json.dump({"tensorflow": tf.__version__, "cases": found}, f)


def main(folder, oracle):
    from goldens.checkpoints.models import CASES, train_and_save

    import tf1compat.v1 as tf

    if not os.path.isdir(folder):
        os.makedirs(folder)
    saved = {case: [train_and_save(tf, case, folder) for _ in range(2)][1] for case in sorted(CASES)}
    with open(os.path.join(folder, "saved.json"), "w") as f:
        json.dump(saved, f)
    subprocess.run([oracle, "-W", "ignore", os.path.abspath(__file__), folder], check=True, stderr=subprocess.DEVNULL)
    with open(os.path.join(folder, "found.json")) as f:
        found = json.load(f)
    wrong = 0
    for case, (_, at_save, at_end) in saved.items():
        restored, end, _ = found["cases"][case]
        exact = restored == json.loads(json.dumps(at_save))
        worst = max(
            float(np.max(np.abs(np.subtract(end[name], at_end[name])) / np.maximum(np.abs(at_end[name]), 1e-3)))
            for name in at_end
            if name not in ("words", "flags")
        )
        wrong += not exact or worst > 5e-6
        print("%-18s %3d variables restored %s; after more steps, worst relative difference %.1e" % (
            case, len(restored), "exactly" if exact else "WRONGLY", worst))  # fmt: skip
    print("restored by TensorFlow %s" % found["tensorflow"])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else read(sys.argv[1]))
