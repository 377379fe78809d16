"""Errors as TF1 raised them: its classes, the op that failed, and no frame of ours in the text."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from .bodies import callers
from .bodies import lifting as bodies

__all__ = [
    "closed",
    "closed_meanwhile",
    "inside_trace",
    "is_uninitialized",
    "not_fetchable",
    "translate",
    "unfed_placeholder",
    "was_reset",
]

#: Errors of computing, which come again when the run is repeated on the same values.
_MAY_COME_AGAIN = (
    tf.errors.InvalidArgumentError, tf.errors.OutOfRangeError, tf.errors.FailedPreconditionError,
    tf.errors.NotFoundError, tf.errors.UnimplementedError, tf.errors.InternalError, tf.errors.UnknownError,
)  # fmt: skip

_NODE = re.compile(r"(?:\{\{function_node ([^}]*)\}\})?\s*\{\{node ([^}]+)\}\}")
_NOISE = re.compile(
    r"\s*\[\[\{\{node StatefulPartitionedCall[^\]]*\]\]"
    r"|\{\{function_node [^}]*\}\} ?"  # the functions that a Session makes have names nobody wrote
    r"|\s*\[Op:[^\]]*\](?: name: ?\S*)?"
)
_NO_NAMES: Mapping[str, str] = {}
_TRACE = re.compile(r"Detected at node .*?<stack traces unavailable>\n?", re.S)
_PLACE = re.compile(r"\s*\[\[(?:[^\]]*\{\{node [^\]]*|\S+)\]\]")
_SESSION = r"tf1compat[-_]session[-_]\d+"
_UNINITIALIZED = re.compile(
    r"(?:Could not find variable|Error while reading resource variable|Trying to access resource) "
    rf"(?P<name>[^\s,]+?)\.? .*{_SESSION}", re.S
)  # fmt: skip
_UNINITIALIZED_IN_XLA = re.compile(r"Read variable failure (?P<name>\S+?)\. It could mean")
_RESOURCE = re.compile(
    rf"Resource {_SESSION}/(?P<name>\S+?)/\S* does not exist"
    rf"|\(Could not find resource: {_SESSION}/(?P<other>[^)]+)\)"
)


def translate(
    graph: Any, error: Exception, renamed: Mapping[str, str] = _NO_NAMES, again: Callable[[], None] | None = None
) -> Exception:
    """The `tf.errors` exception for what a kernel raised, naming the op of the graph that failed.

    `renamed`: node name -> op name, for the nodes of the function that have another name than their op.
    `again`: called where the error names no op; it may fail in the same way once more, and name it.

    An op inside a cond's or loop's body has the name that it had in TF1, `while/Add`; the exception's
    `op` is then the cond or the loop, and its `node_def` the inner op's.
    """
    if isinstance(error, _tf.NotOkStatus):
        error = _tf.status_to_exception(error)
    if not isinstance(error, tf.errors.OpError):
        return error
    if not _is_raw(error):
        return error
    message = _TRACE.sub("", error.message)
    kind = type(error)
    op, node = _culprit(graph, message, renamed)
    if op is None and again is not None and isinstance(error, _MAY_COME_AGAIN):
        op, node = _culprit_of_repetition(graph, kind, again, renamed)
    missing = _missing_variable(graph, message)
    if "got INVALID" in message and op is not None and op.type == "ReadVariableOp":
        missing, kind = op.inputs[0].op.name, tf.errors.FailedPreconditionError  # XLA has looked at it before
    if missing and issubclass(kind, (tf.errors.FailedPreconditionError, tf.errors.NotFoundError)):
        kind, text = tf.errors.FailedPreconditionError, f"Attempting to use uninitialized value {missing}"
        if op is None:
            op = _first_read(graph.get_operation_by_name(missing))
    else:
        text = _NOISE.sub("", _PLACE.sub("", message)).strip()
    node = node or (op.node_def if op is not None else None)
    if node is not None:
        text += f"\n\t [[{{{{node {node.name}}}}}]]"
    return kind(node, op, text)


def is_uninitialized(graph: Any, error: Exception) -> bool:
    """Whether an error is that a variable has no value."""
    if isinstance(error, _tf.NotOkStatus):
        error = _tf.status_to_exception(error)
    return isinstance(error, tf.errors.OpError) and _missing_variable(graph, error.message) is not None


def _first_read(handle: tf.Operation) -> tf.Operation:
    """What may stand for a variable in an error: its first plain read, else its handle."""
    return next((op for op in handle.outputs[0].consumers() if op.type == "ReadVariableOp"), handle)


def _is_raw(error: tf.errors.OpError) -> bool:
    """Whether an error comes from the runtime as it is, and was not made by `translate` already."""
    return error.op is None


def _missing_variable(graph: Any, message: str) -> str | None:
    """The variable that a run could not read because it has no value yet."""
    for pattern in (_UNINITIALIZED, _UNINITIALIZED_IN_XLA, _RESOURCE):
        found = pattern.search(message)
        if not found:
            continue
        name = found["name"] or found["other"]
        for op in graph.get_operations():
            if op.type == "VarHandleOp" and name in (op.name, op.get_attr("shared_name").decode()):
                return op.name
    return None


def _culprit(graph: Any, message: str, renamed: Mapping[str, str]) -> tuple[tf.Operation | None, Any]:
    """The op of the graph that a message names, and the node that failed where that is inside the op."""
    for function, name in _NODE.findall(message):
        function = _COPY.sub("", function)
        caller = callers.caller_of(graph, function) if function and not function.startswith(_OWN) else None
        if caller is not None:
            op, path = caller
            node = _node_of(graph, function, name)
            node.name = callers.below(path, node.name)
            return op, node
        name = name.removeprefix("StatefulPartitionedCall/")
        for known in (renamed.get(name, name), callers.plain_name(name)):
            op = _operation(graph, known)
            if op is not None:
                return op, None
        outer = name
        while "/" in outer:  # a node of a body that TensorFlow put in line, below its op's name
            outer = outer.rpartition("/")[0]
            op = _operation(graph, renamed.get(outer, outer))
            if op is not None:
                return op, tf.compat.v1.NodeDef(name=callers.plain_name(name))
    return None, None


def _culprit_of_repetition(
    graph: Any, kind: type, again: Callable[[], None], renamed: Mapping[str, str]
) -> tuple[tf.Operation | None, Any]:
    try:
        again()
    except (_tf.NotOkStatus, tf.errors.OpError) as error:
        told: Any = error
        if isinstance(error, _tf.NotOkStatus):
            told = _tf.status_to_exception(error)
        message = told.message
        if kind is type(told):
            return _culprit(graph, message, renamed)
    return None, None


def _operation(graph: Any, name: str) -> tf.Operation | None:
    try:
        return graph.get_operation_by_name(name)
    except (KeyError, ValueError):
        return None


_OWN = ("tf1compat_run_", "__wrapped__")
#: What a Session adds to the name of its copy of a body.
_COPY = re.compile(r"_tf1compat_session_\d+_\d+$")


def _node_of(graph: Any, function: str, name: str) -> Any:
    """The node of a body, under the name that its op had when the body was built."""
    body = _tf.function_graph(graph, function)
    names = {op.name for op in body.get_operations()} if body is not None else {name}
    plain = re.sub(r"_\d+$", "", name)
    shown = plain if name not in names and plain in names else name
    with contextlib.suppress(KeyError):
        for node in _tf.graph_function_definition(graph, function).node_def:
            if node.name == name:
                copy = type(node)()
                copy.CopyFrom(node)
                copy.name = shown
                return copy
    return tf.compat.v1.NodeDef(name=shown)


def not_fetchable(element: Any) -> Exception:
    """TF1's error for fetching what `prevent_fetching` was called for."""
    op = element if isinstance(element, tf.Operation) else element.op
    return _tf.InaccessibleTensorError(
        f"Operation {bodies.name_in_graph(op)!r} has been marked as not fetchable. Typically this happens when "
        "it is defined in another function or code block. Use return values, explicit Python locals or "
        "TensorFlow collections to access it."
    )


def unfed_placeholder(op: tf.Operation) -> tf.errors.InvalidArgumentError:
    """TF1's error for a run that needs a placeholder nobody fed."""
    shape = op.get_attr("shape")
    if shape.unknown_rank:
        sizes = "<unknown>"
    else:
        sizes = "[" + ",".join("?" if d.size < 0 else str(d.size) for d in shape.dim) + "]"
    kind = tf.as_dtype(op.get_attr("dtype")).name
    kind = {"float32": "float", "float64": "double", "float16": "half"}.get(kind, kind)
    message = f"You must feed a value for placeholder tensor '{op.name}' with dtype {kind}"
    if sizes != "<unknown>" and shape.dim:
        message += f" and shape {sizes}"
    return tf.errors.InvalidArgumentError(op.node_def, op, f"{message}\n\t [[{{{{node {op.name}}}}}]]")


def inside_trace() -> RuntimeError:
    return RuntimeError(
        "Session.run was called inside a step while it is traced: the step builds operations, and nothing runs "
        "until it has returned what to fetch. Run it before, and pass its result as an argument; or build it as "
        "part of the step."
    )


def closed() -> RuntimeError:
    return RuntimeError("Attempted to use a closed Session.")


def was_reset(on_server: bool = False) -> tf.errors.OpError:
    if on_server:
        return tf.errors.AbortedError(None, None, "Session was reset, with Session.reset of its server.")
    return tf.errors.CancelledError(None, None, "Session has been closed.")


def closed_meanwhile() -> tf.errors.CancelledError:
    return tf.errors.CancelledError(None, None, "The run was cancelled: the Session was closed while it was under way.")
