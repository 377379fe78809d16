"""Changes to a cut-out function before the runtime gets it: edges, devices, names of shared state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

__all__ = [
    "add_edges",
    "add_token_output",
    "pass_on_as_numbers",
    "place_on_devices",
    "read_from_value",
    "run_as_nothing",
]

# A NodeDef of a FunctionDef. Its inputs are `node:output:number`, an argument's name, or `^node`.
Node = Any


#: Ops that run functions -> the attribute with the types of their outputs.
_CALLS = {
    "Case": "Tout", "If": "Tout", "PartitionedCall": "Tout", "StatefulPartitionedCall": "Tout", "StatelessCase": "Tout",
    "StatelessIf": "Tout", "StatelessWhile": "T", "While": "T",
}  # fmt: skip


def add_edges(function: Any, edges: Sequence[tuple[Node, Node]]) -> None:
    """Make each second node wait for the first.

    When TensorFlow puts the body of a call in line, an edge from the call waits only for what the body must
    do beside its outputs; so what must come after a call also waits for each of the outputs.
    """
    ends: dict[str, list[str]] = {}
    for earlier, later in edges:
        if earlier.name not in ends:
            ends[earlier.name] = ["^" + earlier.name, *_output_waits(function, earlier)]
        for control in ends[earlier.name]:
            if control not in later.input:
                later.input.append(control)


def _output_waits(function: Any, call: Node) -> list[str]:
    waits = []
    types = call.attr[_CALLS[call.op]].list.type if call.op in _CALLS else ()
    for number, kind in enumerate(types):
        if kind != tf.resource.as_datatype_enum:
            node = function.node_def.add(name=f"{call.name}/ended_{number}", op="Identity", device=call.device)
            node.input.append(f"{call.name}:output:{number}")
            node.attr["T"].type = kind
            waits.append("^" + node.name)
    return waits


def run_as_nothing(node: Node) -> None:
    """Keep a node as a target of control edges only."""
    node.op = "NoOp"
    node.attr.clear()
    data = [name for name in node.input if not name.startswith("^")]
    for name in data:
        node.input.remove(name)


def read_from_value(function: Any, node: Node, value: str) -> None:
    """Turn a gather from a variable into a gather from the argument that holds a value fed for it."""
    indices = node.input[1]
    controls = [name for name in node.input if name.startswith("^")]
    attributes = {"Tparams": node.attr["dtype"].type, "Tindices": node.attr["Tindices"].type}
    inputs = [value, indices]
    if node.op == "ResourceGatherNd":
        node.op = "GatherNd"
        node.attr.clear()
    else:
        batch = node.attr["batch_dims"].i
        axis = function.node_def.add(name=f"{node.name}/axis", op="Const")
        axis.attr["dtype"].type = attributes["Taxis"] = tf.int32.as_datatype_enum
        axis.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(batch, dtype=tf.int32))
        inputs.append(f"{axis.name}:output:0")
        node.op = "GatherV2"
        node.attr.clear()
        node.attr["batch_dims"].i = batch
    for name, kind in attributes.items():
        node.attr[name].type = kind
    del node.input[:]
    node.input.extend([*inputs, *controls])


def add_token_output(function: Any, after: Sequence[str]) -> None:
    """Add a last output that exists once the named nodes have run: the call must wait for them."""
    names = {node.name for node in function.node_def}
    name = "all_operations_ran"
    while name in names:
        name += "_"
    node = function.node_def.add(name=name, op="Const")
    node.attr["dtype"].type = tf.bool.as_datatype_enum
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(True))
    node.input.extend("^" + other for other in after)
    outputs = {arg.name for arg in function.signature.output_arg}
    output = "token"
    while output in outputs:
        output += "_"
    function.signature.output_arg.add(name=output, type=tf.bool.as_datatype_enum)
    function.ret[output] = f"{name}:output:0"


def pass_on_as_numbers(function: Any, output: str) -> None:
    """Hand out an int32 output, which may be what `Shape` gave, by way of int64.

    TensorFlow marks what `Shape` gives as a shape, through all that passes it on, and takes the mark of a
    function's output for an error (InternalError, "unexpected full type information").
    """
    source = function.ret[output]
    for number, (kind, wanted) in enumerate(((tf.int32, tf.int64), (tf.int64, tf.int32))):
        name = f"{source.replace(':', '/')}/number_{number}_{len(function.node_def)}"
        node = function.node_def.add(name=name, op="Cast")
        node.input.append(source)
        node.attr["SrcT"].type, node.attr["DstT"].type = kind.as_datatype_enum, wanted.as_datatype_enum
        source = f"{node.name}:y:0"
    function.ret[output] = source


def place_on_devices(
    nodes: Sequence[Node], place: Callable[[str, str, Any], str], op_of: Mapping[str, Any]
) -> None:
    """Replace each node's device by `place(device, name, op)`, which may refuse; `op_of`: of a node's name."""
    for node in nodes:
        if node.device:
            op = op_of.get(node.name)
            node.device = place(node.device, node.name if op is None else op.name, op)
