"""Records what TF 1.15.5 gives for the programs beside this file, in estimator.json.

    cd tests && TF1_PYTHON -m goldens.estimator.record

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5.
"""

import json
import os

from goldens.estimator.programs import PROGRAMS

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "estimator.json")


def main():
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    assert tf.__version__.startswith("1.15"), tf.__version__
    found = {}
    for name in sorted(PROGRAMS):
        tf.reset_default_graph()
        found[name] = PROGRAMS[name](tf)
    with open(PATH, "w") as f:
        lines = ",\n".join("%s: %s" % (json.dumps(name), json.dumps(found[name])) for name in sorted(found))
        f.write('{"tensorflow": "%s", "programs": {\n%s\n}}\n' % (tf.__version__, lines))


if __name__ == "__main__":
    main()
