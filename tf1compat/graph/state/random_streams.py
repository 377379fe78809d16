"""Rule 7 for random ops: one stream of numbers per seeded op and Session, across all fetches.

TF1 kept the place in a seeded op's stream inside its kernel, of which a Session had one. Here every
fetch signature is a function with kernels of its own, so the place is kept in a variable of the
Session and the op becomes its stateless twin. Both compute Philox 4x32-10: TF1's kernel for a seeded op
starts at key = seed, counter = (0, seed2), and one run of it skips 256 counters per output element,
which is what `RngReadAndSkip` does too (TensorFlow, `core/kernels/random_op.cc`,
`stateful_random_ops.cc`). Seeded ops that have no such twin are `kept_kernels`' business.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

__all__ = ["add_argument", "draw_from_argument", "draw_from_variable", "initial_state", "is_stream"]

#: Seeded op -> its stateless twin.
_TWINS = {
    "RandomUniform": "StatelessRandomUniformV2",
    "RandomStandardNormal": "StatelessRandomNormalV2",
    "TruncatedNormal": "StatelessTruncatedNormalV2",
    "RandomUniformInt": "StatelessRandomUniformIntV2",
}
_PHILOX = 1
_CPU = "/device:CPU:0"  # where the Session keeps the states


def is_stream(node: Any) -> bool:
    """Whether a node draws from a seeded stream whose place a variable of the Session can keep."""
    return node.op in _TWINS and bool(node.attr["seed"].i or node.attr["seed2"].i)


def initial_state(seed: int, seed2: int) -> list[int]:
    """The Philox state (two counters, key) that TF1's kernel starts a seeded op with."""
    return [0, seed2, seed]


def add_argument(function: Any) -> str:
    """Add a last argument, a resource, to the function; returns its name."""
    taken = {node.name for node in function.node_def} | {a.name for a in function.signature.input_arg}
    number = len(function.signature.input_arg)
    name = f"random_stream_{number}"
    while name in taken:
        name += "_"
    function.signature.input_arg.add(name=name, type=tf.resource.as_datatype_enum)
    return name


def draw_from_argument(function: Any, node: Any, argument: str) -> None:
    """Make a random node draw from the state variable that the function is given as `argument`."""
    _draw(_Nodes(function, node, ()), node, argument)


def draw_from_variable(function: Any, node: Any, container: str, name: str) -> None:
    """Make a random node draw from the state variable called `name` in `container`.

    For nodes that an argument cannot reach: in bodies, and in frames of TF1's loops, where everything
    that has no input of the frame needs a control input from it.
    """
    inside = [source if source[0] == "^" else "^" + source.partition(":")[0] for source in node.input]
    arguments = {"^" + arg.name for arg in function.signature.input_arg}
    build = _Nodes(function, node, [source for source in dict.fromkeys(inside) if source not in arguments])
    handle = build("handle", "VarHandleOp", [], out="resource", dtype=tf.int64, shape=tf.TensorShape([3]),
                   container=container.encode(), shared_name=name.encode())  # fmt: skip
    _draw(build, node, handle)


def _draw(build: _Nodes, node: Any, handle: str) -> None:
    shape, *rest = [name for name in node.input if not name.startswith("^")]
    controls = [name for name in node.input if name.startswith("^")]
    shape_type = node.attr["T"].type
    dtype = node.attr["Tout" if node.op == "RandomUniformInt" else "dtype"].type
    sizes = build.cast("shape", shape, shape_type, tf.int64)
    size = build("size", "Prod", [sizes, build.const("axis", [0], tf.int32)], out="output",
                 T=tf.int64, Tidx=tf.int32, keep_dims=False)  # fmt: skip
    skip = build.cast("skip", size, tf.int64.as_datatype_enum, tf.uint64)
    algorithm = build.const("algorithm", _PHILOX, tf.int32)
    state = build("state", "RngReadAndSkip", [handle, algorithm, skip], controls, out="value")
    key, counter = build.slice("key", state, 2, 1), build.slice("counter", state, 0, 2)
    node.op = _TWINS[node.op]
    for name in ("seed", "seed2", "T", "dtype", "Tout"):
        node.attr.pop(name, None)
    node.attr["Tshape"].type = shape_type
    node.attr["dtype"].type = dtype
    del node.input[:]
    node.input.extend([shape, key, counter, algorithm, *rest])


class _Nodes:
    """Adds helper nodes beside one node of a function."""

    def __init__(self, function: Any, node: Any, controls: Any) -> None:
        self._function, self._prefix, self._controls = function, f"{node.name}/stream/", controls

    def __call__(
        self, name: str, op: str, inputs: list[str], controls: Any = (), out: str = "", **attrs: Any
    ) -> str:
        node = self._function.node_def.add(name=self._prefix + name, op=op, device=_CPU)
        node.input.extend([*inputs, *dict.fromkeys([*controls, *self._controls])])
        for key, value in attrs.items():
            if isinstance(value, tf.DType):
                node.attr[key].type = value.as_datatype_enum
            elif isinstance(value, bool):
                node.attr[key].b = value
            elif isinstance(value, bytes):
                node.attr[key].s = value
            elif isinstance(value, tf.TensorShape):
                node.attr[key].shape.CopyFrom(value.as_proto())
            else:
                node.attr[key].tensor.CopyFrom(value)
        return f"{node.name}:{out}:0"

    def const(self, name: str, value: Any, dtype: tf.DType) -> str:
        tensor = tf.make_tensor_proto(value, dtype=dtype)
        return self(name, "Const", [], out="output", dtype=dtype, value=tensor)

    def cast(self, name: str, source: str, from_type: int, to: tf.DType) -> str:
        return self(name, "Cast", [source], out="y", SrcT=tf.as_dtype(from_type), DstT=to, Truncate=False)

    def slice(self, name: str, source: str, begin: int, size: int) -> str:
        start = self.const(f"{name}_begin", [begin], tf.int32)
        length = self.const(f"{name}_size", [size], tf.int32)
        inputs = [source, start, length]
        part = self(f"{name}_signed", "Slice", inputs, out="output", T=tf.int64, Index=tf.int32)
        return self(name, "Bitcast", [part], out="output", T=tf.int64, type=tf.uint64)
