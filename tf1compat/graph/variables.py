"""Variables as the graph and the Session see them: values by name, and those the process shares."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from tensorflow.core.framework import variable_pb2

from .. import _tensorflow as _tf

__all__ = ["SharedVariables", "handle_of", "is_variable", "value_by_name", "value_of_handle"]


def is_variable(value: Any) -> bool:
    """Whether a value is a TensorFlow variable, of a graph or eager."""
    return isinstance(value, _tf.BaseResourceVariable)


def handle_of(graph: Any, variable: Any) -> tf.Tensor:
    """The graph's handle of a variable, which may be one that was made eagerly."""
    handle = variable.handle
    if isinstance(handle, _tf.EagerTensor):
        return graph.shared.watch(variable).handle
    return handle


def value_of_handle(graph: tf.Graph, handle: tf.Tensor) -> tf.Tensor:
    """A plain read of the variable behind a handle; one that stands in the graph where there is one."""
    for consumer in handle.consumers():
        if consumer.type == "ReadVariableOp" and not consumer.control_inputs:
            return consumer.outputs[0]
    with graph.as_default(), tf.control_dependencies(None), tf.device(handle.op.device):
        return tf.raw_ops.ReadVariableOp(
            resource=handle, dtype=handle.op.get_attr("dtype"), name=f"{handle.op.name}/read/"
        )


def value_by_name(graph: tf.Graph, name: str) -> tf.Tensor | None:
    """The value that TF1 called `v:0` or `v/read:0`, or None where the name is none of a variable."""
    if not isinstance(name, str) or not name.endswith(":0"):
        return None
    for op_name in (name[:-2], name[: -len("/read:0")] if name.endswith("/read:0") else None):
        if not op_name:
            continue
        try:
            op = graph.get_operation_by_name(op_name)
        except (KeyError, ValueError):
            continue
        if op.type == "VarHandleOp":
            return value_of_handle(graph, op.outputs[0])
        return None
    return None


class SharedVariables:
    """The eager variables (and other eager resources) that one graph has met.

    Each gets a handle op in the graph, so that everything written for graph variables (optimizers,
    `Saver`, `minimize` without a list) works on it; a Session passes the process's own handle for it
    instead of making one, so its value is the process's. Its initializer does nothing: initialising a
    graph must not throw away the weights of a model built, or loaded, before.
    """

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        self._by_eager_id: dict[int, tuple[Any, Any]] = {}
        #: Handle op name -> the process's eager handle.
        self.eager_handles: dict[str, Any] = {}
        self._placeholders: dict[int, tuple[Any, tf.Tensor]] = {}

    def watch(self, variable: Any) -> Any:
        """The graph's variable for an eager one; None for variables of graphs."""
        eager = getattr(variable, "_handle", None)
        if not isinstance(eager, _tf.EagerTensor):
            return None
        known = self._by_eager_id.get(id(eager))
        if known is not None:
            return known[1]
        graph = self._graph
        with graph.build_lock, graph.as_default(), tf.control_dependencies(None), tf.name_scope(""):
            base = variable.name.partition(":")[0]
            handle = tf.raw_ops.VarHandleOp(
                dtype=variable.dtype, shape=variable.shape, shared_name=base, name=base
            )
            _tf.set_handle_data(handle, variable.dtype, variable.shape)
            read = tf.raw_ops.ReadVariableOp(
                resource=handle, dtype=variable.dtype, name=f"{handle.op.name}/Read/ReadVariableOp"
            )
            definition = variable_pb2.VariableDef(
                variable_name=handle.name,
                initializer_name=tf.no_op(name=f"{handle.op.name}/Assign").name,
                snapshot_name=read.name,
                is_resource=True,
                trainable=bool(variable.trainable),
            )
            self.eager_handles[handle.op.name] = eager
            shared = _tf.resource_variable_from_proto(definition)
            self._by_eager_id[id(eager)] = (variable, shared)
            keys = [tf.compat.v1.GraphKeys.GLOBAL_VARIABLES]
            if variable.trainable:
                keys.append(tf.compat.v1.GraphKeys.TRAINABLE_VARIABLES)
            graph.add_to_collections(keys, shared)
        return shared

    def handle(self, eager: Any, name: str | None) -> tf.Tensor:
        """The graph's tensor for an eager resource or variant."""
        known = self._by_eager_id.get(id(eager))
        if known is not None:
            return known[1].handle
        placed = self._placeholders.get(id(eager))
        if placed is None:
            tensor = tf.compat.v1.placeholder(eager.dtype, eager.shape, name=name or "captured")
            data = _tf.handle_data(eager)
            if data is not None:
                tensor._handle_data = data
            self._placeholders[id(eager)] = placed = (eager, tensor)
            self.eager_handles[tensor.op.name] = eager
        return placed[1]
