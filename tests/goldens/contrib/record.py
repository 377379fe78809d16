"""Records what TensorFlow 1.15.5 gives for the cases beside this file, an .npz a family.

    cd tests && TF1_PYTHON -m goldens.contrib.record [FAMILY...]

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 (`make goldens` runs this).
"""

import importlib
import json
import os
import sys

import numpy as np
from goldens.contrib import FAMILIES
from goldens.contrib.observing import observe

HERE = os.path.dirname(os.path.abspath(__file__))


def path_of(family):
    return os.path.join(HERE, family + ".npz")


def load(family):
    """{case: (facts, {output: array})}"""
    with np.load(path_of(family)) as stored:
        facts = json.loads(str(stored["facts"]))
        assert facts.pop("VERSION") == "1.15.5"
        return {
            case: (found, {o: stored["%s|%s" % (case, o)] for o in found["outputs"]}) for case, found in facts.items()
        }


def main():
    import tensorflow as tf

    for family in sys.argv[1:] or FAMILIES:
        cases = importlib.import_module("goldens.contrib." + family).CASES
        everything, arrays = {"VERSION": tf.__version__}, {}
        for name, case in sorted(cases.items()):
            facts, values = observe(tf, case)
            everything[name] = dict(facts, outputs=sorted(values))
            arrays.update({"%s|%s" % (name, output): value for output, value in values.items()})
        np.savez_compressed(path_of(family), facts=json.dumps(everything, sort_keys=True), **arrays)
        print("%s: %d cases, %d bytes" % (family, len(cases), os.path.getsize(path_of(family))))


if __name__ == "__main__":
    main()
