"""That what is restored has its variable's shape.

TF1's reference variables refused a value of another shape. Resource variables, which all are here, take any, and
what uses the variable then fails, or computes something else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from tf1compat.graph import Graph

__all__ = ["check_shapes"]


def check_shapes(saver: Any, session: Any, prefix: Any) -> None:
    """Raise `InvalidArgumentError`, as TF 1.15, where the checkpoint has another shape for a variable.

    For Sessions of ours; nothing is raised for what the restoring itself finds (no such checkpoint or name).
    """
    graph, definition = getattr(session, "graph", None), saver.saver_def
    if not isinstance(graph, Graph) or not definition or prefix is None:
        return
    try:
        stored = tf.compat.v1.train.NewCheckpointReader(os.fspath(prefix)).get_variable_to_shape_map()
    except (tf.errors.OpError, LookupError, OSError, RuntimeError, ValueError):
        return
    for variable, name in _restored(graph.get_operation_by_name(definition.restore_op_name)):
        shape = tf.TensorShape(variable.get_attr("shape"))
        if name in stored and not shape.is_compatible_with(stored[name]):
            raise tf.errors.InvalidArgumentError(
                variable.node_def,
                variable,
                f"Assign requires shapes of both tensors to match. lhs shape= {shape} rhs shape= "
                f"{tf.TensorShape(stored[name])}: variable {variable.name!r}, and {name!r} in the checkpoint "
                f"{prefix!r}. Saver(reshape=True) restores as many elements in the variable's own shape.",
            )


def _restored(group: tf.Operation) -> Iterator[tuple[tf.Operation, str]]:
    """The variables that are assigned whole tensors as they are stored, and the tensors' names."""
    for op in group.control_inputs:
        if op.type == "NoOp":  # the group of one shard
            yield from _restored(op)
        elif op.type == "AssignVariableOp" and op.inputs[0].op.type == "VarHandleOp":
            value = op.inputs[1]
            while value.op.type == "Identity":
                value = value.op.inputs[0]
            if value.op.type == "RestoreV2":
                names, slices = (tf.get_static_value(value.op.inputs[n]) for n in (1, 2))
                if names is not None and slices is not None and not slices[value.value_index]:
                    yield op.inputs[0].op, tf.compat.as_str(names[value.value_index])
