"""Records what the programs beside this file give under TensorFlow 1.15.5.

    cd tests && TF1_PYTHON -m goldens.seq2seq.record

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 (`make goldens` runs this).
"""

import importlib
import json
import os

from goldens.seq2seq import PROGRAMS

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs.json")


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5"
    found = {}
    for name in PROGRAMS:
        with tf.Graph().as_default():
            found[name] = importlib.import_module("goldens.seq2seq." + name).main(tf)
        print(name, found[name])
    with open(PATH, "w") as file:
        json.dump(found, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
