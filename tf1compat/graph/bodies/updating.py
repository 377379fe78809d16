"""What the branch of a cond writes, run by what depends on it outside: the moving averages of a batch normalization.

In TF1 `UPDATE_OPS` of a layer in a branch could be put under `control_dependencies` outside, for a step that took
this branch (a step that did not take it failed). Here a branch is a graph of its own, so the write is built again, in a
cond of its own with the same predicate: it happens where the branch is taken, and nothing happens where it is not. A
write that the branch's own result waits for happens with the cond.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from . import callers
from .copying import CannotCopy
from .lifting import cannot_use

__all__ = ["written_outside"]

_BRANCHES = {"If": "then_branch", "StatelessIf": "then_branch"}
#: What may be done twice, since it is the write, or reads what the first one does not write.
_MAY_REPEAT = frozenset("AssignAddVariableOp AssignSubVariableOp AssignVariableOp NoOp ReadVariableOp".split())


def written_outside(op: tf.Operation) -> tf.Operation:
    """An operation of our graph that does what a finished branch's `op` does, if that branch is taken.

    Raises:
      ValueError: for what is in a loop or in a branch of a branch; for a write of what is drawn, or counted, anew.
    """
    graph = _tf.outermost(op.graph)
    with graph.build_lock:
        known = graph.lifted.get(id(op))
        if known is None:
            known = (op, _build(graph, op))
            graph.lifted[id(op)] = known
    made: tf.Operation = known[1]
    return made


def _build(graph: Any, op: tf.Operation) -> tf.Operation:
    caller = callers.caller_of(graph, op.graph.name)
    if caller is None or op.graph.outer_graph is not graph or caller[0].type not in _BRANCHES:
        raise cannot_use(op, "it runs when the body does")
    call = caller[0]
    if op in _run_by(op.graph):
        return call
    taken = call.get_attr(_BRANCHES[call.type]).name == op.graph.name

    def again() -> tf.Operation:
        return _copied(op, dict(_given(graph, op)))

    with graph.as_default(), tf.control_dependencies(None), tf.name_scope(f"{call.name}/update/"):
        then, otherwise = (again, tf.no_op) if taken else (tf.no_op, again)
        try:
            done = tf.compat.v1.cond(call.inputs[0], _true_after(then), _true_after(otherwise))
        except CannotCopy as error:
            raise cannot_use(op, str(error)) from None
    made: tf.Operation = done.op
    return made


def _run_by(body: Any) -> set[tf.Operation]:
    """The ops that a branch runs whenever it is taken: to write again would be to write twice."""
    path = [*(tensor.op for tensor in body.outputs), *body.control_outputs]
    found: set[tf.Operation] = set()
    while path:
        op = path.pop()
        if op not in found:
            found.add(op)
            path += [*(tensor.op for tensor in op.inputs), *op.control_inputs]
    return found


def _true_after(branch: Callable[[], Any]) -> Callable[[], tf.Tensor]:
    def run() -> tf.Tensor:
        with tf.control_dependencies([branch()]):
            return tf.constant(True)

    return run


def _given(graph: Any, op: tf.Operation) -> Any:
    for outside, inside in op.graph.captures:
        yield id(inside), outside if getattr(outside, "graph", None) is graph else graph.capture(outside)


def _copied(op: tf.Operation, given: dict[int, tf.Tensor]) -> tf.Operation:
    """The op, and all it needs, built once more in the default graph."""
    here = tf.compat.v1.get_default_graph()
    copies: dict[tf.Operation, tf.Operation] = {}
    inputs = {tensor.op for tensor in op.graph.inputs}
    path = [(op, False)]
    while path:
        one, ready = path.pop()
        if one in copies or one in inputs:
            continue
        if not ready:
            if _tf.is_stateful(one) and one.type not in _MAY_REPEAT:
                raise CannotCopy(f"it depends on {one.name!r} ({one.type}), which acts when the body runs")
            path.append((one, True))
            path.extend((before, False) for before in (*(tensor.op for tensor in one.inputs), *one.control_inputs))
            continue
        _tf.share_functions(one.graph, here)
        taken = [given[id(t)] if id(t) in given else copies[t.op].outputs[t.value_index] for t in one.inputs]
        with tf.control_dependencies([copies[before] for before in one.control_inputs if before in copies]):
            copies[one] = here.create_op(
                one.type,
                taken,
                dtypes=[output.dtype for output in one.outputs],
                name=one.name.rpartition("/")[2],
                attrs={key: value for key, value in one.node_def.attr.items() if key != "_class"},
                op_def=one.op_def,
            )
    return copies[op]
