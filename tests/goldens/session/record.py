"""Records what TF 1.15.5 gives for the programs beside this file, one JSON file a module.

    cd tests && TF1_PYTHON -m goldens.session.record [MODULE…]

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5. The tests run the same programs on this project.
"""

import importlib
import json
import os
import sys

from goldens.session import observe

MODULES = ("graphs", "variables", "feeds", "fetches", "control_flow", "errors")


def main(names):
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    assert tf.__version__.startswith("1.15"), tf.__version__
    for name in names or MODULES:
        module = importlib.import_module("goldens.session." + name)
        found = {key: observe.observe(tf, program) for key, program in observe.programs_of(module).items()}
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".json")
        with open(path, "w") as f:
            lines = ",\n".join("%s: %s" % (json.dumps(k), json.dumps(found[k])) for k in found)
            f.write('{"tensorflow": "%s", "programs": {\n%s\n}}\n' % (tf.__version__, lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
