"""Errors as TF1 raised them: its classes, the op that failed, and no frame of ours in the text."""

from __future__ import annotations

import re
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = ["closed", "translate", "unfed_placeholder"]

_NODE = re.compile(r"\{\{node ([^}]+)\}\}")
_NOISE = re.compile(
    r"\{\{function_node [^}]*\}\} ?"  # the functions that a Session makes have names nobody wrote
    r"|\s*\[Op:[^\]]*\](?: name: ?\S*)?"
    r"|\s*\[\[\{\{node StatefulPartitionedCall[^\]]*\]\]"
)
_TRACE = re.compile(r"Detected at node .*?<stack traces unavailable>\n?", re.S)
_UNINITIALIZED = re.compile(
    r"(?:Could not find variable|Error while reading resource variable|Trying to access resource) "
    r"(?P<name>[^\s,]+?)\.?(?: located in device \S+)?(?: from Container: \S+)?[.,]? "
)
_RESOURCE = re.compile(r"Resource tf1compat_session_\d+/(?P<name>\S+?)/\S* does not exist|"
                       r"\(Could not find resource: tf1compat_session_\d+/(?P<other>[^)]+)\)")


def translate(graph: Any, error: Exception) -> Exception:
    """The `tf.errors` exception for what a kernel raised, naming the op of the graph that failed."""
    if isinstance(error, _tf.NotOkStatus):
        error = _tf.status_to_exception(error)
    if not isinstance(error, tf.errors.OpError):
        return error
    message = _TRACE.sub("", error.message)
    op = _culprit(graph, message)
    missing = _missing_variable(message)
    if missing and isinstance(error, (tf.errors.FailedPreconditionError, tf.errors.NotFoundError)):
        where = f"\n\t [[{{{{node {op.name}}}}}]]" if op is not None else ""
        return tf.errors.FailedPreconditionError(
            op.node_def if op is not None else None, op, f"Attempting to use uninitialized value {missing}{where}"
        )
    text = _NOISE.sub("", message).strip()
    if op is not None and op.name not in text:
        text += f"\n\t [[{{{{node {op.name}}}}}]]"
    kind = type(error)
    return kind(op.node_def if op is not None else None, op, text)


def _missing_variable(message: str) -> str | None:
    found = _UNINITIALIZED.search(message)
    if found and "tf1compat_session" in message:
        return found["name"]
    found = _RESOURCE.search(message)
    if found and "ariable" in message:
        return found["name"] or found["other"]
    return None


def _culprit(graph: Any, message: str) -> tf.Operation | None:
    for name in _NODE.findall(message):
        try:
            return graph.get_operation_by_name(name)
        except (KeyError, ValueError):
            continue
    return None


def unfed_placeholder(op: tf.Operation) -> tf.errors.InvalidArgumentError:
    """TF1's error for a run that needs a placeholder nobody fed."""
    shape = op.get_attr("shape")
    if shape.unknown_rank:
        sizes = "<unknown>"
    else:
        sizes = "[" + ",".join("?" if d.size < 0 else str(d.size) for d in shape.dim) + "]"
    kind = tf.as_dtype(op.get_attr("dtype")).name
    kind = {"float32": "float", "float64": "double"}.get(kind, kind)
    message = f"You must feed a value for placeholder tensor '{op.name}' with dtype {kind}"
    if sizes != "<unknown>" and shape.dim:
        message += f" and shape {sizes}"
    return tf.errors.InvalidArgumentError(op.node_def, op, f"{message}\n\t [[{{{{node {op.name}}}}}]]")


def closed() -> RuntimeError:
    return RuntimeError("Attempted to use a closed Session.")
