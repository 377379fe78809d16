"""The graph that a TF1 program builds: a real `tf.Graph`, with what TF1's had and TF2's lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import variables
from .bodies import updating
from .importing.exported import leave_out_new_attributes
from .keras import calls as keras_calls
from .shapes import tf1_shape

__all__ = ["Graph", "before_the_first", "is_tf1"]


def is_tf1(graph: Any) -> bool:
    """Whether a graph is one of ours, or a function (loop body, dataset map) inside one of ours."""
    return isinstance(graph, Graph) or isinstance(_tf.outermost(graph), Graph)


#: What `hooks` does when the first graph is made; it knows of Sessions, and graphs do not.
before_the_first: list[Callable[[], None]] = []


class Graph(tf.Graph):
    """A dataflow graph as TF1 had it; `Session` runs it.

    Every TensorFlow operation can be built into it, as into any `tf.Graph`. Beyond `tf.Graph`:

    * variables are resource variables, whatever `use_resource` says; `v:0` and `v/read:0` name the
      variable's value, as they did when TF1's variables were references;
    * eager tensors that meet the graph become constants, eager variables (a Keras model built
      before) are shared with the process and appear in the graph's collections;
    * static shapes have TF1's dimensions (`x.shape[0].value`);
    * what a Keras layer writes to its own state (dropout's seed, batch statistics) belongs to the
      layer's call: it runs in every `Session.run` that computes the call, and in no other.
    """

    def __init__(self) -> None:
        self._attributes = threading.local()
        self.build_lock = threading.RLock()
        #: What the thread that traces a step sees of this graph, see `functions.views`; it holds `build_lock`.
        self.view: Any = None
        super().__init__()
        self.switch_to_thread_local()  # threads that build into one graph have scopes of their own
        while before_the_first:
            before_the_first.pop()()
        self.keras_calls = keras_calls.CallLog()
        #: How many Keras objects of each kind have a name in this graph: two graphs each have a `dense`.
        self.keras_names: dict[str, int] = {}
        self.shared = variables.SharedVariables(self)
        #: id of a body's tensor -> (the tensor, what stands for it in this graph).
        self.lifted: dict[int, tuple[Any, Any]] = {}
        #: The steps that were traced into this graph, see `functions.tracing`.
        self.steps: dict[Any, Any] = {}
        #: Functions of this graph that the runtime knows.
        self.registered_functions: set[str] = set()

    @property
    def _variable_creator_stack(self) -> list[Any]:
        """What TensorFlow asks, last first, to make a variable here: `_create_variable` is always asked."""
        stack = super()._variable_creator_stack
        ours = (-1, self._create_variable)
        return stack if ours in stack else [ours, *stack]

    @_variable_creator_stack.setter
    def _variable_creator_stack(self, stack: list[Any]) -> None:
        tf.Graph._variable_creator_stack.fset(self, stack)

    def _create_variable(self, next_creator: Any, **kwargs: Any) -> Any:
        if kwargs.get("use_resource", True) is not True:
            kwargs["use_resource"] = True
        if kwargs.get("validate_shape") is False and kwargs.get("shape") is None:
            kwargs["shape"] = tf.TensorShape(None)  # it may be assigned values of other shapes
        with self.keras_calls.apart():
            variable = next_creator(**kwargs)
        if isinstance(variable, _tf.BaseResourceVariable):
            _tf.set_variable_shape(variable, tf1_shape(variable.shape))
        return variable

    @property
    def _attr_scope_map(self) -> dict[str, Any]:
        """Attributes for the ops that this thread makes now; TensorFlow's graph mixes up threads that build."""
        if not hasattr(self._attributes, "by_name"):
            self._attributes.by_name = {}
        return self._attributes.by_name

    @_attr_scope_map.setter
    def _attr_scope_map(self, attributes: dict[str, Any]) -> None:
        self._attributes.by_name = attributes

    def _create_op_internal(
        self, op_type: str, inputs: Any, dtypes: Any = None, input_types: Any = None, name: str | None = None,
        *args: Any, **kwargs: Any
    ) -> tf.Operation:  # fmt: skip
        with self.build_lock:  # finding a free name and taking it are two steps
            view = self._view_here()
            if view is not None and view.names is not None:  # the name in the view may be taken in the graph
                name = name or op_type
                name = name[:-1] if name.endswith("/") else self.unique_name(name)
                with view.real_names(), self.name_scope(None):
                    view.named[name] = self.unique_name(name)
                name = view.named[name] + "/"
            return super()._create_op_internal(op_type, inputs, dtypes, input_types, name, *args, **kwargs)

    # What a thread that traces a step sees in place of the graph's own.

    @property
    def is_viewed(self) -> bool:
        """Whether this thread traces a step into the graph now."""
        return self._view_here() is not None

    def _view_here(self) -> Any:
        view = self.view
        return view if view is not None and view.thread == threading.get_ident() else None

    @property
    def _collections(self) -> dict[Any, list[Any]]:
        view = self._view_here()
        return self.own_collections if view is None else view.collections

    @_collections.setter
    def _collections(self, collections: dict[Any, list[Any]]) -> None:
        self.own_collections = collections

    @property
    def _names_in_use(self) -> dict[str, int]:
        view = self._view_here()
        return self.own_names if view is None or view.names is None else view.names

    @_names_in_use.setter
    def _names_in_use(self, names: dict[str, int]) -> None:
        self.own_names = names

    def control_dependencies(self, control_inputs: Any) -> Any:
        """As `tf.Graph.control_dependencies`; a write in a cond's branch happens outside where the branch is taken.

        Raises:
          ValueError: for anything else that a body made, which only the body can run.
        """
        if control_inputs is not None:
            control_inputs = [self._outside(given) for given in control_inputs]
        return super().control_dependencies(control_inputs)

    def _outside(self, given: Any) -> Any:
        op = getattr(given, "op", given)
        if isinstance(op, tf.Operation) and op.graph is not self and _tf.outermost(op.graph) is self:
            return updating.written_outside(op)
        return given

    def add_to_collection(self, name: Any, value: Any) -> None:
        """As `tf.Graph.add_to_collection`; a regularization loss is the tensor that it was in TF1."""
        super().add_to_collection(name, _tf.made_tensor(value))

    # What Keras makes.

    def _create_op_helper(self, op: tf.Operation, *args: Any, **kwargs: Any) -> None:
        super()._create_op_helper(op, *args, **kwargs)
        self.keras_calls.made(op)
        view = self._view_here()
        if view is not None:
            view.made(op)

    @property
    def _add_control_dependencies(self) -> bool:
        """Whether statements in a cond or loop body count, as under `tf.function`: Keras's do, TF1's do not."""
        return self.keras_calls.is_open

    @_add_control_dependencies.setter
    def _add_control_dependencies(self, value: bool) -> None:
        if value:
            raise NotImplementedError("A TF1 graph runs what is fetched, not every statement.")

    # What is made eagerly and meets the graph.

    def capture(self, tensor: Any, name: str | None = None, shape: Any = None) -> tf.Tensor:
        """The tensor of this graph that stands for an eager tensor or an eager variable's handle."""
        del shape  # TensorFlow's own graphs take it for deferred captures, which are none of these
        if not isinstance(tensor, _tf.EagerTensor):
            return tensor
        with self.as_default(), tf.control_dependencies(None):
            if tensor.dtype in (tf.resource, tf.variant):
                return self.shared.handle(tensor, name)
            return tf.constant(tensor.numpy(), dtype=tensor.dtype, name=name or "Const")

    def watch_variable(self, variable: Any) -> None:
        """TensorFlow says that a variable is read here; an eager one joins the graph's collections."""
        self.shared.watch(variable)

    # Names.

    def get_tensor_by_name(self, name: str) -> tf.Tensor:
        """The tensor called `name`; `v:0` and `v/read:0` are the value of the variable `v`."""
        value = variables.value_by_name(self, name)
        return super().get_tensor_by_name(self._name_here(name)) if value is None else value

    def get_operation_by_name(self, name: str) -> tf.Operation:
        """The operation called `name`."""
        return super().get_operation_by_name(self._name_here(name))

    def as_graph_element(self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True) -> Any:
        """The tensor or operation that an object or a name means."""
        return super().as_graph_element(self._name_here(obj), allow_tensor, allow_operation)

    def _name_here(self, name: Any) -> Any:
        view = self._view_here()
        return name if view is None or view.names is None or not isinstance(name, str) else view.real_name(name)

    # Serialized.

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False, **kwargs: Any) -> Any:
        """The graph as a `GraphDef`, as `tf.Graph.as_graph_def`.

        TF 1.15 can read it where it has the ops: attributes that are newer and change nothing are left out.
        """
        graph_def = super().as_graph_def(from_version, add_shapes, **kwargs)
        leave_out_new_attributes(graph_def)
        return graph_def
