"""Records what TensorFlow 1.15.5 gives for the cases of the modules beside this file, one .npz a module.

    cd tests && TF1_PYTHON -m goldens.training.record [FAMILY…]

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 (`make goldens` runs this). Reference variables are
recorded, which scripts got unless they asked for others, or, where 1.15.5 refuses them, resource variables. The
file's notes name the cases in which only one kind works or the two give other numbers, and the cases left out
because 1.15.5 refuses both, with its error.
"""

import importlib
import os
import sys

import numpy as np
from goldens.training import FAMILIES, store
from goldens.training.graphs import in_graph


class Rules(object):
    """The names that tf1compat.train has, where 1.15.5 has them."""

    def __init__(self, tf):
        from tensorflow.python.training import moving_averages

        self.places = (tf.train, tf, tf.nn, tf.contrib.layers, moving_averages)

    def __getattr__(self, name):
        for place in self.places:
            if hasattr(place, name):
                return getattr(place, name)
        raise AttributeError(name)


def differs(one, other):
    """Whether two arrays have other bits, NaN's apart."""
    return not np.array_equal(np.nan_to_num(one), np.nan_to_num(other)) or (np.isnan(one) != np.isnan(other)).any()


def record(tf, family):
    module = importlib.import_module("goldens.training." + family)
    rules = Rules(tf)
    kinds = ("reference", "resource")
    answers, refused, differ = {}, {kind: {} for kind in kinds}, []
    for name, case in module.CASES.items():
        found = {}
        for kind in kinds:
            try:
                # The device is named, or 1.15.5 runs what has no kernel for CPUs on its XLA device.
                found[kind] = in_graph(
                    tf, rules, tf.Graph(), tf.Session, {name: case}, kind == "resource", "/cpu:0"
                )[name]
            except (tf.errors.OpError, TypeError, ValueError) as error:
                refused[kind][name] = "%s: %s" % (type(error).__name__, str(error).split("\n")[0][:120])
        if found:
            answers[name] = found[kinds[0]] if kinds[0] in found else found[kinds[1]]
        if len(found) == 2 and any(differs(found["resource"][o], a) for o, a in answers[name].items()):
            differ.append(name)
    notes = {"refused": {k: v for k, v in refused["resource"].items() if k in refused["reference"]}, "differ": differ}
    notes.update({"refused by " + k: sorted(set(refused[k]) - set(notes["refused"])) for k in kinds})
    if hasattr(module, "observe"):
        notes["observed"] = module.observe(tf, rules, tf.Graph(), tf.Session)
    return answers, notes


def main(families):
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    assert tf.__version__.startswith("1.15"), tf.__version__
    for family in families or FAMILIES:
        answers, notes = record(tf, family)
        store.save(family, tf.__version__, answers, notes)
        print("%s: %d cases, %d bytes" % (family, len(answers), os.path.getsize(store.path_of(family))))
        for note, about in notes.items():
            for item in about.items() if isinstance(about, dict) else about:
                print("  %s: %s" % (note, item))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
