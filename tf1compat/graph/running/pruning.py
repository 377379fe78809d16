"""Which operations a run needs, and which of them touch which variable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import tensorflow as tf

from ... import _tensorflow as _tf
from ..bodies import callers

__all__ = ["Subgraph", "is_handle", "needed"]


class Subgraph(NamedTuple):
    """The part of a graph that one run computes.

    operations: what runs, in an order in which every operation follows its inputs.
    handles: the ops that make resource handles (variables, queues, tables…); the Session owns those.
    fed_away: fed ops and handle ops that others name as control inputs; they run as nothing.
    unasked: what runs though no target depends on it: the state writes of Keras calls, and what is stated
      in the functions and branches that are called.
    """

    operations: list[tf.Operation]
    handles: list[tf.Operation]
    fed_away: set[tf.Operation]
    unasked: list[tf.Operation]


#: Ops that run functions; without an edge from them, the runtime leaves out what no output needs.
_CALLS = frozenset(["Case", "If", "PartitionedCall", "StatefulPartitionedCall", "While"])

_handle_types: dict[str, bool] = {}


def is_handle(op: tf.Operation) -> bool:
    """Whether an op makes the handle of a named resource that lives in a container."""
    known = _handle_types.get(op.type)
    if known is None:
        attributes = {a.name for a in op.op_def.attr}
        outputs = op.op_def.output_arg
        known = _handle_types[op.type] = (
            {"container", "shared_name"} <= attributes
            and len(outputs) == 1
            and outputs[0].type == tf.resource.as_datatype_enum
        )
    return known


def needed(graph: Any, targets: Iterable[tf.Operation], fed: Iterable[tf.Tensor]) -> Subgraph:
    """Everything that the targets depend on, stopping at what is fed.

    A fed placeholder does not run. Any other fed op still runs when something names it as a control
    input or reads another of its outputs, as in TF1. The state writes of Keras calls that the run
    computes are targets too.
    """
    shared = graph.shared.eager_handles
    fed_outputs = {(tensor.op, tensor.value_index) for tensor in fed}
    fed_ops = {op for op, _ in fed_outputs}
    reached: set[tf.Operation] = set()
    handles: dict[tf.Operation, None] = {}
    fed_away: set[tf.Operation] = set()
    stack = list(targets)

    def walk() -> None:
        while stack:
            op = stack.pop()
            if op in reached:
                continue
            if op.name in shared or is_handle(op):
                handles[op] = None
                continue
            reached.add(op)
            for tensor in op.inputs:
                source = tensor.op
                if source in reached:
                    continue
                if source not in fed_ops or (source, tensor.value_index) not in fed_outputs:
                    stack.append(source)
            for source in op.control_inputs:
                if source.name in shared or is_handle(source):
                    fed_away.add(source)
                elif source in fed_ops and source.type in ("Placeholder", "PlaceholderV2"):
                    fed_away.add(source)
                else:
                    stack.append(source)

    walk()
    unasked: list[tf.Operation] = []
    if graph.keras_calls:
        count = -1
        while count != len(reached):  # a write may compute another call
            count = len(reached)
            unasked = graph.keras_calls.writes_of(_tf.op_index(op) for op in reached)
            stack.extend(unasked)
            walk()
    unasked += [op for op in reached if op.type in _CALLS and _tf.is_stateful(op) and _has_statements(graph, op)]
    fed_away -= reached
    return Subgraph(_in_order(reached | fed_away), list(handles), fed_away, unasked)


def _has_statements(graph: Any, op: tf.Operation) -> bool:
    """Whether a function that an op calls has more to run than its outputs: not so in TF1's conds and loops."""
    for name in callers.functions_of(op.node_def):
        try:
            if _tf.graph_function_definition(graph, name).control_ret:
                return True
        except KeyError:
            return True
    return False


def _in_order(operations: set[tf.Operation]) -> list[tf.Operation]:
    """Inputs first; in order of creation where that is free."""
    by_creation = sorted(operations, key=_tf.op_index)
    place = {op: at for at, op in enumerate(by_creation)}
    if all(
        place.get(source, -1) < at or source.type in ("NextIteration", "RefNextIteration")
        for at, op in enumerate(by_creation)
        for source in (*(t.op for t in op.inputs), *op.control_inputs)
    ):
        return by_creation
    # Edges were added after the fact (an imported graph, `_add_control_input`): depth first.
    ordered: list[tf.Operation] = []
    done: set[tf.Operation] = set()
    for root in by_creation:
        path = [(root, False)]
        while path:
            op, ready = path.pop()
            if ready:
                ordered.append(op)
            elif op not in done:
                done.add(op)
                path.append((op, True))
                sources = {*(t.op for t in op.inputs), *op.control_inputs}
                path.extend(
                    (source, False)
                    for source in sorted(sources & operations, key=_tf.op_index, reverse=True)
                    if source not in done and source.type not in ("NextIteration", "RefNextIteration")
                )
    return ordered
