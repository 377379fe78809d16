"""What a run of a graph consists of, under TensorFlow 1 and here: for Python 2.7 and 3, like `recorder.py`."""

from __future__ import absolute_import, division, print_function

import re
import zlib

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
VARIABLES = ("VariableV2", "Variable", "VarHandleOp")


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
        if source.type in VARIABLES:
            return str(source.name) + ":0"
    return str(element.name)


def is_inside(op):
    """Whether an op stands in a loop or branch, where it cannot be fetched."""
    return _context(op) is not None or not op.graph.is_fetchable(op)


def _is_in_loop(op):
    context = _context(op)
    while context is not None and not context.IsWhileContext():
        context = context.outer_context
    return context is not None


def _context(op):
    context = getattr(op, "_get_control_flow_context", None)
    return None if context is None else context()


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
            if op.type in RANDOM and is_inside(op) and not _is_in_loop(op) and any(seeds_of(op)):
                pass  # the same there and here; in a loop it is not told in which order its iterations draw
            elif is_inside(op) or len(plain) < len([t for t in op.outputs if t.name not in fed]):
                lost.append(str(op.name))
            else:
                found.extend(plain)
        elif op.type in _CALLS and _draws(graph, op):
            lost.append(str(op.name))
        stack.extend(t.op for t in op.inputs if t.name not in fed)
        stack.extend(op.control_inputs)
    return found, lost


def seeds_of(op):
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
                    drawing = [node for node in nodes if node.op in RANDOM]
                    if any("While" in op.type or not _has_seed(node) for node in drawing):
                        return True
                    stack.extend(nodes)
    return False


def unordered_in(graph, names, fed):
    """The variables that a run of these fetches reads and writes, or writes twice, in no order.

    TensorFlow 1 left to chance which came first. What its variables' plain reads gave was no copy: an op that uses
    one may see what was written since.
    """
    reached = _before([op_of(graph, name) for name in names if name != "?"], fed)
    found = []
    for variable in [op for op in reached if op.type in VARIABLES]:
        direct = list(variable.outputs[0].consumers())
        users = [user for read in direct if read.type == "Identity" for user in read.outputs[0].consumers()]
        users = [op for op in direct + users if op in reached and not is_inside(op)]
        for writer in [op for op in direct if op in reached and _writes(op) and not is_inside(op)]:
            before = _before([writer], fed)
            free = [op for op in users if op not in before]
            if any(writer not in _before([op], fed) for op in free):
                found.append(str(variable.name))
                break
    return sorted(found)


def _writes(op):
    return op.type.startswith(("Assign", "Apply", "ResourceApply", "SparseApply", "ResourceSparseApply", "Scatter",
                               "ResourceScatter", "CountUpTo"))  # fmt: skip


def writes_within(graph, name, fed):
    """Whether computing a fetch writes a variable."""
    return any(_writes(op) for op in _before([op_of(graph, name)], fed))


def op_of(graph, name):
    element = graph.as_graph_element(name)
    return getattr(element, "op", element)


def _before(operations, fed):
    """All ops that must run for these, they among them."""
    seen, stack = set(), list(operations)
    while stack:
        op = stack.pop()
        if op not in seen:
            seen.add(op)
            stack.extend(t.op for t in op.inputs if t.name not in fed)
            stack.extend(op.control_inputs)
    return seen


def _has_seed(node):
    return bool(node.attr["seed"].i or node.attr["seed2"].i)


def with_seeds_in_branches(get_seed, scope_in_branch):
    """TensorFlow's `get_seed`, but a random op of a branch that has no seed of its own gets one.

    What is drawn in a branch can be neither fetched nor fed; so it has to be drawn alike there and here. The seed goes
    by the op's name and how many of that name came before. `scope_in_branch()` is the name scope that an op would be
    made in now, None outside of branches.
    """
    counts = {}

    def seeded(op_seed):
        scope = None if op_seed is not None else scope_in_branch()
        if scope is None:
            return get_seed(op_seed)
        name = re.sub(r"_\d+$", "", scope.split("/")[-1])
        counts[name] = counts.get(name, 0) + 1
        return 87654321, zlib.crc32(("%s %d" % (name, counts[name])).encode("utf-8")) & 0x7FFFFFFF

    return seeded
