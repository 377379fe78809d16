"""Which operation of a run failed.

TensorFlow runs small functions on an executor that is several times faster than its usual one and does
not say which node an error comes from. So after an error that names none, the run is repeated on the
usual executor, on copies of the variables' values. A run that does more than compute and write variables
(calls Python, moves queues, writes files) cannot be repeated; it uses the usual executor from the start.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import tensorflow as tf

from ... import _tensorflow as _tf
from ..bodies import callers
from ..state import kept_kernels, random_streams

__all__ = ["copies_of_variables", "repeatable"]

_numbers = itertools.count()
_COPIES = "tf1compat-copies-"
#: Stateful operations whose whole effect is on variables.
_ON_VARIABLES = re.compile(
    r"(ReadVariableOp|Assign\w*Variable\w*|Resource(?!Accumulator|Conditional)\w+|VarIsInitializedOp|VariableShape"
    r"|VarHandleOp|RngReadAndSkip)$"
)
#: Stateful operations that are repeatable unless they keep a stream, or call what is not.
_REPEATABLE = re.compile(
    r"(Random\w+|TruncatedNormal|ParameterizedTruncatedNormal|Multinomial|Assert|LookupTable(Find|Size)\w*"
    r"|If|While|Case|(Stateful)?PartitionedCall)$"
)


def repeatable(graph: Any, operations: Iterable[tf.Operation]) -> bool:
    """Whether operations, and the functions that they call, do no more than write variables."""
    return all(not _stateful(op.type) or _only_writes(op.type) or _is_harmless(graph, op.node_def) for op in operations)


def _is_harmless(graph: Any, node: Any, seen: frozenset[str] | None = None) -> bool:
    """Whether a stateful node is repeatable; `seen`: the bodies around it, None where it is in none."""
    if _only_writes(node.op):
        return True
    if not _REPEATABLE.match(node.op) or kept_kernels.is_kept(node):
        return False
    if seen is not None and random_streams.is_stream(node):  # its state is not passed in, so not copied
        return False
    around = seen or frozenset()
    return all(name in around or _body_is(graph, name, around | {name}) for name in callers.functions_of(node))


@functools.cache
def _only_writes(kind: str) -> bool:
    return _ON_VARIABLES.match(kind) is not None


def _body_is(graph: Any, name: str, seen: frozenset[str]) -> bool:
    try:
        definition = _tf.graph_function_definition(graph, name)
    except KeyError:  # a function that the graph does not hold: who knows what it does
        return False
    return all(not _stateful(node.op) or _is_harmless(graph, node, seen) for node in definition.node_def)


@functools.cache
def _stateful(op_type: str) -> bool:
    definition = _tf.op_definition(op_type)
    return definition is None or definition.is_stateful


@contextlib.contextmanager
def copies_of_variables(handles: Sequence[Any], types: Sequence[tuple[Any, Any] | None]) -> Iterator[list[Any]]:
    """Handles of copies of variables, for as long as the block lasts.

    `types` has the dtype and shape of each variable, None for a handle of something else, which stays.
    """
    copies, made = [], []
    try:
        with _tf.eager_mode():
            for handle, kind in zip(handles, types, strict=True):
                copies.append(handle)
                if kind is None:
                    continue
                dtype, shape = kind
                with tf.device(handle.device):
                    name = f"{_COPIES}{next(_numbers)}"
                    copies[-1] = tf.raw_ops.VarHandleOp(dtype=dtype, shape=shape, container=_COPIES, shared_name=name)
                    made.append(copies[-1])
                    with contextlib.suppress(tf.errors.OpError):  # an uninitialised one stays so
                        value = tf.raw_ops.ReadVariableOp(resource=handle, dtype=dtype)
                        tf.raw_ops.AssignVariableOp(resource=copies[-1], value=tf.raw_ops.DeepCopy(x=value))
        yield copies
    finally:
        with _tf.eager_mode():
            for copy in made:
                tf.raw_ops.DestroyResourceOp(resource=copy, ignore_lookup_error=True)
