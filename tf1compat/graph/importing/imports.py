"""Graphs that were serialized, by TensorFlow 1 or here: `import_graph_def`, `import_meta_graph`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from tensorflow.core.framework import graph_pb2, variable_pb2
from tensorflow.core.protobuf import control_flow_pb2, meta_graph_pb2

from ... import _tensorflow as _tf
from .. import defaults, variables
from ..graph import Graph
from ..shapes import tf1_shape
from ..state.resources import register_functions
from . import function_names, ref_variables
from .ref_ops import is_ref_variable

__all__ = ["import_graph_def", "import_meta_graph", "load_saved_model", "translate_meta_graph"]

_CONTEXTS = {
    "cond_context": control_flow_pb2.CondContextDef,
    "while_context": control_flow_pb2.WhileContextDef,
}


def import_graph_def(
    graph_def: Any,
    input_map: Mapping[str, Any] | None = None,
    return_elements: Sequence[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """Add the nodes of a `GraphDef` to the default graph, as TF 1.15's function of that name.

    Reference variables (`VariableV2`), which TF 1.15 wrote, become resource variables of the same names;
    `v:0` and `v/read:0` go on naming a variable's value.

    Args:
      graph_def: a `GraphDef`; it is left as it is.
      input_map: name in `graph_def` (`"x:0"`, `"x"`, `"^op"`) -> tensor to use instead. For a variable's
        own name, another variable to use instead, or a tensor where nothing writes to the variable.
      return_elements: names of tensors (`"x:0"`) and operations (`"x"`) to return.
      name: prefix of all names; "import" where None.
      op_dict: not used, as in TF 1.15.
      producer_op_list: `OpList` of the program that wrote the graph: attributes that TensorFlow does not
        know are dropped where they have its defaults.

    Returns:
      What `return_elements` names, in that order; None where it is None. A tensor that was a reference
      (`v:0`, the output of an `Assign`) is the value read then.

    Raises:
      NotImplementedError: for an op on references that has no equivalent, named with its node.
      TypeError, ValueError: as TF 1.15, for what is no GraphDef or for names that are not in it.
    """
    del op_dict
    graph = _current_graph()
    if isinstance(graph_def, graph_pb2.GraphDef):
        given = _Given(graph, graph_def, input_map, return_elements)
        graph_def, input_map, return_elements = given.graph_def, given.input_map, given.return_elements
        graph_def = function_names.made_unique(graph_def)
    before = graph.version
    found = tf.graph_util.import_graph_def(
        graph_def,
        input_map=input_map,
        return_elements=return_elements,
        name=name,
        producer_op_list=producer_op_list,
    )
    _settle(graph, before)
    return found


def import_meta_graph(
    meta_graph_or_file: Any, clear_devices: bool = False, import_scope: str | None = None, **kwargs: Any
) -> Any:
    """Add a `MetaGraphDef` (or the file that holds one) to the default graph, with its collections.

    As TF 1.15's function of that name; graphs with reference variables as `import_graph_def` takes them,
    and the variables in the collections are resource variables.

    Args:
      meta_graph_or_file: a `MetaGraphDef`, which is left as it is, or a path.
      clear_devices: whether to forget the devices that the nodes ask for.
      import_scope: prefix of all names.
      **kwargs: `graph`, `input_map`, `restore_collections_predicate`, `unbound_inputs_col_name`.

    Returns:
      A `tf.train.Saver` for the variables, that restores checkpoints which TF 1.15 wrote too; None where
      the graph has none.
    """
    graph = kwargs.get("graph") or _current_graph()
    meta_graph = meta_graph_or_file
    if not isinstance(meta_graph, meta_graph_pb2.MetaGraphDef):
        meta_graph = _tf.read_meta_graph(meta_graph_or_file)
    meta_graph, input_map = _translated(graph, meta_graph, kwargs.pop("input_map", None))
    before = graph.version
    with graph.as_default():
        saver = tf.compat.v1.train.import_meta_graph(
            meta_graph, clear_devices, import_scope, input_map=input_map, **kwargs
        )
    _settle(graph, before)
    return saver


def translate_meta_graph(meta_graph: Any) -> Any:
    """A `MetaGraphDef` whose reference variables are resource variables, in graph and collections."""
    return _translated(None, meta_graph, None)[0]


def load_saved_model(
    sess: Any, tags: Sequence[str], export_dir: str, import_scope: str | None = None, **saver_kwargs: Any
) -> Any:
    """Load a SavedModel into a Session: graph, variables' values, init op; as `tf.saved_model.loader.load`.

    Returns:
      The `MetaGraphDef` that has the `tags`, with its signatures.

    Raises:
      RuntimeError: where the SavedModel has none with exactly these tags.
    """
    before = sess.graph.version
    loader = _tf.saved_model_loader(export_dir, translate_meta_graph)
    meta_graph = loader.load(sess, tags, import_scope, **saver_kwargs)
    _settle(sess.graph, before)
    return meta_graph


def _current_graph() -> Any:
    """The graph that ops are built into now: a new default graph of ours in a thread that has none."""
    defaults.get_default_graph()
    return tf.compat.v1.get_default_graph()


def _settle(graph: Any, before: int) -> None:
    """After an import: functions reach the runtime, variables have TF1's shapes and names of their own."""
    for op in graph.get_operations()[before:]:
        # TF1 went by the op's name, which has its scope now; TensorFlow would take all of "" for one.
        if op.type == "VarHandleOp" and not op.get_attr("shared_name"):
            _tf.set_attribute(op, "shared_name", op.name)
    if not isinstance(graph, Graph):
        return
    _tf.let_tensor_arrays_have_handles()
    if _tf.graph_function_names(graph):
        register_functions(graph)
    known = {handle.op: one for one, handle in _variables(graph) if not isinstance(handle, _tf.EagerTensor)}
    for key in graph.get_all_collection_keys():
        collection = graph.get_collection_ref(key)
        for at, value in enumerate(collection):
            if isinstance(value, tf.Tensor) and value.dtype == tf.resource and value.op in known:
                collection[at] = known[value.op]  # a name in a collection of the program's own: it meant the variable
            if variables.is_variable(value) and type(value.shape) is tf.TensorShape:
                _tf.set_variable_shape(value, tf1_shape(value.shape))


def _variables(graph: Any) -> list[tuple[Any, Any]]:
    """The variables in a graph's collections, with their handles."""
    keys = tf.compat.v1.GraphKeys
    found = [*graph.get_collection(keys.GLOBAL_VARIABLES), *graph.get_collection(keys.LOCAL_VARIABLES)]
    return [(one, _tf.variable_handle_of(one)) for one in found if variables.is_variable(one)]


class _Given:
    """The arguments of an import, with the names that the translated graph has."""

    def __init__(self, graph: Any, graph_def: Any, input_map: Any, return_elements: Any) -> None:
        self.graph_def, self.input_map, self.return_elements = graph_def, input_map, return_elements
        self.values: dict[str, str] = {}
        self.handles: set[str] = set()
        self.gone: set[str] = set()
        if not ref_variables.has_ref_variables(graph_def):
            return
        mapped = isinstance(input_map, Mapping) and all(isinstance(key, (str, bytes)) for key in input_map)
        replaced: list[str] = []
        if mapped:
            names = {node.name for node in graph_def.node if is_ref_variable(node)}
            self.input_map = {
                tf.compat.as_str(key): self._replacement(graph, tf.compat.as_str(key), value, names, replaced)
                for key, value in input_map.items()
            }
        translation = ref_variables.translate(graph_def, replaced)
        self.graph_def, self.values, self.handles, self.gone = translation
        if mapped:
            self.input_map = {
                self.value_name(key) if f"{_node(key)}:0" in self.gone else key: value
                for key, value in self.input_map.items()
            }
        if isinstance(return_elements, (list, tuple)):
            self.return_elements = [self._returned(element) for element in return_elements]

    @staticmethod
    def _replacement(graph: Any, key: str, value: Any, names: set[str], replaced: list[str]) -> Any:
        """What a variable is replaced with: another variable's handle, or a value."""
        if _node(key) not in names:
            return value
        if variables.is_variable(value):
            return variables.handle_of(graph, value)
        if isinstance(value, tf.Tensor) and not isinstance(value, _tf.EagerTensor):
            if value.op.type == "ReadVariableOp" and not value.op.control_inputs:
                return value.op.inputs[0]
            if value.dtype == tf.resource:
                return value
        replaced.append(_node(key))
        return value

    def _returned(self, element: Any) -> Any:
        name = tf.compat.as_str(element) if isinstance(element, (str, bytes)) else ""
        return self.value_name(name) if ":" in name else element

    def value_name(self, name: str) -> str:
        """The name of the tensor that holds the value of what was called `name`."""
        return self.values.get(name if ":" in name else f"{name}:0", name)


def _node(key: str) -> str:
    return key.partition(":")[0]


def _translated(graph: Any, meta_graph: Any, input_map: Any) -> tuple[Any, Any]:
    """A copy of a MetaGraphDef ready to import, and its input map."""
    given = _Given(graph, meta_graph.graph_def, input_map, None)
    result = meta_graph_pb2.MetaGraphDef()
    result.CopyFrom(meta_graph)
    result.graph_def.CopyFrom(function_names.made_unique(given.graph_def))
    if given.handles:
        for key, collection in result.collection_def.items():
            _translate_collection(key, collection, given)
    return result, given.input_map


def _translate_collection(key: str, collection: Any, given: _Given) -> None:
    kind = collection.WhichOneof("kind")
    if kind == "node_list":
        names = [given.value_name(name) if ":" in name else name for name in collection.node_list.value]
        collection.node_list.value[:] = names
    elif kind == "bytes_list" and key in _CONTEXTS:
        contexts = []
        for data in collection.bytes_list.value:
            context = _CONTEXTS[key].FromString(data)
            _translate_context(context, given)
            contexts.append(context.SerializeToString())
        collection.bytes_list.value[:] = contexts
    elif kind == "bytes_list":
        protos = [_resource_variable(data, given) for data in collection.bytes_list.value]
        collection.bytes_list.value[:] = protos


def _resource_variable(data: bytes, given: _Given) -> bytes:
    """The proto of a reference variable made that of a resource variable; any other proto as it is."""
    try:
        definition = variable_pb2.VariableDef.FromString(data)
    except DecodeError:
        return data
    if definition.is_resource or definition.variable_name not in given.handles:
        return data
    definition.is_resource = True
    if not definition.snapshot_name:
        definition.snapshot_name = given.value_name(definition.variable_name)
    definition.initial_value_name = given.value_name(definition.initial_value_name)
    return definition.SerializeToString()


def _translate_context(context: Any, given: _Given) -> None:
    """A cond's or loop's proto names tensors; the outputs of writes are there no more."""

    def name_now(name: str) -> str:
        return given.value_name(name) if name in given.gone else name

    values = context.values_def
    values.values[:] = [name_now(name) for name in values.values]
    outside = {name_now(outer): name_now(inner) for outer, inner in values.external_values.items()}
    values.external_values.clear()
    values.external_values.update(outside)
    for nested in context.nested_contexts:
        which = nested.WhichOneof("ctxt")
        if which:
            _translate_context(getattr(nested, which), given)
