"""Names of the functions in a serialized graph, kept apart from those that the process knows.

The runtime has one function of a name, whatever graph holds it. TensorFlow numbers the functions that it
makes for data sets and loops, so graphs written by two processes both hold `__inference_Dataset_map_12`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tensorflow.core.framework import graph_pb2

from ... import _tensorflow as _tf

__all__ = ["made_unique"]

_NUMBERED = re.compile(r"_\d+$")
#: Functions whose gradient TensorFlow finds by a number that means something in its own process only.
_CALL_GRADIENT = re.compile(rb"(Stateful)?PartitionedCall-\d+")


def made_unique(graph_def: Any) -> Any:
    """A `GraphDef` none of whose functions can be taken for another one; itself where it holds none.

    A function that the runtime knows with the same body keeps its name. One that it knows with another
    body, or whose name ends in a number that it may give to another one yet, is renamed everywhere.
    """
    library = graph_def.library
    if not library.function:
        return graph_def
    mark = hashlib.sha256(library.SerializeToString(deterministic=True)).hexdigest()[:8]
    renamed = {}
    for function in library.function:
        name = function.signature.name
        if not _known(name, function) and (_tf.has_function(name) or _NUMBERED.search(name)):
            renamed[name] = f"{name}_imported_{mark}"
    result = graph_pb2.GraphDef()
    result.CopyFrom(graph_def)
    for node in _nodes(result):
        node.op = renamed.get(node.op, node.op)
        _rename_in(node.attr, renamed)
        if "_gradient_op_type" in node.attr and _CALL_GRADIENT.fullmatch(node.attr["_gradient_op_type"].s):
            del node.attr["_gradient_op_type"]
    for function in result.library.function:
        function.signature.name = renamed.get(function.signature.name, function.signature.name)
        _rename_in(function.attr, renamed)
    for gradient in result.library.gradient:
        gradient.function_name = renamed.get(gradient.function_name, gradient.function_name)
        gradient.gradient_func = renamed.get(gradient.gradient_func, gradient.gradient_func)
    return result


def _known(name: str, function: Any) -> bool:
    """Whether the runtime knows this very function."""
    if not _tf.has_function(name):
        return False
    known = _tf.function_definition(name)
    return known.SerializeToString(deterministic=True) == function.SerializeToString(deterministic=True)


def _nodes(graph_def: Any) -> Iterator[Any]:
    yield from graph_def.node
    for function in graph_def.library.function:
        yield from function.node_def


def _rename_in(attributes: Mapping[str, Any], renamed: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        kind = value.WhichOneof("value")
        if kind == "func":
            _rename_function(value.func, renamed)
        elif kind == "list":
            for function in value.list.func:
                _rename_function(function, renamed)
        elif kind == "s" and name in ("forward_function_name", "backward_function_name"):
            called = value.s.decode()
            value.s = renamed.get(called, called).encode()


def _rename_function(function: Any, renamed: Mapping[str, str]) -> None:
    function.name = renamed.get(function.name, function.name)
    _rename_in(function.attr, renamed)
