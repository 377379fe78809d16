"""Records the inside of one run under TensorFlow 1: beside `recorder.py`, whose rules hold here too.

    python inner_recorder.py SETTINGS script.py ARG...

SETTINGS is JSON: {"wanted", "folder", "seed"}, two folders of one line as `recorder.py` writes them. The first says
which run: {"session", "fetches", "variables", "feeds"}. When the program comes to do it, its variables get those values
and the tensors that its fetches are computed from are computed, fed with those feeds, and written to the second:
{"tensors": [[name, type of its op, value]]}. The program ends there.
"""

from __future__ import absolute_import, division, print_function

import json
import os
import sys

import numpy as np

if __package__:
    from . import elements, recorder
else:
    import elements  # type: ignore[import-not-found, no-redef]
    import recorder  # type: ignore[import-not-found, no-redef]

_KINDS = ("float16", "float32", "float64", "int32", "int64", "uint8", "bool")
_WRITES = ("Assign", "Apply", "Scatter", "Sparse", "Resource", "Save", "Restore", "Queue", "PyFunc", "Print", "Write")


def tensors_inside(graph, names, fed):
    """What the fetches called `names` are computed from, in the order of making; nothing that would write."""
    reached, stack = set(), []
    for name in names:
        stack.append(elements.op_of(graph, name))
    while stack:
        op = stack.pop()
        if op not in reached:
            reached.add(op)
            stack.extend(tensor.op for tensor in op.inputs if tensor.name not in fed)
            stack.extend(op.control_inputs)
    found, after_writes, perhaps_dead = [], set(), set()
    for op in graph.get_operations():
        if op not in reached:
            continue
        before = [tensor.op for tensor in op.inputs if tensor.name not in fed] + list(op.control_inputs)
        if op.type.startswith(_WRITES) and op.type != "ResourceGather" or after_writes.intersection(before):
            after_writes.add(op)
        is_merged = op.type in ("Merge", "RefMerge")
        if op.type in ("Switch", "RefSwitch") or not is_merged and perhaps_dead.intersection(before):
            perhaps_dead.add(op)  # of a branch that may not be taken
        if op not in after_writes and op not in perhaps_dead and not elements.is_inside(op):
            plain = [tensor for tensor in op.outputs if tensor.dtype.name in _KINDS]
            found.extend(tensor for tensor in plain if tensor.name not in fed)
    return found


class _Inner(object):
    """Waits for the wanted run."""

    def __init__(self, tensorflow, wanted, folder):
        self._tf, self._folder = tensorflow, folder
        self._wanted, self._arrays = read_line(wanted)
        self._sessions = {}
        owner = next(kind for kind in tensorflow.Session.__mro__ if "run" in vars(kind))
        original = owner.run

        def run(session, fetches, feed_dict=None, options=None, run_metadata=None):
            number = self._sessions.setdefault(id(session), (len(self._sessions), session))[0]
            names = [elements.element_name(session.graph, thing) for _, thing in elements.leaves(fetches)]
            if number == self._wanted["session"] and names == self._wanted["fetches"]:
                self._write(session, original, [name for name in names if name != "?"])
                raise recorder.Finished(0)
            return original(session, fetches, feed_dict, options, run_metadata)

        owner.run = run

    def _write(self, session, run, names):
        graph = session.graph
        feeds = dict((name, self._arrays[at]) for name, at in self._wanted["feeds"])
        for name, at in self._wanted["variables"]:
            _set(session, run, graph.get_operation_by_name(name), self._arrays[at])
        tensors = tensors_inside(graph, names, feeds)
        values = run(session, tensors, feeds)
        store = recorder.Store(self._folder, False)
        described = [[str(tensor.name), str(tensor.op.type)] for tensor in tensors]
        store.line({"tensors": [one + [store.put(value)] for one, value in zip(described, values)]})


def _set(session, run, variable, value):
    """Set a variable through an op that its program made: the graph may be closed to new ones."""
    writers = [op for op in variable.outputs[0].consumers() if op.type in ("Assign", "AssignVariableOp")]
    writers.sort(key=lambda op: op.name != variable.name + "/Assign")
    run(session, writers[0], {writers[0].inputs[1]: value})


def read_line(folder):
    """The line of a folder that has but one, and its arrays."""
    with open(os.path.join(folder, "runs.jsonl")) as lines:
        line = json.loads(lines.readline())
    path = os.path.join(folder, "000000.npz")
    if not os.path.exists(path):
        return line, []
    with np.load(path) as arrays:
        return line, [arrays["arr_%d" % at] for at in range(len(arrays.files))]


def _watch(v1, settings):
    recorder.seed_branches(v1)
    return _Inner(v1, str(settings["wanted"]), str(settings["folder"]))


if __name__ == "__main__":
    recorder.main(sys.argv, _watch)
