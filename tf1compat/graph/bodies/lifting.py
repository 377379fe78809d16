"""What the body of a cond or loop made, used outside of the body: through a collection, mostly.

In TF1 the ops of a body stood in the graph itself. A tensor that a branch of a cond made could be used
outside (the run failed where the branch was not taken); one that a loop made could not. Here a body
is a graph of its own, so a tensor of it that is used outside is computed again outside, from what the
body took from there. That is possible where the way to it has no state: no loop variable, no random
number, no write. Otherwise using it is an error that names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from . import callers, copying

__all__ = ["cannot_use", "lifted", "name_in_graph"]


def lifted(tensor: tf.Tensor) -> tf.Tensor:
    """A tensor of our graph with the value of a finished body's tensor.

    Raises:
      ValueError: where the value is known to the body alone.
    """
    outermost = _tf.outermost(tensor.graph)
    with outermost.build_lock:
        known = outermost.lifted.get(id(tensor))
        if known is None:
            known = (tensor, _compute_again(outermost, tensor))
            outermost.lifted[id(tensor)] = known
    return known[1]


def name_in_graph(op: tf.Operation) -> str:
    """The name that an op of a body had in TF1: `while/Add`."""
    if not getattr(op.graph, "building_function", False):
        return op.name
    caller = callers.caller_of(_tf.outermost(op.graph), op.graph.name)
    return callers.below(caller[1], op.name) if caller else op.name


def _compute_again(graph: Any, tensor: tf.Tensor) -> tf.Tensor:
    body = tensor.graph
    given: dict[int, Callable[[], tf.Tensor]] = {}
    for outside, inside in body.captures:
        given[id(inside)] = _outside(graph, outside)

    def refuse(op: tf.Operation) -> str | None:
        if op.type in ("Placeholder", "PlaceholderV2"):
            return f"it depends on {name_in_graph(op)!r}, which each turn of the body has anew"
        if _tf.is_stateful(op) and not (op.type == "ReadVariableOp" and not op.control_inputs):
            return f"it depends on {name_in_graph(op)!r} ({op.type}), which acts when the body runs"
        return None

    try:
        with graph.as_default(), tf.control_dependencies(None):
            return copying.copy_tensor(graph, tensor, given, refuse)
    except copying.CannotCopy as error:
        raise cannot_use(tensor.op, str(error)) from None


def cannot_use(op: tf.Operation, reason: str) -> ValueError:
    """The error for using outside of a body what only the body can compute."""
    return ValueError(
        f"Cannot use {name_in_graph(op)!r} outside of the loop, cond or function that made it: {reason}. "
        "Let the body return it."
    )


def _outside(graph: Any, tensor: Any) -> Callable[[], tf.Tensor]:
    if getattr(tensor, "graph", None) is graph:
        return lambda: tensor
    if getattr(getattr(tensor, "graph", None), "building_function", False):
        return lambda: lifted(tensor)
    return lambda: graph.capture(tensor)
