"""Recorded runs: for each TF1 name a tiny graph that uses it.

A case is a function of the namespace `tf` and of the object `f` that the case's name means there. It
builds a graph and returns what to fetch, or a function of a Session that runs the graph and returns
values. The same tables run under this package, under `tf.compat.v1.Session` on the same graph, and
(`record.py`) under TensorFlow 1.15.5 with Python 3.7, so they are written for all three.
"""

from __future__ import annotations

import importlib
import os

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = (
    "arithmetic arrays checkpoints checks data images linear_algebra losses_metrics monitored neural parsing "
    "protos randomness sparse state strings_files training"
).split()


def read_names(file):
    """The dotted names in a list of this folder, where `[nn]` stands before the names of tf.nn."""
    found, space = [], ""
    with open(os.path.join(HERE, file)) as lines:
        for line in lines:
            if line.startswith("["):
                space = line.strip("[]\n")
            elif not line.startswith("#"):
                found += ["%s.%s" % (space, name) if space else name for name in line.split()]  # noqa: UP031
    return found


def load_cases():
    """Every case of every table, by name; no name has two."""
    cases = {}
    for table in TABLES:
        part = importlib.import_module("%s.%s" % (__name__, table)).CASES  # noqa: UP031
        twice = sorted(set(cases) & set(part))
        assert not twice, twice
        cases.update(part)
    return cases


def each(names, build):
    """One build function for several names."""
    return {name: build for name in names.split()}  # noqa: C420
