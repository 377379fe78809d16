"""Building what computes a tensor once more, with some of the tensors on the way replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf

__all__ = ["CannotCopy", "copy_tensor"]


class CannotCopy(Exception):
    """Says why an operation cannot be built again."""


def copy_tensor(
    graph: Any,
    tensor: tf.Tensor,
    given: Mapping[int, Callable[[], tf.Tensor]],
    refuse: Callable[[tf.Operation], str | None],
) -> tf.Tensor:
    """A tensor of `graph`, the default one, computed by copies of the ops that compute `tensor`.

    Args:
      given: id of a tensor -> what makes the tensor to take instead.
      refuse: says of an op why it may not be copied, or None.

    Raises:
      CannotCopy: with the reason that `refuse` gave.
    """
    order = _ops_before(tensor, given)
    for op in order:
        reason = refuse(op)
        if reason:
            raise CannotCopy(reason)
    copies: dict[int, tf.Tensor] = {}

    def copied(source: tf.Tensor) -> tf.Tensor:
        if id(source) not in copies:
            copies[id(source)] = given[id(source)]()
        return copies[id(source)]

    for op in order:
        inputs = [copied(source) for source in op.inputs]
        _tf.share_functions(op.graph, graph)
        made = graph.create_op(
            op.type,
            inputs,
            dtypes=[output.dtype for output in op.outputs],
            name=op.name,
            attrs={key: value for key, value in op.node_def.attr.items() if key != "_class"},
            op_def=op.op_def,
        )
        for old, new in zip(op.outputs, made.outputs, strict=True):
            copies[id(old)] = new
    return copied(tensor)


def _ops_before(tensor: tf.Tensor, given: Mapping[int, Any]) -> list[tf.Operation]:
    """The ops that a tensor needs, inputs first, down to what is given."""
    ordered: list[tf.Operation] = []
    done: set[tf.Operation] = set()
    path = [] if id(tensor) in given else [(tensor.op, False)]
    while path:
        op, ready = path.pop()
        if ready:
            ordered.append(op)
        elif op not in done:
            done.add(op)
            path.append((op, True))
            path.extend((t.op, False) for t in op.inputs if id(t) not in given and t.op not in done)
    return ordered
