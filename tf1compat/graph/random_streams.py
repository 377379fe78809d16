"""Rule 7 for random ops: one stream of numbers per seeded op and Session, across all fetches.

TF1 kept the place in a seeded op's stream inside its kernel, of which a Session had one. Here every
fetch signature is a function with kernels of its own, so the place is kept in a variable of the
Session and the op becomes its stateless twin. Both compute Philox 4x32-10: TF1's kernel for a seeded op
starts at key = seed, counter = (0, seed2), and one run of it skips 256 counters per output element,
which is what `RngReadAndSkip` does too (TensorFlow, `core/kernels/random_op.cc`,
`stateful_random_ops.cc`).
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["initial_state", "is_stream", "use_streams"]

#: Seeded op -> (its stateless twin, the dtype attribute of the twin).
_TWINS = {
    "RandomUniform": ("StatelessRandomUniformV2", "dtype"),
    "RandomStandardNormal": ("StatelessRandomNormalV2", "dtype"),
    "TruncatedNormal": ("StatelessTruncatedNormalV2", "dtype"),
    "RandomUniformInt": ("StatelessRandomUniformIntV2", "Tout"),
}
_PHILOX = 1


def is_stream(node: Any) -> bool:
    """Whether a node (or op) draws from a seeded stream that the Session keeps."""
    if (node.op if hasattr(node, "op") and isinstance(node.op, str) else node.type) not in _TWINS:
        return False
    if hasattr(node, "get_attr"):
        return bool(node.get_attr("seed") or node.get_attr("seed2"))
    return bool(node.attr["seed"].i or node.attr["seed2"].i)


def initial_state(seed: int, seed2: int) -> list[int]:
    """The Philox state (two counters, key) that TF1's kernel starts a seeded op with."""
    return [0, seed2, seed]


def use_streams(function: Any, nodes: list[Any]) -> None:
    """Make the given random nodes draw from state variables, appended to the function's inputs.

    One resource argument is added per node, in their order.
    """
    taken = {node.name for node in function.node_def} | {a.name for a in function.signature.input_arg}
    for number, node in enumerate(nodes):
        argument = f"random_stream_{number}"
        while argument in taken:
            argument += "_"
        taken.add(argument)
        function.signature.input_arg.add(name=argument, type=tf.resource.as_datatype_enum)
        _use_stream(function, node, argument)


def _use_stream(function: Any, node: Any, argument: str) -> None:
    build = _Nodes(function, node)
    shape, *rest = [name for name in node.input if not name.startswith("^")]
    controls = [name for name in node.input if name.startswith("^")]
    size = build("size", "Prod", [build.cast("shape", shape, node.attr["T"].type, tf.int64), build.const("axis", [0], tf.int32)],
                 T=tf.int64, Tidx=tf.int32, keep_dims=False, out="output")
    skip = build.cast("skip", size, tf.int64.as_datatype_enum, tf.uint64)
    state = build("state", "RngReadAndSkip", [argument, build.const("algorithm", _PHILOX, tf.int32), skip],
                  controls, out="value")
    key = build.slice("key", state, 2, 1)
    counter = build.slice("counter", state, 0, 2)
    op, dtype_attribute = _TWINS[node.op]
    shape_type, dtype = node.attr["T"].type, node.attr["dtype"].type
    if node.op == "RandomUniformInt":
        shape_type, dtype = node.attr["T"].type, node.attr["Tout"].type
    node.op = op
    for name in ("seed", "seed2", "T", "dtype", "Tout"):
        node.attr.pop(name, None)
    node.attr["Tshape"].type = shape_type
    node.attr["dtype"].type = dtype
    del dtype_attribute
    algorithm = build.const("twin_algorithm", _PHILOX, tf.int32)
    del node.input[:]
    node.input.extend([shape, key, counter, algorithm, *rest])


class _Nodes:
    """Adds helper nodes beside one node of a function, on its device."""

    def __init__(self, function: Any, node: Any) -> None:
        self._function, self._prefix, self._device = function, f"{node.name}/stream/", node.device

    def __call__(self, name: str, op: str, inputs: list[str], controls: Any = (), out: str = "", **attrs: Any) -> str:
        node = self._function.node_def.add(name=self._prefix + name, op=op, device=self._device)
        node.input.extend([*inputs, *controls])
        for key, value in attrs.items():
            if isinstance(value, tf.DType):
                node.attr[key].type = value.as_datatype_enum
            elif isinstance(value, bool):
                node.attr[key].b = value
            else:
                node.attr[key].CopyFrom(value)
        return f"{node.name}:{out}:0"

    def const(self, name: str, value: Any, dtype: tf.DType) -> str:
        proto = tf.make_tensor_proto(value, dtype=dtype)
        attr = tf.compat.v1.AttrValue(tensor=proto)
        return self(name, "Const", [], out="output", dtype=dtype, value=attr)

    def cast(self, name: str, source: str, from_type: int, to: tf.DType) -> str:
        return self(name, "Cast", [source], out="y", SrcT=tf.as_dtype(from_type), DstT=to, Truncate=False)

    def slice(self, name: str, source: str, begin: int, size: int) -> str:
        part = self(name + "_signed", "Slice",
                    [source, self.const(name + "_begin", [begin], tf.int32), self.const(name + "_size", [size], tf.int32)],
                    out="output", T=tf.int64, Index=tf.int32)
        return self(name, "Bitcast", [part], out="output", T=tf.int64, type=tf.uint64)
