"""Records what TF 1.15.5 gives for the programs beside this file, a JSON file a module.

    cd tests && TF1_PYTHON -m goldens.estimator.record [MODULE...]

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5.
"""

import importlib
import json
import os
import sys

MODULES = ("programs", "learning")


def path_of(module):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), module + ".json")


def programs_of(module):
    return importlib.import_module("goldens.estimator." + module).PROGRAMS


def main():
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    assert tf.__version__.startswith("1.15"), tf.__version__
    for module in sys.argv[1:] or MODULES:
        found = {}
        for name, program in sorted(programs_of(module).items()):
            tf.reset_default_graph()
            found[name] = program(tf)
        with open(path_of(module), "w") as f:
            lines = ",\n".join("%s: %s" % (json.dumps(name), json.dumps(found[name])) for name in sorted(found))
            f.write('{"tensorflow": "%s", "programs": {\n%s\n}}\n' % (tf.__version__, lines))


if __name__ == "__main__":
    main()
