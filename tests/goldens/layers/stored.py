"""The goldens as `record` wrote them."""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def parameters():
    with open(os.path.join(HERE, "parameters.json")) as f:
        return json.load(f)


def facts(family):
    with open(os.path.join(HERE, family + ".json")) as f:
        stored = json.load(f)
    assert stored["tensorflow"].startswith("1.15")
    return stored["programs"]


def numbers(family):
    """{program: {name: array}}; all are float32, whatever they were."""
    with np.load(os.path.join(HERE, family + ".npz")) as stored:
        index, flat = json.loads(str(stored["index"])), stored["numbers"]
    return {
        program: {key: flat[at : at + int(np.prod(shape))].reshape(shape) for key, (_, shape, at) in rows.items()}
        for program, rows in index.items()
    }
