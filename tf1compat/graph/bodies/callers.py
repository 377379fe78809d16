"""Which op of a graph calls a function: the body of a loop, the branch of a cond."""

from __future__ import annotations

import re
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf

__all__ = ["below", "caller_of", "functions_of", "plain_name"]

#: What TensorFlow puts between the name of a call and the name of a node of its body, in line.
_IN_LINE = re.compile(r"(?:/(?:body|cond|then|else|branch))?/_\d+/")


def functions_of(node: Any) -> list[str]:
    """The functions that a NodeDef names."""
    named = [value.func.name for value in node.attr.values() if value.HasField("func")]
    return named + [func.name for value in node.attr.values() for func in value.list.func]


def below(path: str, name: str) -> str:
    """The name of an op in a body whose caller has the name `path`; a cond's or loop's has it before it already."""
    return name if name.startswith(f"{path}/") else f"{path}/{name}"


def plain_name(node: str) -> str:
    """The name of the op that a node is of, though TensorFlow put its body in line."""
    path, *inner = _IN_LINE.split(node)
    for name in inner:
        path = below(path, name)
    return path


def caller_of(graph: Any, function: str) -> tuple[tf.Operation, str] | None:
    """The op of the graph that calls a function, and the path of names down to the call; None if none does."""
    callers: dict[str, tuple[tf.Operation, str]] = {}
    stack = []
    for op in graph.get_operations():
        for inner in functions_of(op.node_def):
            if inner not in callers:
                callers[inner] = (op, op.name)
                stack.append(inner)
    while stack:
        name = stack.pop()
        if name == function:
            return callers[name]
        op, path = callers[name]
        try:
            definition = _tf.graph_function_definition(graph, name)
        except KeyError:
            continue
        for node in definition.node_def:
            for inner in functions_of(node):
                if inner not in callers:
                    callers[inner] = (op, below(path, node.name))
                    stack.append(inner)
    return None
