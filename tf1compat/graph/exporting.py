"""`Session.export`: a part of the graph, with this Session's values, as a SavedModel of TensorFlow 2.

What is saved is TensorFlow's own: a `tf.Module` with variables and one `tf.function`. Whoever serves it needs
nothing of this package.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import feeds, fetches
from .bodies import callers
from .functions import identity, tracing
from .functions.decorating import Function
from .running import ordering, pruning

__all__ = ["export"]

#: What only this process can run.
_LOCAL = frozenset(["PyFunc", "PyFuncStateless", "EagerPyFunc", "NumpyFunction"])


def export(session: Any, directory: str, inputs: Any, outputs: Any, signature_name: str) -> None:
    """See `Session.export`."""
    if os.path.isdir(directory) and os.listdir(directory):
        raise FileExistsError(f"{directory} is not empty: a SavedModel is exported into a new directory.")
    if isinstance(inputs, (*identity.STEPS, Function)):
        inputs, outputs = _of_step(session, inputs, outputs)
    graph = session.graph
    given = {name: _one_tensor(graph, "inputs", name, key) for name, key in _named(inputs, "inputs").items()}
    asked = {name: _fetched(graph, name, thing) for name, thing in _named(outputs, "outputs").items()}
    if not asked:
        raise ValueError("outputs is empty: there is nothing to serve.")
    with graph.build_lock:
        targets = [tensor.op for tensor in asked.values() if all(tensor is not one for one in given.values())]
        part = pruning.needed(graph, targets, given.values())
        _check(part, given)
        definition = _graph_def(graph, part)
    module, signature = _module(session, part, definition, given, asked)
    with _tf.eager_mode():
        tf.saved_model.save(module, directory, signatures={signature_name: signature})


def _of_step(session: Any, fn: Any, outputs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Names and tensors of the one trace of a step."""
    if outputs is not None:
        raise TypeError("outputs belongs to inputs that are tensors; a step's outputs are what it returns.")
    step = tracing.step_of(session.graph, fn)
    if step.signature is not None:
        session._steps.trace(fn, *step.signature.specs)
    if len(step.traces) != 1:
        raise ValueError(
            f"{step.name} has been traced {len(step.traces)} times, and a signature of a SavedModel is one trace: "
            "give it an input_signature (see tf1compat.function), or call its `trace` once."
        )
    (traced,) = step.traces.values()
    traced.initialise(session)
    if traced.has_composites:
        raise NotImplementedError(
            f"{step.name} takes sparse or ragged tensors: export names its inputs and outputs with dense parts "
            'of them instead, as `sess.export(directory, {"values": ...}, {...})`.'
        )
    paths = identity.paths_of(step.fn, *traced.specs)
    names = [path for path, leaf in zip(paths, traced.leaves, strict=True) if isinstance(leaf, tf.TypeSpec)]
    returned = traced.fetches
    if not isinstance(returned, Mapping):
        parts = tf.nest.flatten(returned)
        plain = ["output"] if parts[0] is returned else [f"output_{at}" for at in range(len(parts))]
        returned = dict(zip(plain, parts, strict=True))
    return dict(zip(names, traced.inputs, strict=True)), dict(returned)


def _named(things: Any, what: str) -> dict[str, Any]:
    if not isinstance(things, Mapping) or not all(isinstance(name, str) for name in things):
        raise TypeError(f"{what} is a dictionary of names and tensors; got {things!r}.")
    return dict(things)


def _one_tensor(graph: Any, what: str, name: str, key: Any) -> tf.Tensor:
    tensors = feeds.key_tensors(graph, key)
    if len(tensors) != 1:
        raise NotImplementedError(f"{what}[{name!r}] is {len(tensors)} tensors ({key!r}): give each a name.")
    if tensors[0].op.type == "ReadVariableOp":
        raise NotImplementedError(f"{what}[{name!r}] is a variable, whose value is saved: it is no input.")
    return tensors[0]


def _fetched(graph: Any, name: str, thing: Any) -> tf.Tensor:
    elements = fetches.resolve(graph, thing).elements
    if len(elements) != 1 or isinstance(elements[0], tf.Operation):
        raise TypeError(f"outputs[{name!r}] must be one tensor: a served model returns values. It is {thing!r}.")
    return elements[0]


def _check(part: pruning.Subgraph, given: dict[str, tf.Tensor]) -> None:
    for op in part.operations:
        if op.type in ("Placeholder", "PlaceholderV2") and op not in part.fed_away:
            raise ValueError(
                f"The outputs need the placeholder {op.name!r}, which is not among the inputs {sorted(given)}."
            )
        if op.type in _LOCAL:
            raise NotImplementedError(
                f"The outputs need {op.name!r}, a {op.type}: it calls Python of this process, which a served model "
                "does not have. Leave it out of what is exported, or write it with TensorFlow's operations."
            )
    for op in part.handles:
        if op.type not in ("VarHandleOp", "HashTableV2"):
            raise NotImplementedError(
                f"The outputs need {op.name!r}, a {op.type}: only variables and constant tables are exported. Feed "
                "what it gives as an input; write a mutable table's contents into a constant one."
            )


def _graph_def(graph: Any, part: pruning.Subgraph) -> Any:
    """The operations of a part, with the order of what touches a variable as edges, and the functions they call."""
    definition = tf.compat.v1.GraphDef()
    definition.versions.CopyFrom(graph.graph_def_versions)
    gone = {op.name for op in part.fed_away} | {op.name for op in part.handles}
    inside = set(part.operations) - part.fed_away
    before: dict[tf.Operation, list[str]] = {}
    for first, then in ordering.control_edges(graph, part):
        if first in inside and then in inside:
            before.setdefault(then, []).append(first.name)
    for op in part.operations:
        if op in part.fed_away:
            continue
        node = definition.node.add()
        node.CopyFrom(op.node_def)
        for attribute in [name for name in node.attr if name == "_class"]:  # colocation with what is not there
            del node.attr[attribute]
        node.device = ""
        kept = [name for name in node.input if not (name.startswith("^") and name[1:] in gone)]
        del node.input[:]
        node.input.extend(kept)
        node.input.extend(f"^{name}" for name in dict.fromkeys(before.get(op, ())) if f"^{name}" not in kept)
    names, stack = set(), [name for node in definition.node for name in callers.functions_of(node)]
    while stack:
        name = stack.pop()
        if name not in names:
            names.add(name)
            function = _tf.graph_function_definition(graph, name)
            definition.library.function.add().CopyFrom(function)
            stack.extend(inner for node in function.node_def for inner in callers.functions_of(node))
    return definition


class _Served(tf.Module):
    """What is saved: variables and tables by the names that they have in the graph, and `serve`."""

    def __init__(self) -> None:
        super().__init__("served")
        self.model_variables: dict[str, tf.Variable] = {}
        self.tables: dict[str, Any] = {}


def _module(
    session: Any, part: pruning.Subgraph, definition: Any, given: dict[str, tf.Tensor], asked: dict[str, tf.Tensor]
) -> tuple[_Served, Any]:
    """What is saved, and the function that is its signature."""
    module = _Served()
    tables = {op: _contents(session, op) for op in part.handles if op.type == "HashTableV2"}
    variables = {op: _value(session, op) for op in part.handles if op.type == "VarHandleOp"}
    with _tf.eager_mode():
        resources: dict[str, Any] = {}
        made_variables, made_tables = {}, {}
        for op, value in variables.items():
            made_variables[op.name] = tf.Variable(value, name=op.name, shape=tf.TensorShape(op.get_attr("shape")))
        for op, (keys, values) in tables.items():
            initializer = tf.lookup.KeyValueTensorInitializer(keys, values)
            default = tf.zeros([], values.dtype) if values.dtype != tf.string else tf.constant("")
            made_tables[op.name] = tf.lookup.StaticHashTable(initializer, default)
        module.model_variables, module.tables = made_variables, made_tables
        resources.update({name: variable.handle for name, variable in made_variables.items()})
        resources.update({name: table.resource_handle for name, table in made_tables.items()})

        def serve(**values: tf.Tensor) -> dict[str, tf.Tensor]:
            replaced = {tensor.name: values[name] for name, tensor in given.items()}
            replaced.update({f"{name}:0": tf.convert_to_tensor(handle) for name, handle in resources.items()})
            wanted = [tensor for tensor in asked.values() if tensor.name not in replaced]
            used = {name for node in definition.node for name in node.input}
            plain = {name: value for name, value in replaced.items() if name in used or name.removesuffix(":0") in used}
            found = tf.graph_util.import_graph_def(
                definition, input_map=plain, return_elements=[tensor.name for tensor in wanted], name=""
            )
            by_name = {tensor.name: value for tensor, value in zip(wanted, found or [], strict=True)}
            return {name: tf.identity(by_name.get(t.name, replaced.get(t.name))) for name, t in asked.items()}

        module.serve = tf.function(serve, autograph=False)
        specs = {name: tf.TensorSpec(_plain(tensor.shape), tensor.dtype, name) for name, tensor in given.items()}
        return module, module.serve.get_concrete_function(**specs)


def _plain(shape: tf.TensorShape) -> tf.TensorShape:
    return tf.TensorShape(shape.as_list() if shape.rank is not None else None)


def _value(session: Any, op: tf.Operation) -> Any:
    handle = session._resources.handle(op, session._plans.evaluate)
    with _tf.eager_mode():
        if not tf.raw_ops.VarIsInitializedOp(resource=handle):
            raise tf.errors.FailedPreconditionError(
                None, None, f"Attempting to use uninitialized value {op.name}: it is exported with its value."
            )
        return tf.raw_ops.ReadVariableOp(resource=handle, dtype=op.get_attr("dtype"))


def _contents(session: Any, op: tf.Operation) -> tuple[Any, Any]:
    """The keys and values that a constant table has in a Session."""
    handle = session._resources.handle(op, session._plans.evaluate)
    with _tf.eager_mode():
        if not tf.raw_ops.LookupTableSizeV2(table_handle=handle):
            raise tf.errors.FailedPreconditionError(
                None, None, f"Table not initialized: {op.name}. It is exported with its contents."
            )
        kinds = {"Tkeys": op.get_attr("key_dtype"), "Tvalues": op.get_attr("value_dtype")}
        return tf.raw_ops.LookupTableExportV2(table_handle=handle, **kinds)
