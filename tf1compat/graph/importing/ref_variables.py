"""TF1's reference variables in a serialized graph, rewritten to resource variables.

A graph that TensorFlow 1 wrote holds `VariableV2` ops, whose output is a reference to the variable's
memory: `Assign`, `ApplyAdam`… write through it and pass it on, everything else reads through it. A
function cannot hold such references, and a `Session.run` here is a function. So before such a graph is
imported, each op on references is replaced by its twin on resource handles, under the same name, with the
same control inputs, device and colocation:

* `VariableV2` becomes `VarHandleOp`; `Identity` of a reference (`v/read`) becomes `ReadVariableOp`;
* an op that writes becomes the resource op that writes the same, and a `ReadVariableOp` after it,
  `<name>/written`, which stands for the reference that it handed on;
* `RefSwitch`, `RefEnter`… hand on handles; `RefMerge` merges values;
* whatever takes a reference for its value takes that of a `ReadVariableOp`, which waits for what the
  reference waited for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import tensorflow as tf
from tensorflow.core.framework import graph_pb2

from .ref_ops import PASS_ON, copy_attributes, is_ref_variable, ref_inputs, ref_outputs, twin

__all__ = ["Translation", "has_ref_variables", "translate"]


class Translation(NamedTuple):
    """A graph without reference variables.

    graph_def: the new `GraphDef`. values: for each tensor that was a reference, the name of the tensor
    that holds its value now (`v:0` -> `v/read:0`), where one does. handles: the names of the variables'
    handles. gone: the keys of `values` that name no tensor any more, for the op has no output.
    """

    graph_def: Any
    values: dict[str, str]
    handles: set[str]
    gone: set[str]


class _Ref(NamedTuple):
    """What a reference became: a handle, or (RefMerge) only a value; and the ops to wait for."""

    handle: str | None
    after: tuple[str, ...] = ()
    value: str | None = None


def has_ref_variables(graph_def: Any) -> bool:
    """Whether a `GraphDef` holds variables that are references."""
    return any(is_ref_variable(node) for node in graph_def.node)


def translate(graph_def: Any, replaced: Collection[str] = ()) -> Translation:
    """Rewrite the reference variables of a `GraphDef` to resource variables.

    The variables named in `replaced` become placeholders: the caller maps their uses to other tensors.

    Raises:
      NotImplementedError: for an op on a variable's reference that has no twin, named with its node.
      ValueError: for an op that writes to one of the `replaced` variables.
    """
    return _Translator(graph_def, frozenset(replaced)).run()


class _Translator:
    def __init__(self, graph_def: Any, replaced: frozenset[str]) -> None:
        self._source = graph_def
        self._replaced = replaced
        self._nodes = {node.name: node for node in graph_def.node}
        self._names = set(self._nodes)
        self._refs: dict[tuple[str, int], _Ref | None] = {}
        #: (handle, what it waits for) -> the read of it that is in the new graph.
        self._reads: dict[tuple[str, tuple[str, ...]], str] = {}
        self._resized = set(self._resized_variables())
        self._result = graph_pb2.GraphDef()
        self._result.CopyFrom(graph_def)
        del self._result.node[:]

    def run(self) -> Translation:
        for node in self._source.node:  # in order, so that no chain of writes is followed to its end
            for index, _ in enumerate(ref_outputs(node)):
                self._ref(f"{node.name}:{index}")
        for node in self._source.node:  # `v/read` serves all that read `v`, wherever it stands
            if node.op == "Identity" and not _controls(node):
                ref = self._ref(node.input[0])
                if ref is not None and ref.handle is not None and not ref.after:
                    self._reads.setdefault((ref.handle, ()), node.name)
        for node in self._source.node:
            self._translate(node)
        values, handles, gone = {}, set(), set()
        for (name, index), ref in self._refs.items():
            if ref is None:
                continue
            value = ref.value or self._reads.get((ref.handle or "", _waits(ref)))
            if value is not None:
                values[f"{name}:{index}"] = _tensor_name(value)
            if is_ref_variable(self._nodes[name]):
                handles.add(f"{name}:0")
            elif ref.handle is not None and self._nodes[name].op not in PASS_ON:
                gone.add(f"{name}:0")
        return Translation(self._result, values, handles, gone)

    # What is a reference to a variable.

    def _ref(self, name: str) -> _Ref | None:
        """What the tensor `name` became, if it is a reference to a variable."""
        key = _parse(name)
        if key not in self._refs:
            self._refs[key] = None  # an edge back to here (NextIteration) changes nothing
            self._refs[key] = self._find_ref(*key)
        return self._refs[key]

    def _find_ref(self, name: str, index: int) -> _Ref | None:
        node = self._nodes.get(name)
        if node is None or index >= len(ref_outputs(node)) or not ref_outputs(node)[index]:
            return None
        if is_ref_variable(node):
            return None if name in self._replaced else _Ref(name)
        source = next((self._ref(node.input[at]) for at in ref_inputs(node)), None)
        if source is None:
            return None
        if node.op == "RefMerge":
            return _Ref(None, value=name)
        if node.op in PASS_ON:
            waits = source.after or _controls(node)
            return _Ref(name if index == 0 else f"{name}:{index}", (name,) if waits else ())
        return _Ref(source.handle, (name,))

    def _resized_variables(self) -> Iterator[str]:
        """Variables that an `Assign` may give another shape."""
        for node in self._source.node:
            if node.op == "Assign" and not _validates(node):
                yield _parse(node.input[0])[0]

    # The new graph.

    def _add(self, name: str, op: str, device: str, inputs: Collection[str]) -> Any:
        node = self._result.node.add(name=name, op=op, device=device)
        node.input.extend(inputs)
        return node

    def _fresh(self, name: str) -> str:
        unique, number = name, 0
        while unique in self._names:
            number += 1
            unique = f"{name}_{number}"
        self._names.add(unique)
        return unique

    def _translate(self, node: Any) -> None:
        if is_ref_variable(node):
            self._variable(node)
            return
        refs = [self._ref(name) if not name.startswith("^") else None for name in node.input]
        if node.op == "Identity" and refs[0] is not None and refs[0].handle is not None:
            self._read(node, refs[0])
            return
        merges = node.op == "RefMerge"
        by_reference = [] if merges else [at for at in ref_inputs(node) if refs[at] is not None]
        self._refuse_writing_to_replaced(node)
        controls = list(_controls(node))
        inputs: list[str] = []
        for at, (name, ref) in enumerate(zip(node.input, refs, strict=True)):
            if ref is None:
                if not name.startswith("^"):
                    inputs.append(name)
            elif at not in by_reference:
                inputs.append(self._value(ref, node, _controls(node)))
            elif ref.handle is None:
                raise NotImplementedError(_writes_to_merged(node, name))
            else:
                inputs.append(ref.handle)
                controls.extend(_waits(ref))
        checked = node.op == "Assign" and bool(by_reference) and self._check_assigned(node, inputs)
        new = self._result.node.add()
        if by_reference:
            new.name, new.op, new.device = node.name, twin(node), node.device
            copy_attributes(node, new)
            if node.op in PASS_ON:
                new.attr["T"].type = tf.resource.as_datatype_enum
            elif node.op == "Assign":
                new.attr["validate_shape"].b = not checked and _validates(node)
        else:
            new.CopyFrom(node)
            del new.input[:]
            if merges and any(refs):
                new.op = "Merge"
        new.input.extend([*inputs, *dict.fromkeys(controls)])
        if by_reference and node.op not in PASS_ON:
            ref = self._ref(node.name)
            if ref is not None:
                self._value(ref, node, ())

    def _refuse_writing_to_replaced(self, node: Any) -> None:
        for at in ref_inputs(node):
            name = _parse(node.input[at])[0]
            if name in self._replaced:
                raise ValueError(
                    f"input_map gives a tensor for the variable {name!r}, but node {node.name!r} ({node.op}) "
                    f"writes to it or needs the variable itself. Map {name + '/read:0'!r}, or a variable."
                )

    def _variable(self, node: Any) -> None:
        if node.name in self._replaced:
            new = self._add(node.name, "Placeholder", node.device, node.input)
            new.attr["dtype"].type = node.attr["dtype"].type
            return
        new = self._add(node.name, "VarHandleOp", node.device, node.input)
        copy_attributes(node, new)
        new.attr["shape"].shape.CopyFrom(self._shape(node))
        self._value(self._ref(node.name) or _Ref(node.name), node, ())

    def _shape(self, variable: Any) -> Any:
        """A variable's static shape; unknown where TF1 did not hold the variable to it."""
        shape = variable.attr["shape"].shape
        scalar_or_unknown = variable.op == "Variable" and not shape.dim  # the oldest op could not tell
        if scalar_or_unknown or variable.name in self._resized:
            return tf.TensorShape(None).as_proto()
        return shape

    def _read(self, node: Any, ref: _Ref) -> None:
        """`Identity` of a reference: a read."""
        new = self._add(node.name, "ReadVariableOp", node.device, [ref.handle or ""])
        new.input.extend(dict.fromkeys([*_controls(node), *_waits(ref)]))
        copy_attributes(node, new)
        new.attr["dtype"].type = node.attr["T"].type

    def _value(self, ref: _Ref, node: Any, controls: Collection[str]) -> str:
        """The tensor that holds a reference's value for `node`, after its control inputs."""
        if ref.handle is None:
            return ref.value or ""
        waits = (*_waits(ref), *controls)
        key = (ref.handle, waits)
        if key not in self._reads:
            # What a write left is read under the write's name, a variable's value under `v/read`.
            base = f"{ref.after[0]}/written" if ref.after else f"{_parse(ref.handle)[0]}/read"
            read = self._add(self._fresh(base), "ReadVariableOp", node.device, [ref.handle, *waits])
            read.attr["dtype"].type = self._dtype(ref.handle)
            self._reads[key] = read.name
        return self._reads[key]

    def _dtype(self, handle: str) -> int:
        node = self._nodes[_parse(handle)[0]]
        return node.attr["dtype" if is_ref_variable(node) else "T"].type

    def _check_assigned(self, node: Any, inputs: list[str]) -> bool:
        """Hold what an `Assign` is given to the variable's static shape, where it is known.

        `AssignVariableOp` itself can only check against the value that the variable has at the time.
        """
        variable = self._nodes[_parse(node.input[0])[0]]
        while not is_ref_variable(variable):
            variable = self._nodes[_parse(variable.input[0])[0]]
        shape = tf.TensorShape(self._shape(variable))
        if not (_validates(node) and shape.is_fully_defined()):
            return False
        name = self._fresh(f"{node.name}/shape_checked")
        check = self._add(name, "EnsureShape", node.device, [inputs[1]])
        check.attr["T"].type = node.attr["T"].type
        check.attr["shape"].shape.CopyFrom(shape.as_proto())
        inputs[1] = name
        return True


def _writes_to_merged(node: Any, name: str) -> str:
    return (
        f"The imported graph's node {node.name!r} ({node.op}) writes through {name!r}, which is one of "
        "several references by a condition; only its value can be read here. Write inside the condition's "
        "branches instead, and export the graph again."
    )


def _validates(assign: Any) -> bool:
    """Whether an `Assign` holds its value to the variable's shape; a stripped default says yes."""
    return "validate_shape" not in assign.attr or assign.attr["validate_shape"].b


def _waits(ref: _Ref) -> tuple[str, ...]:
    return tuple("^" + name for name in ref.after)


def _controls(node: Any) -> tuple[str, ...]:
    return tuple(name for name in node.input if name.startswith("^"))


def _parse(name: str) -> tuple[str, int]:
    """(node, output) of an input's or tensor's name."""
    node, _, index = name.partition(":")
    return node, int(index or 0)


def _tensor_name(name: str) -> str:
    return name if ":" in name else f"{name}:0"
