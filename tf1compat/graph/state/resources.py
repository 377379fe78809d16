"""Rule 7: what one Session owns. Handles are made once, in the Session's own container.

Only a Session on a `tf.train.Server` shares: what has a handle lives in the task of the cluster that its device
names, under its container there. Iterators and what kernels keep without a handle are the Session's all the same.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from ..devices import Placer
from . import random_streams
from .kept_kernels import KeptKernels
from .named_state import NamedState

__all__ = ["Resources", "register_functions"]

_numbers = itertools.count(1)


def register_functions(graph: Any) -> None:
    """Let the runtime know the functions that a graph holds: dataset maps, loop bodies, Defuns."""
    known = graph.registered_functions
    for name in _tf.graph_function_names(graph):
        if name not in known:
            known.add(name)
            if not _tf.has_function(name):
                _tf.add_function(_tf.graph_function_definition(graph, name))


class Resources:
    """The resources of one Session on one graph: variables, queues, tables, iterators, readers."""

    def __init__(self, graph: Any, placer: Placer, task: Any = None) -> None:
        self._graph, self.place, self._task = graph, placer, task
        self.container = f"tf1compat-session-{next(_numbers)}"
        self._handles: dict[str, Any] = {}
        self._shared: set[str] = set()  # the ops whose handles are a server's
        self._streams: dict[str, Any] = {}
        self._deleters: list[tuple[Any, Any]] = []  # of iterators
        #: Kernels that hold state themselves.
        self.kernels = KeptKernels()
        #: What kernels keep by name.
        self.named = NamedState(self.container)
        #: (path of a call, function) -> this Session's copy of the function.
        self.bodies: dict[tuple[str, str], str] = {}
        self._lock = threading.RLock()

    def handle(self, op: tf.Operation, evaluate: Callable[[list[tf.Tensor]], list[Any]]) -> Any:
        """This Session's handle for a handle op, made at the first call.

        `evaluate(tensors)` computes an op's inputs, which a few tables have (their empty key).
        """
        shared = self._graph.shared.eager_handles.get(op.name)
        if shared is not None:
            return shared
        found = self._handles.get(op.name)
        if found is None:
            with self._lock:  # two threads that race for one queue must get one queue
                found = self._handles.get(op.name)
                if found is None:
                    found = self._handles[op.name] = self._find_or_make(op, evaluate)
        return found

    def variable_handles(self, ops: Iterable[tf.Operation]) -> None:
        """Make the handles of many variables in one go; one by one takes ten times as long."""
        with self._lock:
            wanted: dict[str, list[tf.Operation]] = {}
            for op in ops:
                if op.type == "VarHandleOp" and op.name not in self._handles:
                    if op.name not in self._graph.shared.eager_handles:
                        wanted.setdefault(self.place(op.device, op.name), []).append(op)
            for device, group in wanted.items():
                if device == "" and len(group) > 1 and not _tf.has_gpu() and self._task is None:
                    names = [self._name(op) for op in group]
                    handles = _tf.variable_handles(
                        self.container, names, [(op.get_attr("dtype"), op.get_attr("shape")) for op in group]
                    )
                    self._handles.update(zip((op.name for op in group), handles, strict=True))

    @staticmethod
    def _name(op: tf.Operation) -> str:
        return tf.compat.as_str(op.get_attr("shared_name")) or op.name

    def _find_or_make(self, op: tf.Operation, evaluate: Callable[[list[tf.Tensor]], list[Any]]) -> Any:
        register_functions(self._graph)
        if op.type in ("Iterator", "IteratorV2", "OneShotIterator"):
            return self._iterator(op)
        if self._task is None:
            return self._make(op, evaluate, self.container)
        server = self._task.home(op.device)
        container = tf.compat.as_str(op.get_attr("container")) or server.server_def.job_name
        with server.lock:
            found = server.find(container, op.type, self._name(op))
            if found is None:
                found = self._make(op, evaluate, server.runtime_name(container))
                server.keep(container, op.type, self._name(op), found)
        self._shared.add(op.name)
        return found

    def _make(self, op: tf.Operation, evaluate: Callable[[list[tf.Tensor]], list[Any]], container: str) -> Any:
        attributes = _tf.all_attributes(op)
        attributes = {k: v for k, v in attributes.items() if not k.startswith("_")}
        for name, value in attributes.items():
            if type(value).__name__ == "NameAttrList":
                attributes[name] = _tf.FunctionName(value.name)
        attributes["container"], attributes["shared_name"] = container, self._name(op)
        names = [arg.name for arg in op.op_def.input_arg]
        arguments = dict(zip(names, evaluate(list(op.inputs)), strict=True))
        for key in (arg.type_attr for arg in op.op_def.input_arg):  # implied by the inputs
            attributes.pop(key, None)
        make = getattr(tf.raw_ops, op.type)
        with _tf.eager_mode(), tf.device(self.place(op.device, op.name) or None):
            return make(**arguments, **attributes)

    def _iterator(self, op: tf.Operation) -> Any:
        """A new iterator; a one-shot iterator has begun.

        It has no name: TensorFlow's kernel for a named one would keep it beyond the Session's end.
        """
        kinds = {"output_types": op.get_attr("output_types"), "output_shapes": op.get_attr("output_shapes")}
        with _tf.eager_mode(), tf.device("CPU:0"):
            iterator, deleter = tf.raw_ops.AnonymousIteratorV2(**kinds)
            if op.type == "OneShotIterator":
                (dataset,) = _tf.call_plain(op.get_attr("dataset_factory").name, [], (), 1)
                tf.raw_ops.MakeIterator(dataset=dataset, iterator=iterator)
        self._deleters.append((iterator, deleter))
        return iterator

    def stream(self, path: str, seed: int, seed2: int) -> Any:
        """The state variable of a seeded random op's stream in this Session."""
        found = self._streams.get(path)
        if found is None:
            with self._lock, _tf.eager_mode(), tf.device("CPU:0"):
                found = self._streams.get(path)
                if found is None:
                    found = tf.raw_ops.VarHandleOp(
                        dtype=tf.int64, shape=[3], container=self.container, shared_name=f"{path}/stream"
                    )
                    state = random_streams.initial_state(seed, seed2)
                    tf.raw_ops.AssignVariableOp(resource=found, value=tf.constant(state, tf.int64))
                    self._streams[path] = found
        return found

    def named_stream(self, path: str, seed: int, seed2: int) -> str:
        """Like `stream`; returns the variable's name in the Session's container."""
        self.stream(path, seed, seed2)
        return f"{path}/stream"

    def queues(self) -> Iterable[tuple[str, Any]]:
        """(operation name, handle) of the queues made so far."""
        for name, handle in list(self._handles.items()):
            if "Queue" in self._graph.get_operation_by_name(name).type:
                yield name, handle

    def close(self, waiting: Callable[[], bool]) -> None:
        """Free everything; what waits for a queue or staging area wakes, while `waiting()`, with an error."""
        with self._lock, _tf.eager_mode(), tf.device("CPU:0"):
            self.named.free(waiting)
            for name in self._shared:
                self._handles.pop(name, None)
            for _, queue in self.queues():
                tf.raw_ops.QueueCloseV2(handle=queue, cancel_pending_enqueues=True)
            for iterator, deleter in self._deleters:
                tf.raw_ops.DeleteIterator(handle=iterator, deleter=deleter)
            self._deleters.clear()
            for handle in [*self._handles.values(), *self._streams.values()]:
                tf.raw_ops.DestroyResourceOp(resource=handle, ignore_lookup_error=True)
            self._handles.clear()
            self._streams.clear()
            for body in self.bodies.values():
                _tf.remove_function(body)
            self.bodies.clear()
        self.kernels.close()
