"""The function of one fetch signature: cut out of the graph, put in order, called."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from .. import errors
from ..config import Settings
from ..devices import Placer
from ..state import ownership, reclaiming
from ..state.resources import Resources, register_functions
from . import diagnosis, ordering, pruning, rewriting

__all__ = ["Compiled", "compile_function"]

_numbers = itertools.count()

#: Ops that may wait for another run, so that `close()` or a time-out must be able to wake them.
_WAITS = ("Queue", "Barrier", "Stage", "Unstage", "Iterator", "PyFunc", "Reader", "Accumulator", "Mutex", "Map")
#: Ops that may hand their input's memory on as it is.
_PASSES_ON = frozenset(
    "Identity IdentityN Reshape Squeeze ExpandDims StopGradient PreventGradient CheckNumerics Snapshot Switch "
    "Merge Enter Exit NextIteration Bitcast Cast Slice StridedSlice Split SplitV Unpack Pack Concat ConcatV2 "
    "PlaceholderWithDefault EnsureShape".split()
)

#: What takes long enough, on large inputs, to run beside others; see `_is_heavy`.
_PRODUCTS = frozenset(
    """BatchMatMul BatchMatMulV2 Conv2D Conv2DBackpropFilter Conv2DBackpropInput Conv3D Conv3DBackpropFilterV2
    Conv3DBackpropInputV2 MatMul""".split()
)


class Compiled:
    """One callable function in the runtime, removed from it with this object.

    Calling convention: the fed values, then the Session's handles, then stream states; returns the
    fetched tensors, then, where operations were fetched or Keras layers write their state, a token.
    """

    def __init__(
        self,
        name: str,
        captured: list[Any],
        output_types: list[int],
        again: list[int],
        xla: bool,
        waits: bool,
        keeps: set[int],
        settings: Settings,
        once: bool,
        handles: list[tf.Operation | None] | None,
        renamed: dict[str, str],
        parallel: bool = False,
    ) -> None:
        self.name, self.captured, self.output_types = name, captured, output_types
        self.waits = waits
        #: Which fed values (by place) a run may keep beyond its end.
        self.keeps = keeps
        self.xla = xla
        self.ran = False  # whether it has run to its end once
        self._again = again  # the places of fed variables whose other reads take the value too
        self._runtime_config = settings.runtime_once if once else settings.runtime
        #: Node name -> the name of its op in the graph, where TensorFlow gave the node another.
        self.renamed = renamed
        #: What was made for `Session.run_steps` to call this function in a loop.
        self.loops: dict[Any, Any] = {}
        # The op of each captured handle, None for a stream's state; None where a run may not be repeated.
        self._handles = handles
        self._parallel = parallel
        self._context = _tf.runtime()
        self._name_function()

    def _name_function(self) -> None:
        function = _tf.FunctionName(self.name)
        config = ("config_proto", self._runtime_config)
        self._attributes: tuple[Any, ...] = ("Tout", self.output_types, "f", function, *config)
        self._telling = (*self._attributes, "executor_type", "DEFAULT")  # slower, but says what each node does
        if self._handles is None or self._parallel:
            self._attributes = self._telling
        self._cancellable: dict[bool, tuple[Any, ...]] = {}  # the same, with the arguments' types, by `telling`
        weakref.finalize(self, _tf.remove_function, self.name).atexit = False

    def arguments(self, values: list[Any]) -> list[Any]:
        """All that the function takes, from the fed values."""
        if self._again:
            values = values + [values[at] for at in self._again]
        return values + self.captured

    def __call__(self, values: list[Any]) -> list[Any]:
        """Run; the values are eager tensors in the order of the fed tensors."""
        arguments = self.arguments(values)
        if self.xla:
            outputs = _tf.call_plain(self.name, arguments, (), len(self.output_types))
            self.ran = True
            return outputs
        return _tf.fast_call(self._context, "StatefulPartitionedCall", None, arguments, *self._attributes)

    def call_telling(self, values: list[Any]) -> list[Any]:
        """Run so that a profile shows each node."""
        arguments = self.arguments(values)
        if self.xla:
            return _tf.call_plain(self.name, arguments, (), len(self.output_types))
        return _tf.fast_call(self._context, "StatefulPartitionedCall", None, arguments, *self._telling)

    def fail_again(self, values: list[Any]) -> None:
        """After a failed run: run once more on copies of the variables, for an error that names its node.

        Returns without an error where the failure does not come again, or a run may not be repeated.
        """
        if self._handles is None:
            return
        types = [_type_of_variable(op) for op in self._handles]
        with diagnosis.copies_of_variables(self.captured, types) as copies:
            arguments = self.arguments(values)[: -len(copies) or None] + copies
            _tf.call_plain(self.name, arguments, (), len(self.output_types))

    def run_uncompiled(self) -> None:
        """From now on run as TensorFlow runs any function, without XLA."""
        self.xla = False
        function = _tf.function_definition(self.name)
        function.attr["_XlaMustCompile"].b = False
        function.signature.name = self.name = f"tf1compat_run_{next(_numbers)}"
        _tf.add_function(function)
        self._name_function()

    def call_cancellable(self, values: list[Any], manager: Any, telling: bool = False) -> list[Any]:
        """Run so that `manager.start_cancel()`, called by another thread, ends it; `telling`: as `call_telling`."""
        arguments = self.arguments(values)
        if self.xla:
            return _tf.call_cancellable(self.name, arguments, (), len(self.output_types), manager)
        attributes = self._cancellable.get(telling)
        if attributes is None:
            types = [value.dtype.as_datatype_enum for value in arguments]
            attributes = ("Tin", types, *(self._telling if telling else self._attributes))
            self._cancellable[telling] = attributes
        return _tf.call_cancellable(
            "StatefulPartitionedCall", arguments, attributes, len(self.output_types), manager
        )


def compile_function(
    graph: Any,
    tensors: Sequence[tf.Tensor],
    operations: Sequence[tf.Operation],
    fed: Sequence[tf.Tensor],
    resources: Resources,
    placer: Placer,
    settings: Settings,
    evaluate: Any,
) -> Compiled:
    """Make the function that computes `tensors` and runs `operations`, given values for `fed`.

    A fed variable (its handle's plain reads) is given through `fed` as one of its reads; all its plain
    reads take that value.

    Raises:
      InvalidArgumentError: where an unfed placeholder is needed, or a device is missing.
    """
    with graph.build_lock:
        fed_reads = _plain_reads_of_fed_variables(fed)
        inputs = list(fed) + [read for reads in fed_reads.values() for read in reads]
        part = pruning.needed(graph, [t.op for t in tensors] + list(operations), inputs)
        for op in part.operations:
            if op.type in ("Placeholder", "PlaceholderV2") and op not in part.fed_away:
                raise errors.unfed_placeholder(op)
        register_functions(graph)
        edges = ordering.control_edges(graph, part)
        inside = set(part.operations)
        handle_tensors = [op.outputs[0] for op in part.handles]
        name = f"tf1compat_run_{next(_numbers)}"
        body = part.operations
        function = _tf.cut_function(graph, name, body, inputs + handle_tensors, tensors)

    node_of = dict(zip(body, function.node_def, strict=True))
    for op in part.fed_away:
        rewriting.run_as_nothing(node_of[op])
    rewriting.add_edges(function, [(node_of[a], node_of[b]) for a, b in edges if a in inside and b in inside])
    for op in ordering.enters_of_writing_loops(part):
        node_of[op].attr["parallel_iterations"].i = 1
    arguments = [arg.name for arg in function.signature.input_arg]
    for at, tensor in enumerate(fed):
        for gather in _plain_gathers_of(tensor):
            if gather in node_of:
                rewriting.read_from_value(function, node_of[gather], arguments[at])
    rewriting.place_on_devices(function.node_def, placer, {node.name: op for op, node in node_of.items()})
    must_run = [*operations, *part.unasked]
    if must_run:
        rewriting.add_token_output(function, [node_of[op].name for op in must_run if op in node_of])
    paths = {node.name: op.name for op, node in node_of.items()}
    renamed = {node: op for node, op in paths.items() if node != op}
    owned = ownership.own(function, paths, resources)
    kinds = {op.type for op in body} | owned.body_types
    if "Shape" in kinds or "ShapeN" in kinds:
        for tensor, output in zip(tensors, [arg.name for arg in function.signature.output_arg], strict=False):
            if tensor.dtype == tf.int32 and tensor.shape.rank in (None, 1):
                rewriting.pass_on_as_numbers(function, output)
    resources.variable_handles(part.handles)
    captured = [*(resources.handle(op, evaluate) for op in part.handles), *owned.captured]
    repeatable = diagnosis.repeatable(graph, body)
    if settings.xla:
        function.attr["_XlaMustCompile"].b = True
    _tf.add_function(function)
    output_types = [tensor.dtype.base_dtype.as_datatype_enum for tensor in tensors]
    if must_run:
        output_types.append(tf.bool.as_datatype_enum)
    compiled = Compiled(
        name,
        captured,
        output_types,
        again=[at for at in fed_reads for _ in fed_reads[at]],
        xla=settings.xla,
        waits=any(word in kind for kind in kinds for word in _WAITS),
        keeps={at for at, tensor in enumerate(fed) if _may_be_kept(tensor, inside)},
        settings=settings,
        once=not tensors and not fed and _only_initialises(body),
        handles=[*part.handles, *[None] * len(owned.captured)] if repeatable else None,
        renamed=renamed,
        parallel=_is_heavy(body),
    )
    reclaiming.watch(compiled, function)
    return compiled


def _is_heavy(body: Sequence[tf.Operation]) -> bool:
    """Whether there are many large products: the executor that runs ops side by side is then worth its cost.

    TensorFlow's fast executor runs one op after another. On an unrolled LSTM of 200 units the usual one took down to
    half the time on two cores, on one of 16 units a third more. Both bounds were chosen from these two.
    """
    large = 0
    for op in body:
        if op.type in _PRODUCTS:
            sizes = (tensor.shape.num_elements() for tensor in op.inputs)
            large += any(size is not None and size >= 50_000 for size in sizes)
    return large >= 16


def _only_initialises(body: Sequence[tf.Operation]) -> bool:
    """Whether a run gives variables values and reads none: it runs once, not worth optimizing."""
    touching = {op.type for op in body if any(t.dtype == tf.resource for t in op.inputs)}
    return touching == {"AssignVariableOp"}


def _type_of_variable(handle: tf.Operation | None) -> tuple[tf.DType, Any] | None:
    """The dtype and shape of what a handle op, or None for a stream, stands for; None where it is no variable."""
    if handle is None:
        return tf.int64, [3]
    return (handle.get_attr("dtype"), handle.get_attr("shape")) if handle.type == "VarHandleOp" else None


def _plain_reads_of_fed_variables(fed: Sequence[tf.Tensor]) -> dict[int, list[tf.Tensor]]:
    """For each fed place that is a plain read of a variable, the variable's other plain reads."""
    found: dict[int, list[tf.Tensor]] = {}
    given = {id(tensor) for tensor in fed}
    for at, tensor in enumerate(fed):
        if tensor.op.type == "ReadVariableOp" and not tensor.op.control_inputs:
            found[at] = [
                op.outputs[0]
                for op in tensor.op.inputs[0].consumers()
                if op.type == "ReadVariableOp" and not op.control_inputs and id(op.outputs[0]) not in given
            ]
    return found


def _plain_gathers_of(tensor: tf.Tensor) -> list[tf.Operation]:
    if tensor.op.type != "ReadVariableOp" or tensor.op.control_inputs:
        return []
    return [
        op
        for op in tensor.op.inputs[0].consumers()
        if op.type in ("ResourceGather", "ResourceGatherNd") and not op.control_inputs
    ]


def _may_be_kept(tensor: tf.Tensor, inside: set[tf.Operation]) -> bool:
    """Whether a run may put a fed value's memory where it outlives the run: a variable, a queue."""
    seen: set[tf.Operation] = set()
    stack = [tensor]
    while stack:
        for op in stack.pop().consumers():
            if op in seen or op not in inside:
                continue
            seen.add(op)
            if op.type in _PASSES_ON:
                stack.extend(op.outputs)
            elif op.type in ("ReadVariableOp", "VarIsInitializedOp"):
                continue
            elif op.type.startswith(("Assign", "ResourceScatter")) or (
                _tf.is_stateful(op) and not op.type.startswith(("ResourceApply", "ResourceSparseApply", "Random"))
            ):
                return True
            elif any(output.dtype in (tf.variant, tf.resource) for output in op.outputs):
                return True
    return False
