"""Records what TensorFlow 1.15.5 gives for the cases beside this file, an .npz a family.

    cd tests && TF1_PYTHON -m goldens.rnn.record [FAMILY...]

TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5 (`make goldens` runs this).
"""

import importlib
import json
import os
import sys

import numpy as np
from goldens.contrib.observing import observe
from goldens.rnn import FAMILIES, checkpoints
from goldens.rnn.behaviours import BEHAVIOURS, behaviour

HERE = os.path.dirname(os.path.abspath(__file__))


def path_of(family):
    return os.path.join(HERE, family + ".npz")


def load(family):
    """{case: (facts, {output: array})}"""
    with np.load(path_of(family)) as stored:
        facts, flat = json.loads(str(stored["facts"])), {name: stored[name] for name in stored.files if name != "facts"}
    assert facts.pop("VERSION") == "1.15.5"
    found = {}
    for case, about in facts.items():
        places = about.pop("places")
        arrays = {
            output: flat[dtype][at : at + int(np.prod(shape))].reshape(shape)
            for output, (dtype, shape, at) in places.items()
        }
        found[case] = (about, arrays)
    return found


def load_json(name):
    with open(os.path.join(HERE, name + ".json")) as stored:
        return json.load(stored)


def main():
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    if len(sys.argv) == 1:
        with open(os.path.join(HERE, "behaviours.json"), "w") as stored:
            json.dump({name: behaviour(tf, name) for name in BEHAVIOURS}, stored, indent=1, sort_keys=True)
            stored.write("\n")
        with open(os.path.join(HERE, "checkpoint.json"), "w") as stored:
            json.dump(checkpoints.record(tf), stored, indent=1, sort_keys=True)
            stored.write("\n")
    for family in sys.argv[1:] or FAMILIES:
        everything, flat = {"VERSION": tf.__version__}, {}
        for name, case in sorted(importlib.import_module("goldens.rnn." + family).CASES.items()):
            facts, values = observe(tf, case)
            everything[name] = dict(facts, places={})
            # End to end, one array a dtype: a member of an .npz each would cost more than the numbers.
            for output, value in sorted(values.items()):
                place = flat.setdefault(value.dtype.name, [])
                everything[name]["places"][output] = [
                    value.dtype.name,
                    list(value.shape),
                    sum(earlier.size for earlier in place),
                ]
                place.append(value.ravel())
        np.savez_compressed(
            path_of(family),
            facts=json.dumps(everything, sort_keys=True),
            **{dtype: np.concatenate(parts) for dtype, parts in flat.items()}
        )
        print("%s: %d cases, %d bytes" % (family, len(everything) - 1, os.path.getsize(path_of(family))))


if __name__ == "__main__":
    main()
