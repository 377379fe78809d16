"""Records what TF 1.15.5 prints for the programs beside this file.

    cd tests && TF1_PYTHON -W ignore -m goldens.plumbing.record

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5. The tests run the same programs on this project.
"""

import json
import os
import shutil
import tempfile

from goldens.plumbing import programs


def main():
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    assert tf.__version__.startswith("1.15"), tf.__version__
    found = {}
    for name, program in sorted(programs.PROGRAMS.items()):
        folder = tempfile.mkdtemp()
        with tf.Graph().as_default():
            found[name] = programs.lines(program, tf, folder)
        shutil.rmtree(folder)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs.json")
    with open(path, "w") as f:
        json.dump({"tensorflow": tf.__version__, "programs": found}, f, indent=1, sort_keys=True)
        f.write("\n")


if __name__ == "__main__":
    main()
