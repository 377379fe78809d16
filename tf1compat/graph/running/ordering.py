"""Rule 6: in which order the operations of a run touch a variable.

TF1 left the order of reads and writes that no edge orders to a race. Here it is a promise, whatever
is fetched in whatever order:

* a plain read (nothing put under `control_dependencies`) sees the value from the start of the run;
* a read under `control_dependencies` sees what its dependencies left;
* writes, controlled reads, and ops whose bodies (cond, while, calls) touch the variable go in order of
  creation where no path orders them otherwise.

The promise is kept with extra control edges. All of them point forward in one order in which
every operation follows its inputs, or start at a plain read, which waits for nothing: no cycle can come.
In TF1's own control flow, where `cond` is no function, `branches` moves them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .branches import enters_around, lawful_edges
from .pruning import Subgraph

__all__ = ["READS", "control_edges", "enters_of_writing_loops", "handle_source", "is_read", "writes"]

#: Ops that only look at the variable whose handle is their first input.
READS = frozenset(
    ["ReadVariableOp", "ResourceGather", "ResourceGatherNd", "VariableShape", "VarIsInitializedOp"]
)
_GATHERS = frozenset(["ResourceGather", "ResourceGatherNd"])
#: What hands a handle into TF1's conds and loops.
_BRANCHES = frozenset(["Switch", "Enter"])
#: What only hands a handle on.
_PASS_ON = _BRANCHES | {"Exit", "Identity", "NextIteration"}


def is_read(op: tf.Operation) -> bool:
    """Whether an op only looks at the variable whose handle is its first input."""
    return op.type in READS


def handle_source(tensor: tf.Tensor) -> tf.Operation:
    """The op that made a handle, looked for through the ops that pass it on."""
    op = tensor.op
    while op.type in _PASS_ON and op.inputs:
        op = op.inputs[0].op
    return op


def _variables_of(op: tf.Operation) -> Iterator[tf.Operation]:
    if op.type in _PASS_ON:
        return
    for tensor in op.inputs:
        if tensor.dtype == tf.resource:
            source = handle_source(tensor)
            if source.type == "VarHandleOp":
                yield source


def control_edges(graph: Any, part: Subgraph) -> list[tuple[tf.Operation, tf.Operation]]:
    """(earlier, later) pairs to add to the subgraph's own edges."""
    touching: dict[tf.Operation, list[tf.Operation]] = {}
    for op in part.operations:
        for variable in _variables_of(op):
            ops = touching.setdefault(variable, [])
            if not ops or ops[-1] is not op:
                ops.append(op)
    edges: list[tuple[tf.Operation, tf.Operation]] = []
    for ops in touching.values():
        if len(ops) > 1 and any(writes(op) for op in ops):
            edges.extend(_edges_of_one(graph, ops, part))
    return lawful_edges(part.operations, edges)


def enters_of_writing_loops(part: Subgraph) -> list[tf.Operation]:
    """The `Enter` ops of TF1 loops that write to a variable: their iterations must not overlap."""
    writing = (op for op in part.operations if any(_variables_of(op)) and writes(op))
    return enters_around(part.operations, writing)


def writes(op: tf.Operation) -> bool:
    """Whether an op, or the body that it runs, may change a variable that it is given."""
    if is_read(op):
        return False
    read_only = _read_only_inputs(op)
    return read_only is None or len(read_only) < sum(t.dtype == tf.resource for t in op.inputs)


def _read_only_inputs(op: tf.Operation) -> list[int] | None:
    """Which inputs of a call are handles that its body only reads, where TensorFlow noted that."""
    try:
        return list(op.get_attr("_read_only_resource_inputs"))
    except ValueError:
        return None


def _follows(op: tf.Operation, writing: set[tf.Operation], within: set[tf.Operation]) -> bool:
    """Whether a path leads from one of the writes to the op, by the ops of the run."""
    seen, waiting = {op}, [op]
    while waiting:
        now = waiting.pop()
        for before in (*(tensor.op for tensor in now.inputs), *now.control_inputs):
            if before in writing:
                return True
            if before in within and before not in seen:
                seen.add(before)
                waiting.append(before)
    return False


def _edges_of_one(
    graph: Any, ops: list[tf.Operation], part: Subgraph
) -> Iterator[tuple[tf.Operation, tf.Operation]]:
    log = graph.keras_calls
    # A layer called twice in one run must draw two seeds: what it reads and writes goes in order.
    keras_state = log and any(writes(op) and log.within(_tf.op_index(op)) for op in ops)

    # A gather made under `control_dependencies` may hang on them by its indices alone: a path from a write tells.
    gathers = [op for op in ops if op.type in _GATHERS and op.inputs[1].op.type != "Placeholder"]
    writing = {op for op in ops if writes(op)} if gathers else set()
    within = set(part.operations) if gathers else set()
    late = {op for op in gathers if _follows(op, writing, within)}

    def plain(op: tf.Operation) -> bool:
        if op in late:
            return False
        # A handle that came through a TF1 cond or loop is read when that runs, as in a cond's function.
        if not is_read(op) or op.control_inputs or op.inputs[0].op.type in _BRANCHES:
            return False
        return not (keras_state and log.within(_tf.op_index(op)))

    waiting = [op for op in ops if plain(op)]  # reads that the next write must wait for
    last_write = None
    for op in ops:
        if plain(op):
            continue
        if last_write is not None:
            yield last_write, op
        if writes(op):
            for read in waiting:
                if read is not op:
                    yield read, op
            waiting = []
            last_write = op
        else:
            waiting.append(op)
