"""Records what a TensorFlow 1 program runs: one file, which that program's own Python executes.

    python recorder.py SETTINGS script.py ARG...

SETTINGS is JSON: {"folder", "steps", "runs", "bytes", "seed", "compress"}. Works on Python 2.7 and 3 and imports
nothing but NumPy and the TensorFlow that it finds. The program runs as plain Python would run it, unedited.

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

#: Ops whose values nobody can compute a second time, by what they do.
RANDOM = frozenset(
    """RandomUniform RandomUniformInt RandomStandardNormal TruncatedNormal ParameterizedTruncatedNormal RandomGamma
    RandomPoisson RandomPoissonV2 RandomShuffle Multinomial RandomCrop SampleDistortedBoundingBox
    SampleDistortedBoundingBoxV2 AllCandidateSampler ComputeAccidentalHits UniformCandidateSampler
    LogUniformCandidateSampler LearnedUnigramCandidateSampler ThreadUnsafeUnigramCandidateSampler
    FixedUnigramCandidateSampler""".split()
)
INPUT = frozenset(
    """QueueDequeue QueueDequeueV2 QueueDequeueMany QueueDequeueManyV2 QueueDequeueUpTo QueueDequeueUpToV2 ReaderRead
    ReaderReadV2 ReaderReadUpTo ReaderReadUpToV2 IteratorGetNext IteratorGetNextSync Unstage OrderedMapUnstage
    MapUnstage BarrierTakeMany""".split()
)
_CALLS = frozenset("While StatelessWhile If StatelessIf PartitionedCall StatefulPartitionedCall".split())
_VARIABLES = ("VariableV2", "Variable", "VarHandleOp")


class Finished(SystemExit):
    """Enough was recorded: the program ends here."""


def leaves(fetches, path=()):
    """What a nest of fetches consists of: [(place, thing)], the same for the same nest wherever it is asked."""
    if hasattr(fetches, "dense_shape") and hasattr(fetches, "values") and hasattr(fetches, "indices"):
        names = ("indices", "values", "dense_shape")
        return [(path + (name,), getattr(fetches, name)) for name in names if getattr(fetches, name) is not None]
    if isinstance(fetches, (list, tuple)):
        parts = list(enumerate(fetches))
    elif hasattr(fetches, "keys") and hasattr(fetches, "values"):
        parts = sorted(((key, fetches[key]) for key in fetches.keys()), key=lambda part: repr(part[0]))
    elif hasattr(type(fetches), "__attrs_attrs__"):
        parts = [(a.name, getattr(fetches, a.name)) for a in type(fetches).__attrs_attrs__]
    else:
        return [(path, fetches)]
    return [leaf for key, part in parts for leaf in leaves(part, path + (key,))]


def value_at(value, path):
    """The value of a leaf, given that of the nest."""
    for key in path:
        named = isinstance(key, str) and not hasattr(value, "keys")
        value = getattr(value, key) if named else value[key]
    return value


def element_name(graph, thing):
    """The name of the tensor or operation that a leaf means, `v:0` for a variable's value; "?" where it is neither."""
    try:
        element = graph.as_graph_element(thing, allow_tensor=True, allow_operation=True)
    except (TypeError, ValueError, KeyError):
        return "?"
    op = getattr(element, "op", element)
    if element is not op and op.type in ("ReadVariableOp", "Identity") and not op.control_inputs:
        source = op.inputs[0].op
        if source.type in _VARIABLES:
            return str(source.name) + ":0"
    return str(element.name)


class _Store(object):
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
            if op.type in _VARIABLES and op.name not in known:
                value = _value_of(op)
                if value is not None:
                    self.variables.append((str(op.name), value))
        return [[str(op.name), str(op.type)] for op in new]


def _value_of(op):
    if op.type != "VarHandleOp":
        return op.outputs[0]
    for reader in op.outputs[0].consumers():
        if reader.type == "ReadVariableOp" and not reader.control_inputs and not _is_inside(reader):
            return reader.outputs[0]
    return None


def _is_inside(op):
    """Whether an op stands in a loop or branch, where it cannot be fetched."""
    context = getattr(op, "_get_control_flow_context", None)
    return context is not None and context() is not None


def sources_of(graph, op, fed):
    """What a run of `op` takes from beyond the graph, walked back to the tensors called in `fed`.

    Returns:
      (tensors that can be fetched, names of ops whose values cannot be had)
    """
    found, lost, seen, stack = [], [], set(), [op]
    while stack:
        op = stack.pop()
        if op in seen:
            continue
        seen.add(op)
        if op.type in RANDOM or op.type in INPUT:
            plain = [t for t in op.outputs if t.dtype.name not in ("resource", "variant") and t.name not in fed]
            if _is_inside(op) or len(plain) < len([t for t in op.outputs if t.name not in fed]):
                lost.append(str(op.name))
            else:
                found.extend(plain)
        elif op.type in _CALLS and _draws(graph, op):
            lost.append(str(op.name))
        stack.extend(t.op for t in op.inputs if t.name not in fed)
        stack.extend(op.control_inputs)
    return found, lost


def _seeds(op):
    """The two seeds of a random op, [0, 0] where it has none."""
    try:
        return [int(op.get_attr("seed")), int(op.get_attr("seed2"))]
    except ValueError:
        return [0, 0]


def _draws(graph, op):
    """Whether a function that an op calls draws random numbers."""
    library = dict((f.signature.name, f) for f in graph.as_graph_def().library.function)
    stack, seen = [op.node_def], set()
    while stack:
        for attribute in stack.pop().attr.values():
            for function in [attribute.func] + list(attribute.list.func):
                if function.name in library and function.name not in seen:
                    seen.add(function.name)
                    nodes = library[function.name].node_def
                    if any(node.op in RANDOM for node in nodes):
                        return True
                    stack.extend(nodes)
    return False


class Recorder(object):
    """Stands before `Session.run` and writes down what goes by."""

    def __init__(self, tensorflow, folder, steps, runs, bytes, compress=False):
        self._tf, self._store = tensorflow, _Store(folder, compress)
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
        graph, asked = session.graph, leaves(rest[0])
        names = [element_name(graph, thing) for _, thing in asked]
        fed = [(element_name(graph, thing), value_at) for value_at, thing in leaves(list(rest[1] or {}))]
        key = (watched.number, tuple(names))
        self._stop_if_enough(key)
        line = {"session": watched.number, "fetches": names, "ops": watched.look()}
        before = self._changes(session, watched)
        sources, line["lost"] = self._sources(watched, names, set(name for name, _ in fed))
        line["feeds"] = [[name, self._store.put(value)] for name, value in _fed_values(rest[1], fed)]
        line["before"] = self._put(before)
        try:
            value, drawn = self._original(session, [rest[0], sources], *rest[1:])
        except self._tf.errors.OpError as error:
            line.update(raised=type(error).__name__, values=[], drawn=[], seeds={})
            line["after"] = self._put(self._changes(session, watched))
            self._store.line(line)
            raise
        values = [value_at(value, path) for path, _ in asked]
        known = [None if name == "?" else one for name, one in zip(names, values)]
        line["values"] = [None if one is None else self._store.put(one) for one in known]
        line["drawn"] = [[str(t.name), self._store.put(one)] for t, one in zip(sources, drawn)]
        line["seeds"] = dict((str(t.name), _seeds(t.op)) for t in sources)
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
        """Tensors to fetch beside; for each fetch the ops whose values it needs and nobody can have."""
        key = (tuple(names), frozenset(fed), watched.version)
        if key not in watched.sources:
            found, lost = {}, []
            for name in names:
                tensors, missing = [], []
                if name != "?" and name not in fed:
                    element = watched.graph.as_graph_element(name)
                    tensors, missing = sources_of(watched.graph, getattr(element, "op", element), fed)
                found.update((tensor.name, tensor) for tensor in tensors)
                lost.append(missing)
            watched.sources[key] = [found[name] for name in sorted(found)], lost
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
            value = value_at(values, path)
        except (AttributeError, IndexError, KeyError, TypeError):
            continue
        if name != "?":
            pairs.append((name, value))
    return pairs


def _same(old, new):
    if old is None or np.shape(old) != np.shape(new):
        return False
    return np.asarray(old).tobytes() == np.asarray(new).tobytes()


def main(argv):
    """Record a program; returns the exit status."""
    settings, script = json.loads(argv[1]), argv[2]
    import tensorflow

    random.seed(settings["seed"])
    np.random.seed(settings["seed"])
    v1 = getattr(getattr(tensorflow, "compat", None), "v1", tensorflow)
    about = {"tensorflow": v1.__version__, "python": sys.version.split()[0], "program": argv[2:]}
    with io.open(os.path.join(settings["folder"], "about.json"), "w") as file:
        file.write(json.dumps(about, ensure_ascii=True) + u"\n")
    limits = dict((name, settings[name]) for name in ("steps", "runs", "bytes", "compress"))
    recorder = Recorder(v1, str(settings["folder"]), **limits)
    sys.argv = [script] + argv[3:]
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    status = 0
    try:
        runpy.run_path(script, run_name="__main__")
        recorder.end("exit")
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        recorder.end("error" if status else "exit", "exit status %s" % status if status else None)
    except BaseException as error:
        import traceback

        traceback.print_exc()
        recorder.end("error", "%s: %s" % (type(error).__name__, error))
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that feed queues may be left, and wait for ever.
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv)
