"""Rule 6 inside the body of a cond, loop or call: what touches a variable there goes in order of creation.

TF1 raced there too. A body is a function by the time that a run meets it, so this works on its definition.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from . import ordering

__all__ = ["edges_of_body"]


def edges_of_body(definition: Any) -> list[tuple[Any, Any]]:
    """(earlier, later) nodes of a `FunctionDef`, so that no read and write of one variable race.

    Only what an output needs counts: TF1 left out the rest of a body, and an edge must not bring it back.
    """
    handles = {arg.name for arg in definition.signature.input_arg if arg.type == tf.resource.as_datatype_enum}
    if not handles:
        return []
    nodes = {node.name: node for node in definition.node_def}
    touching: dict[str, list[Any]] = {}
    for node in definition.node_def:
        for source in {name for name in node.input if name in handles}:
            touching.setdefault(source, []).append(node)
    contested = {name: of for name, of in touching.items() if len(of) > 1 and any(_writes(node, name) for node in of)}
    if not contested:
        return []
    needed = _needed(definition, nodes)
    edges: list[tuple[Any, Any]] = []
    for name, of in contested.items():
        reads: list[Any] = []
        last_write = None
        for node in of:
            if node.name not in needed:
                continue
            if last_write is not None and not _waits_for(node, last_write):
                edges.append((last_write, node))
            if _writes(node, name):
                edges.extend((read, node) for read in reads if not _waits_for(node, read))
                reads, last_write = [], node
            else:
                reads.append(node)
    return edges


def _writes(node: Any, handle: str) -> bool:
    if node.op in ordering.READS or node.op == "Identity":
        return False
    if "_read_only_resource_inputs" in node.attr:
        return list(node.input).index(handle) not in node.attr["_read_only_resource_inputs"].list.i
    return True


def _waits_for(later: Any, earlier: Any) -> bool:
    """Whether a node names another one among its own inputs already."""
    return any(name.lstrip("^").partition(":")[0] == earlier.name for name in later.input)


def _needed(definition: Any, nodes: Any) -> set[str]:
    found: set[str] = set()
    stack = [*definition.ret.values(), *definition.control_ret.values()]
    while stack:
        name = stack.pop().lstrip("^").partition(":")[0]
        if name in nodes and name not in found:
            found.add(name)
            stack.extend(nodes[name].input)
    return found
