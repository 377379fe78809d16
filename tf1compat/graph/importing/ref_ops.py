"""What TF1's ops on references to variables are called where variables are resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ... import _tensorflow as _tf

__all__ = ["PASS_ON", "copy_attributes", "is_ref_variable", "ref_inputs", "ref_outputs", "twin"]

_VARIABLES = frozenset(["Variable", "VariableV2"])

#: Op on references -> the op that does the same on resource handles; those with a common prefix below.
_TWINS = {
    "Assign": "AssignVariableOp",
    "AssignAdd": "AssignAddVariableOp",
    "AssignSub": "AssignSubVariableOp",
    "CountUpTo": "ResourceCountUpTo",
    "IsVariableInitialized": "VarIsInitializedOp",
    "StridedSliceAssign": "ResourceStridedSliceAssign",
    "RefEnter": "Enter",
    "RefExit": "Exit",
    "RefIdentity": "Identity",
    "RefNextIteration": "NextIteration",
    "RefSwitch": "Switch",
}
_PREFIXES = ("Apply", "SparseApply", "Scatter")
#: Ops whose outputs are references to what their first input refers to, in the same order.
PASS_ON = frozenset(["RefEnter", "RefExit", "RefIdentity", "RefNextIteration", "RefSwitch"])


def is_ref_variable(node: Any) -> bool:
    """Whether a `NodeDef` makes a variable that is a reference."""
    return node.op in _VARIABLES


def twin(node: Any) -> str:
    """The op that does on handles what a node does on references.

    Raises:
      NotImplementedError: where there is none.
    """
    name = _TWINS.get(node.op)
    if name is None and node.op.startswith(_PREFIXES):
        name = f"Resource{node.op}"
    if name is None or _tf.op_definition(name) is None:
        raise NotImplementedError(
            f"The imported graph's node {node.name!r} is a {node.op}, which works on a reference to a TF1 "
            "variable, and TensorFlow has no such op for resource variables. Build that part of the graph "
            "with tf.assign, tf.scatter_update or an optimizer instead, and export it again."
        )
    return name


def copy_attributes(source: Any, target: Any) -> None:
    """The attributes that the target's op has, and internal ones; `T` is called `dtype` in some."""
    definition = _tf.op_definition(target.op)
    known = {attribute.name for attribute in definition.attr}
    for name, value in source.attr.items():
        if name in known or (name.startswith("_") and name != "_output_shapes"):
            target.attr[name].CopyFrom(value)
        elif name == "T" and "dtype" in known:
            target.attr["dtype"].CopyFrom(value)


def ref_inputs(node: Any) -> Iterator[int]:
    """The places of the data inputs that an op takes by reference."""
    definition = _tf.op_definition(node.op)
    at = 0
    for argument in definition.input_arg if definition is not None else ():
        if argument.number_attr:
            count = node.attr[argument.number_attr].i
        elif argument.type_list_attr:
            count = len(node.attr[argument.type_list_attr].list.type)
        else:
            count = 1
        if argument.is_ref:
            yield from range(at, at + count)
        at += count


def ref_outputs(node: Any) -> list[bool]:
    """For each output, up to the last that is one, whether it is a reference."""
    definition = _tf.op_definition(node.op)
    flags = [argument.is_ref for argument in definition.output_arg] if definition is not None else []
    return flags if any(flags) else []


