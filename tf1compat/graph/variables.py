"""Variables as the graph and the Session see them: values by name, and those the process shares."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import variable_pb2

from .. import _tensorflow as _tf
from .shapes import tf1_shape

__all__ = ["SharedVariables", "handle_of", "is_variable", "value_by_name", "value_of_handle", "variable_of_handle"]


def is_variable(value: Any) -> bool:
    """Whether a value is a TensorFlow variable, of a graph or eager."""
    return isinstance(value, _tf.BaseResourceVariable)


def handle_of(graph: Any, variable: Any) -> tf.Tensor:
    """The graph's handle of a variable, which may be one that was made eagerly."""
    handle = _tf.variable_handle_of(variable)
    if isinstance(handle, _tf.EagerTensor):
        return graph.shared.watch(variable).handle
    return handle


def value_of_handle(graph: tf.Graph, handle: tf.Tensor) -> tf.Tensor:
    """A plain read of the variable behind a handle; one that stands in the graph where there is one."""
    for consumer in handle.consumers():
        plain = consumer.type == "ReadVariableOp" and not consumer.control_inputs
        if plain and not graph.keras_calls.holds(consumer):  # fetching that would compute the layer
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
            value = value_of_handle(graph, op.outputs[0])
            if op_name == name[:-2]:
                _let_be_assigned(value, graph, op.outputs[0])
            return value
        return None if op.outputs or op_name != name[:-2] else _value_written_by(op)
    return None


def _let_be_assigned(value: tf.Tensor, graph: tf.Graph, handle: tf.Tensor) -> None:
    """Give the tensor that stands for `v:0` what TF1's reference to a variable could do: `tf.assign(v0, 3.0)`.

    TensorFlow's functions that write to a reference ask anything else for the method of that name.
    """
    if hasattr(value, "is_initialized"):
        return

    def method(name: str) -> Any:
        return lambda *args, **kwargs: getattr(variable_of_handle(graph, handle), name)(*args, **kwargs)

    for name in _METHODS:
        setattr(value, name, method(name))


#: What `tf.assign` and its kin, `tf.is_variable_initialized` and `minimize(global_step=…)` call.
_METHODS = ("assign", "assign_add", "assign_sub", "count_up_to", "is_initialized")


def variable_of_handle(graph: tf.Graph, handle: tf.Tensor) -> Any:
    """The variable in the graph's collections that has this handle; one over it where none does."""
    for key in graph.get_all_collection_keys():
        for one in graph.get_collection_ref(key):
            if is_variable(one) and _tf.variable_handle_of(one) is handle:
                return one
    return _tf.variable_over(handle)


def _value_written_by(op: tf.Operation) -> tf.Tensor | None:
    """What TF1 called `Assign:0`: the read right after a write to a variable, where the graph has one."""
    for consumer in op.inputs[0].consumers() if op.inputs else ():
        if consumer.type == "ReadVariableOp" and list(consumer.control_inputs) == [op]:
            return consumer.outputs[0]
    return None


class SharedVariables:
    """The eager variables (and other eager resources) that one graph has met.

    Each gets a handle op in the graph, so that everything written for graph variables (optimizers,
    `Saver`, `minimize` without a list) works on it; a Session passes the process's own handle for it
    instead of making one, so its value is the process's. Its initializer does nothing: initialising a
    graph must not throw away the weights of a model built, or loaded, before.
    """

    _all: weakref.WeakSet[SharedVariables] = weakref.WeakSet()

    def __init__(self, graph: Any) -> None:
        self._graph = graph
        # By identity of the eager handle; the eager objects are kept, so that no other takes it.
        self._handles: dict[int, tuple[Any, tf.Tensor]] = {}
        self._variables: dict[int, tuple[Any, Any]] = {}
        #: Handle op name -> the process's eager handle.
        self.eager_handles: dict[str, Any] = {}
        SharedVariables._all.add(self)

    @classmethod
    def everywhere(cls, variable: Any) -> list[Any]:
        """The graphs' variables that stand for an eager one, so far."""
        key = id(_tf.variable_handle_of(variable))
        return [shared._variables[key][1] for shared in list(cls._all) if key in shared._variables]

    def eager_variable(self, name: str) -> Any:
        """The eager variable behind the handle op of this name, or None where it is a graph's own."""
        handle = self.eager_handles.get(name)
        known = None if handle is None else self._variables.get(id(handle))
        return None if known is None else known[0]

    def stand_for(self, eager: Any, variable: Any) -> None:
        """From now on an eager variable means this graph's variable, in each Session that one's own."""
        self._variables[id(_tf.variable_handle_of(eager))] = (eager, variable)

    def forget(self, eager: Any) -> None:
        """Undo `stand_for`."""
        self._variables.pop(id(_tf.variable_handle_of(eager)), None)

    def watch(self, variable: Any, name: str | None = None) -> Any:
        """The graph's variable for an eager one, listed in its collections; a graph's variable itself.

        `name` is what to call it in the graph; its own name where None.
        """
        eager = _tf.variable_handle_of(variable)
        if not isinstance(eager, _tf.EagerTensor):
            return variable
        known = self._variables.get(id(eager))
        if known is not None:
            return known[1]
        graph = self._graph
        with graph.build_lock, self._aside():
            if id(eager) in self._variables:  # another thread was faster
                return self._variables[id(eager)][1]
            name = name or variable.name.partition(":")[0]
            handle = self._handle_op(eager, name, variable.dtype, variable.shape)
            read = tf.raw_ops.ReadVariableOp(
                resource=handle, dtype=variable.dtype, name=f"{handle.op.name}/Read/ReadVariableOp"
            )
            definition = variable_pb2.VariableDef(
                variable_name=handle.name,
                initializer_name=tf.no_op(name=f"{handle.op.name}/Assign").name,
                snapshot_name=read.name,
                initial_value_name=read.name,
                is_resource=True,
                trainable=bool(variable.trainable),
            )
            shared = _tf.resource_variable_from_proto(definition)
            _tf.set_variable_shape(shared, tf1_shape(shared.shape))
            self._variables[id(eager)] = (variable, shared)
            keys = [tf.compat.v1.GraphKeys.GLOBAL_VARIABLES]
            if variable.trainable:
                keys.append(tf.compat.v1.GraphKeys.TRAINABLE_VARIABLES)
            graph.add_to_collections(keys, shared)
        return shared

    @contextlib.contextmanager
    def _aside(self) -> Iterator[None]:
        """What is made here belongs to the graph, not to the layer's call, scope or branch around it."""
        graph = self._graph
        with graph.as_default(), tf.control_dependencies(None), tf.name_scope(""), graph.keras_calls.apart():
            yield

    def _handle_op(self, eager: Any, name: str, dtype: tf.DType, shape: tf.TensorShape) -> tf.Tensor:
        known = self._handles.get(id(eager))
        if known is not None:
            return known[1]
        handle = tf.raw_ops.VarHandleOp(dtype=dtype, shape=shape, shared_name=name, name=name)
        _tf.set_handle_data(handle, dtype, shape)
        self._handles[id(eager)] = (eager, handle)
        self.eager_handles[handle.op.name] = eager
        return handle

    def handle(self, eager: Any, name: str | None) -> tf.Tensor:
        """The graph's tensor for an eager resource or variant."""
        known = self._handles.get(id(eager))
        if known is not None:
            return known[1]
        with self._graph.build_lock, self._aside():
            described = _described_variable(eager)
            if described is not None:  # one that only a function of TF2 has met so far
                return self._handle_op(eager, name or "captured", *described)
            tensor = tf.compat.v1.placeholder(eager.dtype, eager.shape, name=name or "captured")
            data = _tf.handle_data(eager)
            if data is not None:
                tensor._handle_data = data
            self._handles[id(eager)] = (eager, tensor)
            self.eager_handles[tensor.op.name] = eager
        return tensor


def _described_variable(eager: Any) -> tuple[tf.DType, tf.TensorShape] | None:
    """The dtype and shape of the variable behind an eager handle; None where there is none, or no value."""
    data = _tf.handle_data(eager)
    if eager.dtype != tf.resource or data is None or len(data.shape_and_type) != 1:
        return None
    with _tf.eager_mode():
        if not tf.raw_ops.VarIsInitializedOp(resource=eager):
            return None
    part = data.shape_and_type[0]
    return tf.as_dtype(part.dtype), tf.TensorShape(part.shape)
