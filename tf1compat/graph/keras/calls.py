"""Which ops of a graph a Keras layer's call made, and which of them write the layer's own state.

Keras writes dropout's seed and batch normalisation's statistics as statements and leaves it to
`tf.function` to run them. A TF1 graph runs only what is fetched, so the Session asks here which
writes go with the calls that a run computes.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from ..running import ordering

__all__ = ["Call", "CallLog", "in_body"]


class Call:
    """One call of a layer (or of a seed generator, metric, optimizer) that built a part of a graph.

    writes: its ops that write variables, those of the calls inside it left out.
    statements: whether it, or a call inside it, writes any.
    """

    __slots__ = ("made", "made_inside", "outer", "statements", "writes")

    def __init__(self, outer: Call | None) -> None:
        self.outer = outer
        self.made: list[tf.Operation] = []
        self.made_inside: list[tf.Operation] = []  # by the calls inside it
        self.writes: list[tf.Operation] = []
        self.statements = False


class CallLog:
    """The Keras calls that built parts of one graph, by the ops that they made.

    Threads that build into one graph at once each log their own calls.
    """

    def __init__(self) -> None:
        self._call_of: dict[int, Call] = {}  # an op's place in the graph -> the innermost call
        self._open = threading.local()
        self._writing = False
        self._imported: list[tf.Operation] = []  # writes whose calls were logged by another graph

    @property
    def _stack(self) -> list[Call | None]:
        if not hasattr(self._open, "stack"):
            self._open.stack = []
        return self._open.stack

    @property
    def is_open(self) -> bool:
        """Whether this thread is inside a call."""
        stack = self._stack
        return bool(stack) and stack[-1] is not None

    @property
    def is_inside(self) -> bool:
        """Whether this thread is inside a call, or makes what such a call needs made apart."""
        return any(call is not None for call in self._stack)

    @property
    def is_apart(self) -> bool:
        """Whether this thread makes what belongs to no call: a layer is being built."""
        stack = self._stack
        return bool(stack) and stack[-1] is None

    def __bool__(self) -> bool:
        """Whether any call writes state."""
        return self._writing or bool(self._imported)

    def made(self, op: tf.Operation) -> None:
        """The graph has a new op."""
        stack = self._stack
        if stack and stack[-1] is not None:
            self._call_of[_tf.op_index(op)] = stack[-1]
            stack[-1].made.append(op)
        elif op.type.startswith(_MAY_WRITE) and _tf.string_list(op, _GOES_WITH):
            self._imported.append(op)

    def holds(self, op: tf.Operation) -> bool:
        """Whether an op was made by a call."""
        return _tf.op_index(op) in self._call_of

    @contextlib.contextmanager
    def call(self) -> Iterator[Call]:
        """The ops made in this block are one call's; the variables they write are its state."""
        stack = self._stack
        call = Call(stack[-1] if stack else None)
        stack.append(call)
        try:
            yield call
        finally:
            stack.pop()
            call.writes.extend(op for op in call.made if _writes_variables(op))
            made = call.made + call.made_inside
            for op in call.writes:
                _tf.set_string_list(op, _GOES_WITH, [op.name, *(one.name for one in made)])
            call.made, call.made_inside = [], []
            call.statements |= bool(call.writes)
            if call.outer is not None:
                call.outer.statements |= call.statements
                call.outer.made_inside += made
            self._writing |= call.statements

    @property
    def scope(self) -> str | None:
        """The name scope of the graph that this thread came to Keras in; None outside of Keras."""
        return getattr(self._open, "scope", None)

    @scope.setter
    def scope(self, scope: str | None) -> None:
        self._open.scope = scope

    @contextlib.contextmanager
    def under(self, scope: str) -> Iterator[None]:
        """Keras is called in a name scope of the graph; inside another call, the outermost's counts."""
        before = self.scope
        self.scope = scope if before is None else before
        try:
            yield
        finally:
            self.scope = before

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """The ops made in this block (a variable, its initializer) are no call's: they compute none."""
        self._stack.append(None)
        try:
            yield
        finally:
            self._stack.pop()

    def _take_in_imported(self) -> None:
        """Log the calls of an imported graph: its writes say with which ops they go."""
        writes, self._imported = self._imported, []
        calls: dict[tuple[str, ...], Call] = {}
        for op in writes:
            own, *names = _tf.string_list(op, _GOES_WITH)
            members = tuple(_moved(name, own, op.name) for name in names)
            calls.setdefault(members, Call(None)).writes.append(op)
        for members, call in sorted(calls.items(), key=lambda item: len(item[0])):  # the innermost first
            call.statements = self._writing = True
            graph = call.writes[0].graph
            for name in members:
                try:
                    index = _tf.op_index(graph.get_operation_by_name(name))
                except (KeyError, ValueError):
                    continue  # only a part of the graph was imported
                *_, outermost = [call, *self._calls_around(index)]
                if index not in self._call_of:
                    self._call_of[index] = call
                elif outermost is not call:
                    outermost.outer = call

    def _calls_around(self, index: int) -> Iterator[Call]:
        if self._imported:
            self._take_in_imported()
        call = self._call_of.get(index)
        while call is not None:
            yield call
            call = call.outer

    def writes_of(self, indices: Iterable[int]) -> list[tf.Operation]:
        """The state writes of the calls that any of these ops belongs to."""
        found: dict[Call, None] = {}
        for index in indices:
            for call in self._calls_around(index):
                if call in found:
                    break
                found[call] = None
        return [op for call in found for op in call.writes]

    def within(self, index: int) -> bool:
        """Whether an op was made by a call that writes state: it then takes its turn among the writes."""
        return any(call.statements for call in self._calls_around(index))


#: The attribute of a state write that says, in a graph that is exported, with which ops it goes: its own
#: name, and theirs.
_GOES_WITH = "_tf1compat_goes_with"
_MAY_WRITE = ("Assign", "Resource", "If", "While", "Case", "Stateful", "Partitioned")


def _moved(name: str, before: str, after: str) -> str:
    """A name where the scope around it was changed as `before` was changed to `after`, by an import."""
    if after.endswith(before):
        return after[: len(after) - len(before)] + name
    if before.endswith(after):
        return name.removeprefix(before[: len(before) - len(after)])
    return name


def _variable_behind(handle: tf.Tensor) -> tf.Operation | None:
    """The op that makes a variable's handle, looked for through the bodies that captured it."""
    while True:
        op = handle.op
        if op.type == "VarHandleOp":
            return op
        if op.type in ("Identity", "Enter", "Switch"):
            handle = op.inputs[0]
            continue
        outside = [outer for outer, inner in getattr(op.graph, "captures", ()) if inner is handle]
        if not outside or isinstance(outside[0], _tf.EagerTensor):
            return None
        handle = outside[0]


def _variables_of(op: tf.Operation) -> set[tf.Operation]:
    handles = (_variable_behind(tensor) for tensor in op.inputs if tensor.dtype == tf.resource)
    return {handle for handle in handles if handle is not None}


def _writes_variables(op: tf.Operation) -> bool:
    return ordering.writes(op) and bool(_variables_of(op))


@contextlib.contextmanager
def in_body(body: Any) -> Iterator[list[tf.Operation]]:
    """Keras makes ops in a cond or loop body: what they write runs whenever the body does.

    Whatever touches a variable that they write does so in order of creation. The list holds the writes
    once the block is left.
    """
    writes: list[tf.Operation] = []
    if _tf.runs_statements(body):  # TensorFlow sees to it
        yield writes
        return
    start = len(body.get_operations())
    with _tf.running_statements(body):
        yield writes
    operations = body.get_operations()
    writes += [op for op in operations[start:] if _writes_variables(op)]
    body.control_outputs.extend(op for op in writes if op not in body.control_outputs)
    for variable in {variable for op in writes for variable in _variables_of(op)}:
        last_write: list[tf.Operation] = []
        reads: list[tf.Operation] = []
        for op in operations:
            if variable not in _variables_of(op):
                continue
            if ordering.writes(op):
                _tf.add_control_inputs(op, last_write + reads)
                last_write, reads = [op], []
            else:
                _tf.add_control_inputs(op, last_write)
                reads.append(op)
