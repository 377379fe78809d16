"""Records what a TensorFlow 1 program runs: one file, which that program's own Python executes.

    python recorder.py SETTINGS script.py ARG...

SETTINGS is JSON: {"folder", "steps", "runs", "bytes", "seed", "compress"}. Works on Python 2.7 and 3 and imports
nothing but its neighbour `elements.py`, NumPy, and the TensorFlow that it finds. The program runs as plain Python
would run it, unedited.

The recording is a folder. `about.json` says whose it is, `runs.jsonl` has a line for each `Session.run` of the main
thread, and `N.npz` the arrays of line N (see `recording.py`, which reads them). Beside what was fetched and fed, a
line holds the values of all variables that changed since the line before, and what came out of the ops that draw
random numbers or take input from a queue, an iterator or a reader, wherever it can be fetched: the same may then be
fed elsewhere.
"""

from __future__ import absolute_import, division, print_function

import functools
import io
import json
import os
import random
import runpy
import sys
import threading

import numpy as np

if __package__:
    from . import elements
else:
    import elements  # type: ignore[import-not-found, no-redef]

class Finished(SystemExit):
    """Enough was recorded: the program ends here."""


class Store(object):
    """The folder: arrays of one run in one file, a line about them in another."""

    def __init__(self, folder, compress):
        self.bytes, self._folder, self._count = 0, folder, 0
        self._save = np.savez_compressed if compress else np.savez
        self._lines = io.open(os.path.join(folder, "runs.jsonl"), "w", encoding="utf-8")
        self._arrays = []

    def put(self, value):
        """Keep a value for the next line; returns what stands for it there."""
        array = np.asarray(value)
        if array.dtype.kind in "OSU":
            texts = [x if isinstance(x, bytes) else x.encode("utf-8") for x in array.ravel().tolist()]
            texts = [text.decode("latin-1") for text in texts]
            return {"strings": texts, "shape": list(array.shape)}
        if array.dtype.kind == "V":  # bfloat16
            array = array.astype(np.float32)
        self._arrays.append(array)
        return len(self._arrays) - 1

    def line(self, content):
        if self._arrays:
            self._save(os.path.join(self._folder, "%06d.npz" % self._count), *self._arrays)
            self.bytes += sum(array.nbytes for array in self._arrays)
        text = json.dumps(content)
        self._lines.write(text if isinstance(text, type(u"")) else text.decode("utf-8"))
        self._lines.write(u"\n")
        self._lines.flush()
        self._arrays, self._count = [], self._count + 1


class _Watched(object):
    """What is known of one Session and its graph."""

    def __init__(self, number, graph):
        self.number, self.graph, self.version = number, graph, None
        self.variables = []  # (name, a tensor with its value)
        self.values = {}  # name -> the value recorded last
        self.seen = 0
        self.sources = {}

    def look(self):
        """Names and types of the ops that are new in the graph since the last look."""
        if self.version == self.graph.version:
            return []
        self.version = self.graph.version
        operations = self.graph.get_operations()
        new, self.seen = operations[self.seen :], len(operations)
        known = set(name for name, _ in self.variables)
        for op in operations:
            if op.type in elements.VARIABLES and op.name not in known:
                value = _value_of(op)
                if value is not None:
                    self.variables.append((str(op.name), value))
        return [[str(op.name), str(op.type)] for op in new]


def _value_of(op):
    if op.type != "VarHandleOp":
        return op.outputs[0]
    for reader in op.outputs[0].consumers():
        if reader.type == "ReadVariableOp" and not reader.control_inputs and not elements.is_inside(reader):
            return reader.outputs[0]
    return None


class Recorder(object):
    """Stands before `Session.run` and writes down what goes by."""

    def __init__(self, tensorflow, folder, steps, runs, bytes, compress=False):
        self._tf, self._store = tensorflow, Store(folder, compress)
        self._limits = {"steps": steps, "runs": runs, "bytes": bytes}
        self._thread, self._inside, self.ended = threading.current_thread(), False, False
        self._sessions = {}
        self._steps = self._runs = self._others = 0
        self._steppers = set()  # what was fetched by a run that was a step, and the operations among it
        owner = next(kind for kind in tensorflow.Session.__mro__ if "run" in vars(kind))
        self._original = owner.run

        @functools.wraps(owner.run)
        def run(session, fetches, feed_dict=None, options=None, run_metadata=None):
            return self.run(session, fetches, feed_dict, options, run_metadata)

        owner.run = run
        self.uninstall = lambda: setattr(owner, "run", self._original)

    def end(self, reason, error=None):
        """Write the last line, once."""
        if not self.ended:
            self.ended = True
            self._store.line({"end": reason, "error": error, "steps": self._steps, "others": self._others})

    def run(self, session, fetches, feed_dict, options, run_metadata):
        rest = (fetches, feed_dict, options, run_metadata)
        if self._inside or threading.current_thread() is not self._thread:
            self._others += not self._inside
            return self._original(session, *rest)
        self._inside = True
        try:
            return self._record(session, rest)
        finally:
            self._inside = False

    def _record(self, session, rest):
        # The Session is kept: another must not get its identity.
        watched = self._sessions.setdefault(id(session), (_Watched(len(self._sessions), session.graph), session))[0]
        graph, asked = session.graph, elements.leaves(rest[0])
        names = [elements.element_name(graph, thing) for _, thing in asked]
        keys = elements.leaves(list(rest[1] or {}))
        fed = [(elements.element_name(graph, thing), path) for path, thing in keys]
        key = (watched.number, tuple(names))
        self._stop_if_enough(key)
        line = {"session": watched.number, "fetches": names, "ops": watched.look()}
        before = self._changes(session, watched)
        sources, line["lost"], line["unordered"] = self._sources(watched, names, set(name for name, _ in fed))
        line["feeds"] = [[name, self._store.put(value)] for name, value in _fed_values(rest[1], fed)]
        line["before"] = self._put(before)
        try:
            value, drawn = self._original(session, [rest[0], sources], *rest[1:])
        except self._tf.errors.OpError as error:
            line.update(raised=type(error).__name__, values=[], drawn=[], seeds={})
            line["after"] = self._put(self._changes(session, watched))
            self._store.line(line)
            raise
        values = [elements.value_at(value, path) for path, _ in asked]
        known = [None if name == "?" else one for name, one in zip(names, values)]
        line["values"] = [None if one is None else self._store.put(one) for one in known]
        line["drawn"] = [[str(t.name), self._store.put(one)] for t, one in zip(sources, drawn)]
        line["seeds"] = dict((str(t.name), elements.seeds_of(t.op)) for t in sources)
        had = set(watched.values)
        after = self._changes(session, watched)
        line["after"] = self._put(after)
        line["step"] = bool(had.intersection(after))
        self._store.line(line)
        self._runs += 1
        if line["step"]:
            self._steps += 1
            self._steppers.update([key] + [name for name in names if ":" not in name])
        return value

    def _stop_if_enough(self, key):
        reason = None
        if self._steps >= self._limits["steps"] and self._steppers.intersection((key,) + key[1]):
            reason = "steps"
        elif self._runs >= self._limits["runs"]:
            reason = "runs"
        elif self._store.bytes >= self._limits["bytes"]:
            reason = "bytes"
        if self.ended or reason:
            self.end(reason)
            raise Finished(0)

    def _put(self, values):
        return [[name, self._store.put(value)] for name, value in sorted(values.items())]

    def _sources(self, watched, names, fed):
        """Tensors to fetch beside; for each fetch the ops whose values it needs and nobody can have; variables that
        are read and written in no order."""
        key = (tuple(names), frozenset(fed), watched.version)
        if key not in watched.sources:
            found, lost = {}, []
            for name in names:
                tensors, missing = [], []
                if name != "?" and name not in fed:
                    tensors, missing = elements.sources_of(watched.graph, elements.op_of(watched.graph, name), fed)
                found.update((tensor.name, tensor) for tensor in tensors)
                lost.append(missing)
            unordered = elements.unordered_in(watched.graph, names, fed)
            watched.sources[key] = [found[name] for name in sorted(found)], lost, unordered
        return watched.sources[key]

    def _changes(self, session, watched):
        """The variables whose values are not the ones recorded last."""
        watched.look()
        known = [(name, tensor) for name, tensor in watched.variables if name in watched.values]
        try:
            values = self._original(session, [tensor for _, tensor in known]) if known else []
        except self._tf.errors.OpError:  # one has lost its value
            known, values = [], []
        now = dict(zip([name for name, _ in known], values))
        for name, tensor in watched.variables:
            if name not in watched.values:
                try:
                    now[name] = self._original(session, tensor)
                except self._tf.errors.OpError:
                    continue
        changed = dict((name, value) for name, value in now.items() if not _same(watched.values.get(name), value))
        watched.values.update(changed)
        return changed


def _fed_values(feed_dict, fed):
    """The names and values of the tensors that are fed, as far as both can be told."""
    if not feed_dict:
        return []
    values = list(feed_dict.values())
    pairs = []
    for name, path in fed:
        try:
            value = elements.value_at(values, path)
        except (AttributeError, IndexError, KeyError, TypeError):
            continue
        if name != "?":
            pairs.append((name, value))
    return pairs


def _same(old, new):
    if old is None or np.shape(old) != np.shape(new):
        return False
    return np.asarray(old).tobytes() == np.asarray(new).tobytes()


def record(v1, settings):
    """Begin to record; returns the recorder."""
    about = {"tensorflow": v1.__version__, "python": sys.version.split()[0], "program": sys.argv}
    with io.open(os.path.join(settings["folder"], "about.json"), "w") as file:
        file.write(json.dumps(about, ensure_ascii=True) + u"\n")
    seed_branches(v1)
    limits = dict((name, settings[name]) for name in ("steps", "runs", "bytes", "compress"))
    return Recorder(v1, str(settings["folder"]), **limits)


def seed_branches(v1):
    """Have random ops in branches draw what those of the other side draw."""

    def scope_in_branch():
        graph = v1.get_default_graph()
        return graph.get_name_scope() if graph._get_control_flow_context() is not None else None

    if hasattr(v1, "get_seed"):
        module = sys.modules[v1.get_seed.__module__]
        module.get_seed = elements.with_seeds_in_branches(module.get_seed, scope_in_branch)


def main(argv, watch=record):
    """Run the program of a command line, watched by what `watch(tensorflow, settings)` makes; ends the process."""
    settings, script = json.loads(argv[1]), argv[2]
    import tensorflow

    random.seed(settings["seed"])
    np.random.seed(settings["seed"])
    v1 = getattr(getattr(tensorflow, "compat", None), "v1", tensorflow)
    sys.argv = argv[2:]
    watcher = watch(v1, settings)
    end = getattr(watcher, "end", lambda reason, error=None: None)
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    status = 0
    try:
        runpy.run_path(script, run_name="__main__")
        end("exit")
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        end("error" if status else "exit", "exit status %s" % status if status else None)
    except BaseException as error:
        import traceback

        traceback.print_exc()
        end("error", "%s: %s" % (type(error).__name__, error))
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that feed queues may be left, and wait for ever.
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv)
