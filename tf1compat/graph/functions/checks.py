"""What a trace must be, once it is built: fetchable, and the same for each call."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .. import fetches, warned
from ..running import pruning
from ..variables import is_variable

__all__ = [
    "check_fetches",
    "check_handles",
    "check_initial_values",
    "check_left_out",
    "dependent",
    "depends",
    "warn_of_unfetched_training",
]


def check_fetches(graph: Any, step: Any, asked: Any) -> None:
    """TypeError or ValueError, naming the step, where what it returned cannot be fetched."""
    if asked is None:
        raise TypeError(
            f"{step.name} returned None: a step returns what to fetch (tensors, operations, nests of them)."
        )
    try:
        fetches.resolve(graph, asked)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{step.name} returned what cannot be fetched: {error}") from None


def warn_of_unfetched_training(
    graph: Any, step: Any, asked: Any, made: list[tf.Operation], inputs: list[tf.Tensor]
) -> None:
    """What is not fetched does not run, as in TF1; people who come from `tf.function` forget it."""
    updates = {op for op in made if op.type.startswith(("ResourceApply", "ResourceSparseApply"))}
    if updates:
        elements = fetches.resolve(graph, asked).elements
        targets = [element if isinstance(element, tf.Operation) else element.op for element in elements]
        if updates.isdisjoint(pruning.needed(graph, targets, inputs).operations):
            warned.warn(
                f"{step.name} builds an optimizer's updates and returns nothing that runs them: a step runs what it "
                "returns, as a Session runs what is fetched. Return what `minimize` or `apply_gradients` returned too."
            )


def dependent(made: list[tf.Operation], inputs: list[tf.Tensor]) -> set[tf.Operation]:
    """The operations of a trace that cannot run without its inputs."""
    found = {tensor.op for tensor in inputs}
    for op in made:
        if any(tensor.op in found for tensor in op.inputs) or any(other in found for other in op.control_inputs):
            found.add(op)
    return found


def depends(graph: Any, item: Any, dependent: set[tf.Operation]) -> bool:
    """Whether an item of a collection means nothing outside of the trace."""
    if is_variable(item):
        return False
    for part in tf.nest.flatten(item, expand_composites=True):
        op = getattr(part, "op", part)
        if isinstance(op, tf.Operation) and (op in dependent or op.graph is not graph):
            return True
    return False


def check_initial_values(step: Any, dependent: set[tf.Operation]) -> None:
    """ValueError for a variable that only a call's arguments could initialise."""
    for variable in step.creations.variables:
        if variable.initializer in dependent:
            raise ValueError(
                f"The initial value of the variable {variable.name!r} depends on the arguments of {step.name}, "
                "which change from call to call: give it an initializer, or assign the value in the step."
            )


def check_left_out(
    graph: Any, name: str, elements: list[Any], given: list[tf.Tensor], left_out: list[tf.Tensor]
) -> None:
    """TypeError where what is fetched needs an argument that was not given."""
    targets = [element if isinstance(element, tf.Operation) else element.op for element in elements]
    needed = pruning.needed(graph, targets, given).operations
    missing = [tensor.op.name.rpartition("/")[2] for tensor in left_out if tensor.op in needed]
    if missing:
        raise TypeError(f"{name} needs the argument {', '.join(missing)}, which it was not given.")


#: Handles that a second trace may make: what they hold is the same, and `Traced.initialise` puts it in.
_CONSTANT = frozenset(["VarHandleOp", "HashTableV2"])


def check_handles(step: Any, made: list[tf.Operation]) -> None:
    """ValueError where a second trace made a queue, an iterator, a mutable table: they would not be the first's."""
    for op in made:
        if op.type not in _CONSTANT and pruning.is_handle(op):
            raise ValueError(
                f"{step.name} makes a {op.type} ({op.name}), and would make one more for each signature of its "
                "arguments, each with contents of its own: make it outside of the step."
            )
