"""The values that TensorFlow 1.15.5 gave for the cases, in one small file.

`python -m names.recording` in tests/, with a Python 3.7 that has TensorFlow 1.15.5, writes it anew.
Cases that 1.15.5 does not run are left out and named on the screen.
"""

from __future__ import annotations

import json
import os

import numpy as np

from . import HERE, load_cases
from .running import build, run

FILE = os.path.join(HERE, "recorded.npz")


def save(answers):
    """Writes {name: [array, …]}: the arrays of one dtype end to end, and an index of who owns what."""
    index, flat = {}, {}
    for name, arrays in answers.items():
        index[name] = []
        for array in arrays:
            kind = "text" if array.dtype.kind == "U" else array.dtype.name
            values = flat.setdefault(kind, [])
            index[name].append([kind, list(array.shape), len(values)])
            values.extend(array.ravel().tolist())
    texts = json.dumps(flat.pop("text", []))
    np.savez_compressed(
        FILE, index=json.dumps(index), text=texts, **{k: np.array(v, k) for k, v in flat.items()}
    )


def load():
    """{name: [array, …]} as `save` was given it."""
    with np.load(FILE) as stored:
        flat = {key: stored[key] for key in stored.files if key not in ("index", "text")}
        flat["text"] = np.array(json.loads(str(stored["text"])), dtype=object)
        index = json.loads(str(stored["index"]))

    def array(kind, shape, at):
        values = flat[kind][at : at + int(np.prod(shape))]
        return np.array(values, str if kind == "text" else None).reshape(shape)

    return {name: [array(*place) for place in places] for name, places in index.items()}


def main():
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    assert tf.__version__ == "1.15.5", tf.__version__
    answers = {}
    for name, case in sorted(load_cases().items()):
        try:
            with tf.Graph().as_default() as graph:
                built = build(tf, name, case)
            answers[name] = run(tf.Session(graph=graph), *built)
        except Exception as error:
            print("left out: %s: %s" % (name, str(error).split("\n")[0][:100]))  # noqa: UP031
    save(answers)
    print("%d cases recorded" % len(answers))  # noqa: UP031


if __name__ == "__main__":
    main()
