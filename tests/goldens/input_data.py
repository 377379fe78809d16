"""Records what `read_data_sets` of TF 1.15.5 hands out, as input_data.json beside this file.

    TF1_PYTHON tests/goldens/input_data.py

runs it, TF1_PYTHON being a Python 3.7 with TensorFlow 1.15.5. The tests call `observe` with the project's
module and compare. So this file runs on both, and needs neither to be imported.
"""

import gzip
import json
import os
import struct
import sys
import tempfile

import numpy as np

GOLDENS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "input_data.json")
TRAIN, TEST = 47, 20

# Each case: arguments of read_data_sets, what comes before and after it, and the batches then asked for.
CASES = {
    "seed": {"arguments": {"seed": 3, "validation_size": 10}, "batches": [10] * 9},
    "seed zero": {"arguments": {"seed": 0, "validation_size": 0}, "batches": [9] * 12},
    "one hot": {"arguments": {"seed": 5, "validation_size": 7, "one_hot": True}, "batches": [20] * 4},
    "uint8, not reshaped": {
        "arguments": {"seed": 1, "validation_size": 7, "dtype": "uint8", "reshape": False},
        "batches": [16] * 6,
    },
    "no shuffling": {
        "arguments": {"seed": 2, "validation_size": 17},
        "batches": [10] * 4 + [13] * 4,
        "shuffle": [False] * 8,
    },
    "shuffling by turns": {
        "arguments": {"seed": 2, "validation_size": 17},
        "batches": [10, 15, 20, 25] * 3,
        "shuffle": [False, True, True, False, True, False] * 2,
    },
    "batches larger than the set": {
        "arguments": {"seed": 4, "validation_size": 37},
        "batches": [25, 4, 30, 10, 7, 10],
    },
    "the global state seeded afterwards": {
        "arguments": {"validation_size": 10},
        "numpy_seed": 42,
        "batches": [12] * 8,
    },
    "the graph's seed": {"arguments": {"validation_size": 10}, "graph_seed": 777, "batches": [12] * 8},
    "both seeds": {
        "arguments": {"seed": 8, "validation_size": 10},
        "graph_seed": 777,
        "batches": [12] * 8,
    },
    "both seeds zero": {
        "arguments": {"seed": 0, "validation_size": 10},
        "graph_seed": 0,
        "batches": [12] * 8,
    },
}


def write_data(folder):
    """Small IDX files whose image number i begins with the pixel i, training, and 100 + i, test."""
    for prefix, first, count in (("train", 0, TRAIN), ("t10k", 100, TEST)):
        numbers = np.arange(first, first + count)
        images = (numbers[:, None] + 3 * np.arange(28 * 28)[None, :]) % 256
        for kind, magic, shape, data in (
            ("images-idx3", 2051, (count, 28, 28), images),
            ("labels-idx1", 2049, (count,), numbers % 10),
        ):
            with gzip.open(os.path.join(folder, "%s-%s-ubyte.gz" % (prefix, kind)), "wb") as f:
                f.write(struct.pack(">%dI" % (1 + len(shape)), magic, *shape))
                f.write(data.astype(np.uint8).tobytes())


def observe(input_data, tf, folder, case):
    """What the case hands out: each batch's first pixels and labels, and the state of the sets."""
    arguments = dict(case["arguments"], dtype=getattr(tf, case["arguments"].get("dtype", "float32")))
    with tf.Graph().as_default():
        if "graph_seed" in case:
            tf.set_random_seed(case["graph_seed"])
        sets = input_data.read_data_sets(folder, **arguments)
    if "numpy_seed" in case:
        np.random.seed(case["numpy_seed"])
    seen = {"fields": list(sets._fields)}
    for name, data in zip(sets._fields, sets):
        seen[name] = [describe(data.images), describe(data.labels), data.num_examples]
    seen["batches"] = []
    for i, size in enumerate(case["batches"]):
        images, labels = sets.train.next_batch(size, shuffle=case.get("shuffle", [True] * (i + 1))[i])
        first = images.reshape(len(images), -1)[:, 0]
        pixels = np.round(first * (255 if images.dtype == np.float32 else 1)).astype(int)
        numbers = labels.argmax(axis=1) if labels.ndim == 2 else labels
        seen["batches"].append(
            [pixels.tolist(), [int(n) for n in numbers], images.dtype.name, labels.dtype.name]
            + [sets.train.epochs_completed]
        )
    images, labels = sets.test.next_batch(5)
    seen["test batch"] = [int(n) for n in np.argmax(labels, axis=1)] if labels.ndim == 2 else labels.tolist()
    return seen


def describe(array):
    """Shape, type, and a sum that tells one content and one order from another."""
    flat = array.reshape(-1).astype(np.float64)
    return [list(array.shape), array.dtype.name, round(float(np.sum(flat * np.cos(np.arange(flat.size)))), 6)]


def main():
    import tensorflow as tf
    from tensorflow.examples.tutorials.mnist import input_data

    with tempfile.TemporaryDirectory() as folder:
        write_data(folder)
        goldens = {name: observe(input_data, tf, folder, case) for name, case in CASES.items()}
    with open(GOLDENS, "w") as f:
        json.dump({"tensorflow": tf.__version__, "cases": goldens}, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    sys.exit(main())
