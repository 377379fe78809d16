"""Records small checkpoints with TensorFlow 1.15.5, what they hold and how the training went on:

cd tests && PYTHON goldens/checkpoints/record.py        PYTHON: a Python 3.7 that has TensorFlow 1.15.5
"""

from __future__ import absolute_import, division, print_function

import glob
import json
import os

import tensorflow as tf
from models import CASES, train_and_save

HERE = os.path.dirname(os.path.abspath(__file__))

if __name__ == "__main__":
    expected = {}
    for case in sorted(CASES):
        for path in glob.glob(os.path.join(HERE, case + "-*")):
            os.remove(path)
        prefix, saved, end = train_and_save(tf, case, HERE)
        expected[case] = {"prefix": prefix, "saved": saved, "end": end}
    with open(os.path.join(HERE, "expected.json"), "w") as f:
        json.dump({"tensorflow": tf.__version__, "cases": expected}, f, sort_keys=True, separators=(",", ":"))
        f.write("\n")
