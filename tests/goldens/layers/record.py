"""Records what TensorFlow 1.15.5 makes and computes for the programs beside this file.

    cd tests && TF1_PYTHON -m goldens.layers.record [FAMILY…]

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 (`make goldens` runs this). For each family two files: .json
with the facts of each program, or the error that it ends with, and .npz with the numbers.
"""

import importlib
import json
import os
import sys

import numpy as np
from goldens.layers import FAMILIES, observe

HERE = os.path.dirname(os.path.abspath(__file__))


def record_parameters(tf):
    """{name of tf.layers: its parameters, or those of its class, in their order}"""
    from tensorflow.python.util import tf_decorator, tf_inspect

    found = {}
    for name in sorted(dir(tf.layers)):
        value = getattr(tf.layers, name)
        if not name.startswith("_") and callable(value):
            function = value.__init__ if isinstance(value, type) else tf_decorator.unwrap(value)[1]
            found[name] = [each for each in tf_inspect.getfullargspec(function).args if each != "self"]
    with open(os.path.join(HERE, "parameters.json"), "w") as f:
        f.write("{\n%s\n}\n" % ",\n".join("%s: %s" % (json.dumps(k), json.dumps(found[k])) for k in sorted(found)))


def record_checkpoint(tf):
    """The net `training.images` with the values that it is observed with."""
    from goldens.layers import training

    with tf.Graph().as_default(), tf.Session() as session:
        training.images(tf)
        for n, variable in enumerate(tf.global_variables()):
            variable.load(observe.value_for(n, variable), session)
        tf.train.Saver().save(session, os.path.join(HERE, "images"), write_meta_graph=False, write_state=False)


def main(families):
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    assert tf.__version__.startswith("1.15"), tf.__version__
    record_parameters(tf)
    record_checkpoint(tf)
    for family in families or FAMILIES:
        module = importlib.import_module("goldens.layers." + family)
        facts, flat, index = {}, [], {}
        for name, program in observe.programs_of(module).items():
            try:
                facts[name], numbers = observe.observe(tf, program)
            except tf.errors.OpError as error:
                facts[name] = {"error": type(error).__name__, "message": error.message.split("\n")[0][:120]}
                continue
            index[name] = {}
            for key in sorted(numbers):
                array = numbers[key]
                index[name][key] = [array.dtype.name, list(array.shape), sum(a.size for a in flat)]
                flat.append(array.astype(np.float32).ravel())
        lines = ",\n".join("%s: %s" % (json.dumps(k), json.dumps(facts[k], sort_keys=True)) for k in sorted(facts))
        with open(os.path.join(HERE, family + ".json"), "w") as f:
            f.write('{"tensorflow": "%s", "programs": {\n%s\n}}\n' % (tf.__version__, lines))
        np.savez_compressed(
            os.path.join(HERE, family + ".npz"), index=json.dumps(index, sort_keys=True), numbers=np.concatenate(flat)
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
