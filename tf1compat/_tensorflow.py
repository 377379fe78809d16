"""The one module that touches TensorFlow's insides.

Everything else in the package uses public `tf.*`, `tf.compat.v1.*`, `tf.raw_ops.*` and `keras.*`.
What stands here is what has no public door: cutting a function out of a graph, calling it without
Python around it, the stack of default graphs, and the few hooks on TensorFlow's classes, each of
which acts only on tensors and variables that belong to one of our graphs (`is_tf1`).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import function_pb2
from tensorflow.python import pywrap_tfe
from tensorflow.python.client import pywrap_tf_session
from tensorflow.python.client import session as _session
from tensorflow.python.eager import cancellation, context
from tensorflow.python.eager import core as _eager_core
from tensorflow.python.framework import c_api_util, errors_impl, indexed_slices, ops, stack
from tensorflow.python.framework import tensor as _tensor
from tensorflow.python.ops import resource_variable_ops, variables
from tensorflow.python.saved_model import model_utils as model_utils
from tensorflow.python.trackable import base as trackable
from tensorflow.python.training import evaluation as _evaluation

#: What `Saver`, queue runners and friends insist that a session is.
SessionInterface = _session.SessionInterface
EagerTensor = ops.EagerTensor
CancellationManager = cancellation.CancellationManager
#: What a failing kernel raises out of `call`; `status_to_exception` makes a `tf.errors` class of it.
NotOkStatus = _eager_core._NotOkStatusException
status_to_exception = _eager_core._status_to_exception
BaseResourceVariable = resource_variable_ops.BaseResourceVariable

CPU = "/job:localhost/replica:0/task:0/device:CPU:0"


# --- functions: cutting, registering, calling ----------------------------------------------------


def cut_function(
    graph: tf.Graph,
    name: str,
    body: Sequence[tf.Operation],
    inputs: Sequence[tf.Tensor],
    outputs: Sequence[tf.Tensor],
) -> function_pb2.FunctionDef:
    """The `FunctionDef` of the given operations; its nodes stand in the order of `body`."""
    with graph._c_graph.get() as c_graph:
        c_function = pywrap_tf_session.TF_GraphToFunction_wrapper(
            c_graph,
            name,
            False,
            [op._c_op for op in body],
            [t._as_tf_output() for t in inputs],
            [t._as_tf_output() for t in outputs],
            [],
            [],
            [],
            None,
            "",
        )
    try:
        with c_api_util.tf_buffer() as buffer:
            pywrap_tf_session.TF_FunctionToFunctionDef(c_function, buffer)
            data = pywrap_tf_session.TF_GetBuffer(buffer)
    finally:
        pywrap_tf_session.TF_DeleteFunction(c_function)
    definition = function_pb2.FunctionDef()
    definition.ParseFromString(data)
    return definition


def add_function(definition: function_pb2.FunctionDef) -> None:
    """Make a function known to the runtime under its signature's name."""
    context.context().add_function_def(definition)


def has_function(name: str) -> bool:
    return context.context().has_function(name)


def function_definition(name: str) -> function_pb2.FunctionDef:
    """The definition of a function that the runtime knows."""
    return context.context().get_function_def(name)


def remove_function(name: str) -> None:
    ctx = context.context()
    if ctx.has_function(name):
        ctx.remove_function(name)


def graph_function_names(graph: tf.Graph) -> list[str]:
    return [tf.compat.as_str(name) for name in graph._functions]


def graph_function_definition(graph: tf.Graph, name: str) -> function_pb2.FunctionDef:
    """The definition of one function that a graph holds."""
    functions = graph._functions
    function = functions[name] if name in functions else functions[tf.compat.as_bytes(name)]
    definition = getattr(function, "cached_definition", None)
    return function.definition if definition is None else definition


def function_graph(graph: tf.Graph, name: str) -> Any:
    """The graph that one function of a graph was made from, or None where that is gone."""
    functions = graph._functions
    return getattr(functions.get(name) or functions.get(tf.compat.as_bytes(name)), "graph", None)


class FunctionName:
    """What a kernel's function attribute wants: an object that has a `name`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name.encode()


def runtime() -> Any:
    """TensorFlow's eager context, started."""
    ctx = context.context()
    ctx.ensure_initialized()
    return ctx


def runtime_started() -> bool:
    """Whether TensorFlow's runtime runs already (thread counts can then no longer change)."""
    return context.context()._context_handle is not None


#: `fast_call(runtime(), op name, None, *inputs, *attributes)`: a kernel with no Python around it.
fast_call = pywrap_tfe.TFE_Py_FastPathExecute


def call_cancellable(
    op_name: str,
    inputs: list[Any],
    attrs: tuple[Any, ...],
    outputs: int,
    manager: cancellation.CancellationManager,
) -> list[Any]:
    """Like `fast_call`; another thread may end it through `manager.start_cancel()`."""
    return pywrap_tfe.TFE_Py_ExecuteCancelable(
        runtime()._handle, None, op_name, inputs, attrs, manager._impl, outputs
    )


def call_plain(op_name: str, inputs: Sequence[Any], attrs: Sequence[Any], outputs: int) -> list[Any]:
    """Run one operation, or a function by its own name, now."""
    return pywrap_tfe.TFE_Py_Execute(runtime()._handle, None, op_name, list(inputs), tuple(attrs), outputs)


def variable_handles(container: str, names: list[str], kinds: list[tuple[tf.DType, Any]]) -> list[Any]:
    """Handles of many variables of one container, on the CPU, from (dtype, TensorShapeProto) pairs."""
    count = len(names)
    attributes = (
        "containers", [container] * count, "shared_names", names, "N", count,
        "dtypes", [dtype.as_datatype_enum for dtype, _ in kinds],
        "shapes", [tf.TensorShape(shape) for _, shape in kinds],
    )  # fmt: skip
    return pywrap_tfe.TFE_Py_Execute(runtime()._handle, CPU, "_VarHandlesOp", [], attributes, count)


def has_gpu() -> bool:
    return runtime().num_gpus() > 0


@contextlib.contextmanager
def traced_run(run_metadata: Any) -> Iterator[None]:
    """Fill a RunMetadata with what the runtime does meanwhile (timings, costs, partitioned graphs)."""
    ctx = runtime()
    ctx.enable_run_metadata()
    try:
        yield
    finally:
        try:
            run_metadata.MergeFrom(ctx.export_run_metadata())
        finally:
            ctx.disable_run_metadata()


# --- default graphs and modes --------------------------------------------------------------------


def eager_mode() -> contextlib.AbstractContextManager[Any]:
    return context.eager_mode()


def graph_stack() -> list[tf.Graph]:
    """This thread's stack of default graphs."""
    return ops._default_graph_stack.stack


def enter_for_good(graph: tf.Graph) -> None:
    """Make a graph this thread's default with no block to leave.

    `graph.as_default()` would do, but its generator, left open, is closed when the thread's end collects
    it, in whatever state TensorFlow's stacks are by then.
    """
    ops._default_graph_stack.stack.append(graph)
    ctx = context.context()
    ctx.context_switches.push(False, graph.as_default, graph._device_function_stack)
    ctx._thread_local_data.is_eager = False


def leave(graph: tf.Graph) -> None:
    """Undo `enter_for_good` for the graph on top of this thread's stack; the mode stays graph mode."""
    if ops._default_graph_stack.stack.pop() is not graph:
        raise AssertionError("Another graph was entered since.")
    context.context().context_switches.pop()


default_session_stack = stack._default_session_stack


def outermost(graph: Any) -> Any:
    """The graph that a function's graph is (at any depth) inside of."""
    while getattr(graph, "building_function", False):
        graph = graph.outer_graph
    return graph


# --- tensors and variables -----------------------------------------------------------------------


def all_attributes(op: tf.Operation) -> dict[str, Any]:
    """An operation's attributes by name, internal ones left out, as `tf.raw_ops` takes them."""
    return {a.name: op.get_attr(a.name) for a in op.op_def.attr}


def op_index(op: tf.Operation) -> int:
    """The place of an operation in its graph's order of creation, from 0 (`graph.version` is the end)."""
    return op._id - 2  # the C graph's source and sink are nodes 0 and 1


def is_stateful(op: tf.Operation) -> bool:
    return op._is_stateful


def add_control_inputs(op: tf.Operation, others: Sequence[tf.Operation]) -> None:
    op._add_control_inputs(list(others))


def handle_data(tensor: Any) -> Any:
    """The dtype and shape that a resource handle carries, or None."""
    return getattr(tensor, "_handle_data", None)


def set_handle_data(target: Any, dtype: tf.DType, shape: tf.TensorShape) -> None:
    from tensorflow.python.framework import cpp_shape_inference_pb2
    from tensorflow.python.ops import handle_data_util

    data = cpp_shape_inference_pb2.CppShapeInferenceResult.HandleData()
    data.is_set = True
    data.shape_and_type.append(
        cpp_shape_inference_pb2.CppShapeInferenceResult.HandleShapeAndType(
            shape=shape.as_proto(), dtype=dtype.as_datatype_enum
        )
    )
    handle_data_util.set_handle_data(target, data)


def resource_variable_from_proto(
    definition: Any, import_scope: str | None = None
) -> resource_variable_ops.ResourceVariable:
    """A variable object over ops that stand in the default graph already."""
    return resource_variable_ops.ResourceVariable.from_proto(definition, import_scope)


def set_variable_shape(variable: Any, shape: tf.TensorShape) -> None:
    variable._shape = shape


def variable_handle_of(value: Any) -> Any:
    return getattr(value, "_handle", None)


# --- hooks: each acts only where `is_tf1(graph)` --------------------------------------------------

_is_tf1: Callable[[Any], bool] = lambda graph: False  # noqa: E731 - replaced by install_hooks
_hooks_installed = False


def install_hooks(
    is_tf1: Callable[[Any], bool],
    shape_of: Callable[[tf.TensorShape], tf.TensorShape],
    make_session: Callable[..., Any],
    lifted: Callable[[Any], Any],
) -> None:
    """Teach TensorFlow's classes about our graphs, once, when the first of them is made.

    `is_tf1(graph)`: whether a graph is ours or a function inside one of ours.
    `shape_of(shape)`: TF1's view of a static shape (its dimensions have `.value`).
    `make_session(target, graph, config)`: our Session, where TensorFlow's own code (MonitoredSession,
    Supervisor) makes a session for one of our graphs.
    `lifted(tensor)`: what stands, in the graph around it, for a tensor of a body (of a loop, a cond).
    """
    global _is_tf1, _hooks_installed
    if _hooks_installed:
        return
    _hooks_installed = True
    _is_tf1 = is_tf1

    eager_to_tensor = EagerTensor.__tf_tensor__

    def __tf_tensor__(self: Any, dtype: Any = None, name: str | None = None) -> Any:
        if not context.executing_eagerly():
            graph = ops.get_default_graph()
            if not graph.building_function and is_tf1(graph):
                return graph.capture(self, name=name)
        return eager_to_tensor(self, dtype, name)

    for cls in (EagerTensor, ops._EagerTensorBase):
        cls.__tf_tensor__ = __tf_tensor__

    plain_safe_op = variables._safe_initial_value_from_op

    def safe_op(name: str, op: Any, op_cache: Any) -> Any:
        # TensorFlow guards initial values that come of other variables by TF1's ops for those alone.
        if is_tf1(op.graph):
            if op.type == "VarHandleOp":
                return op
            if op.type == "ReadVariableOp" and not op.control_inputs:
                value = variables._find_initialized_value_for_variable(op.inputs[0].op)
                return op if value is None else value.op
        return plain_safe_op(name, op, op_cache)

    variables._safe_initial_value_from_op = safe_op

    plain_to_tensor = _tensor.Tensor.__tf_tensor__

    def to_tensor(self: Any, dtype: Any = None, name: str | None = None) -> Any:
        if not isinstance(self, EagerTensor) and self.graph.building_function:
            if not ops.get_default_graph().building_function and is_tf1(self.graph):
                self = lifted(self)
        return plain_to_tensor(self, dtype, name)

    _tensor.Tensor.__tf_tensor__ = to_tensor

    plain_graph_from_inputs = ops._get_graph_from_inputs

    def graph_from_inputs(op_input_list: Any, graph: Any = None) -> Any:
        current = ops.get_default_graph()
        if graph is None and not current.building_function and is_tf1(current):
            # What a body made does not decide where an op outside of the body is built.
            op_input_list = [
                lifted(i) if isinstance(i, ops.SymbolicTensor) and i.graph.building_function else i
                for i in op_input_list
                if not (isinstance(i, ops.Operation) and getattr(i.graph, "building_function", False))
            ]
        return plain_graph_from_inputs(op_input_list, graph)

    ops._get_graph_from_inputs = graph_from_inputs

    plain_shape = _tensor.Tensor.shape

    def shape(self: Any) -> tf.TensorShape:
        static = plain_shape.fget(self)
        if type(static) is tf.TensorShape and is_tf1(getattr(self, "graph", None)):
            self._shape_val = static = shape_of(static)
        return static

    _tensor.Tensor.shape = property(shape, doc=plain_shape.__doc__)

    plain_hash, plain_eq = variables.Variable.__hash__, variables.Variable.__eq__
    plain_ne = variables.Variable.__ne__

    def ours(variable: Any) -> bool:
        return is_tf1(getattr(getattr(variable, "_handle", None), "graph", None))

    def __hash__(self: Any) -> int:
        return id(self) if ours(self) else plain_hash(self)

    def __eq__(self: Any, other: Any) -> Any:
        return self is other if ours(self) else plain_eq(self, other)

    def __ne__(self: Any, other: Any) -> Any:
        return self is not other if ours(self) else plain_ne(self, other)

    variables.Variable.__hash__ = __hash__
    variables.Variable.__eq__ = __eq__
    variables.Variable.__ne__ = __ne__

    plain_bool = BaseResourceVariable.__bool__
    plain_initialized_value = BaseResourceVariable.initialized_value

    def __bool__(self: Any) -> bool:
        return True if ours(self) else plain_bool(self)  # `if variable:` asked TF1 whether there is one

    def initialized_value(self: Any) -> Any:
        """The variable's value, or its initial value where it has none yet."""
        if not ours(self):
            return plain_initialized_value(self)
        with tf.init_scope():
            is_initialized = tf.compat.v1.is_variable_initialized(self)
            return tf.cond(is_initialized, self.read_value, lambda: self.initial_value)

    plain_count_up_to = BaseResourceVariable.count_up_to

    def count_up_to(self: Any, limit: Any) -> Any:
        if not ours(self):
            return plain_count_up_to(self, limit)
        return tf.raw_ops.ResourceCountUpTo(resource=self.handle, limit=limit, T=self.dtype, name="CountUpTo")

    BaseResourceVariable.count_up_to = count_up_to
    BaseResourceVariable.__bool__ = BaseResourceVariable.__nonzero__ = __bool__
    BaseResourceVariable.initialized_value = initialized_value

    from tensorflow.python.ops import control_flow_v2_func_graphs

    make_body = control_flow_v2_func_graphs.ControlFlowFuncGraph.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        make_body(self, *args, **kwargs)
        if is_tf1(self):  # TF1's names: what a body makes stands in the scope of its cond or loop
            self._name_stack = self.outer_graph._name_stack

    control_flow_v2_func_graphs.ControlFlowFuncGraph.__init__ = __init__

    from tensorflow.python.ops import while_v2

    build_while = while_v2._build_while_op
    signature = inspect.signature(build_while)

    def build_while_in_order(*args: Any, **kwargs: Any) -> Any:
        """What an iteration writes, the next one reads, whichever executor runs them: one after another."""
        given = signature.bind(*args, **kwargs).arguments
        body = given["body_graph"]
        if is_tf1(body) and any(op._is_stateful for op in body.get_operations()):
            given["parallel_iterations"] = 1
        return build_while(**given)

    while_v2._build_while_op = build_while_in_order

    from tensorflow.python.training import session_manager

    class _Sessions:
        """Stands for the session module where TensorFlow's session managers make their sessions."""

        def __getattr__(self, name: str) -> Any:
            return getattr(_session, name)

        @staticmethod
        def Session(target: str = "", graph: Any = None, config: Any = None) -> Any:  # noqa: N802
            graph = ops.get_default_graph() if graph is None else graph
            if is_tf1(graph):
                return make_session(target, graph=graph, config=config)
            return _session.Session(target, graph=graph, config=config)

    session_manager.session = _Sessions()

    from tensorflow.python.training import coordinator

    make_looper, run_looper = coordinator.LooperThread.__init__, coordinator.LooperThread.run

    def looper_init(self: Any, *args: Any, **kwargs: Any) -> None:
        make_looper(self, *args, **kwargs)
        here = None if context.executing_eagerly() else ops.get_default_graph()
        self._tf1_graph = here if here is not None and is_tf1(here) else None

    def looper_run(self: Any) -> None:
        # A new thread is eager, and a Supervisor's services look at that.
        with contextlib.nullcontext() if self._tf1_graph is None else self._tf1_graph.as_default():
            run_looper(self)

    coordinator.LooperThread.__init__, coordinator.LooperThread.run = looper_init, looper_run


def private_module(name: str) -> Any:
    """One of TensorFlow's own modules by its dotted name, for scripts that import `tensorflow.python.…`."""
    return importlib.import_module(name)


def around_device_start(around: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
    """Enter `around()` where TensorFlow looks for its devices and starts its runtime, each once.

    For the command line, which keeps off the screen what TensorFlow logs meanwhile.
    """
    eager = context.context()
    for name in ("_initialize_physical_devices", "ensure_initialized"):
        plain = getattr(eager, name)

        def surrounded(*args: Any, _plain: Any = plain, _name: str = name, **kwargs: Any) -> Any:
            vars(eager).pop(_name, None)  # the class's own method shows again
            with around():
                return _plain(*args, **kwargs)

        setattr(eager, name, surrounded)


#: What fetching an `IndexedSlices` gave, and still gives; it has no public name.
IndexedSlicesValue = indexed_slices.IndexedSlicesValue
#: What using a tensor marked as not fetchable raises (a ValueError); it has no public name either.
InaccessibleTensorError = errors_impl.InaccessibleTensorError


def op_definition(op_type: str) -> Any:
    """The `OpDef` of a kind of op, or None where the process knows none of that name."""
    from tensorflow.python.framework import op_def_registry

    return op_def_registry.get(op_type)


def read_meta_graph(path: str) -> Any:
    """The `MetaGraphDef` in a file, binary or text; IOError where it is none."""
    from tensorflow.python.framework import meta_graph

    return meta_graph.read_meta_graph_file(path)


def saved_model_loader(export_dir: str, translate: Callable[[Any], Any]) -> Any:
    """TF1's loader of a SavedModel, which imports `translate(meta graph)` instead of the graph it finds."""
    from tensorflow.python.saved_model import loader_impl

    class Loader(loader_impl.SavedModelLoader):
        def get_meta_graph_def_from_tags(self, tags: Any) -> Any:
            return translate(super().get_meta_graph_def_from_tags(tags))

    return Loader(export_dir)


def graph_being_built() -> Any:
    """The TF1 graph that this thread's ops now go to, at once or through a cond or loop body; else None.

    None, too, while `tf.function` traces: its function outlives the graph around it.
    """
    from tensorflow.python.ops import control_flow_v2_func_graphs

    if context.executing_eagerly():
        return None
    graph = ops.get_default_graph()
    while isinstance(graph, control_flow_v2_func_graphs.ControlFlowFuncGraph):
        graph = graph.outer_graph
    return graph if _is_tf1(graph) and not graph.building_function else None


def install_variable_hooks(value_in_session: Callable[[Any], Any]) -> None:
    """Let eager variables be written in our graphs, and `numpy()` find values that a Session holds.

    `value_in_session(variable)`: the value of a graph's variable now, or an error that says what lacks.
    """
    cls = resource_variable_ops.BaseResourceVariable
    plain_numpy = cls.numpy

    def handle(self: Any) -> Any:
        own = self._handle
        if isinstance(own, EagerTensor):
            graph = graph_being_built()
            if graph is not None:
                return graph.shared.watch(self).handle
        return own

    def numpy(self: Any) -> Any:
        own = self._handle
        if isinstance(own, EagerTensor):
            if graph_being_built() is not None:
                with context.eager_mode():
                    return plain_numpy(self)
        elif _is_tf1(own.graph) and not own.graph.building_function:
            return value_in_session(self)
        return plain_numpy(self)

    plain_eval = cls.eval

    def eval(self: Any, *args: Any, feed_dict: Any = None, **kwargs: Any) -> Any:  # noqa: A001 - TensorFlow's name
        """Also as the tensor that `assign` returned in TF1, with what to feed."""
        if args and isinstance(args[0], dict):
            feed_dict, args = args[0], args[1:]
        if feed_dict is None or not _is_tf1(self._handle.graph):
            return plain_eval(self, *args, **kwargs)
        return self._graph_element.eval(feed_dict, *args, **kwargs)

    cls.handle = property(handle, doc=cls.handle.__doc__)
    cls.numpy = numpy
    cls.eval = eval


def count_keras_names(counts: Callable[[], dict[str, int] | None]) -> None:
    """Number Keras's automatic names (`dense`, `dense_1`) by `counts()` where that is not None."""
    from keras.src.utils import naming

    plain = naming.uniquify

    def uniquify(name: str) -> str:
        known = counts()
        if known is None:
            return plain(name)
        number = known[name] = known.get(name, -1) + 1
        return f"{name}_{number}" if number else name

    naming.uniquify = uniquify


def session_conversion(value: Any) -> tuple[Any, Any, Any] | None:
    """How TensorFlow's own types are fetched, fed, and fed in parts, where they told its Session; or None."""
    for known, *functions in _session._REGISTERED_EXPANSIONS:
        if known is not object and isinstance(value, known):
            return functions[0], functions[1], functions[2]
    return None


def let_tensor_arrays_have_handles() -> None:
    """Make the gradients of TF1's TensorArray ops, which an imported loop holds, work in our graphs.

    Those ops have a handle, and TensorFlow 2 makes each TensorArray without one.
    """
    from tensorflow.python.ops import tensor_array_ops

    of_tf2, of_tf1 = tensor_array_ops._GraphTensorArrayV2, tensor_array_ops._GraphTensorArray
    if "__new__" in vars(of_tf2):
        return
    plain = tensor_array_ops.build_ta_with_new_flow

    def with_new_flow(old: Any, flow: Any) -> Any:
        array = getattr(old, "_implementation", old)
        if not (isinstance(array, of_tf1) and is_tf1_tensor(array.handle)):
            return plain(old, flow)
        new = tensor_array_ops.TensorArray(array.dtype, handle=array.handle, flow=flow)
        for name in ("_infer_shape", "_element_shape", "_size", "_colocate_with", "_colocate_with_first_write_call"):
            setattr(new._implementation, name, getattr(array, name))
        return new

    tensor_array_ops.build_ta_with_new_flow = with_new_flow

    def __new__(cls: type, *args: Any, **kwargs: Any) -> Any:
        if is_tf1_tensor(kwargs.get("handle")):
            return of_tf1(*args, **kwargs)  # of another class, so that `__init__` does not follow
        return object.__new__(cls)

    of_tf2.__new__ = __new__


def is_tf1_tensor(value: Any) -> bool:
    """Whether a value is a tensor of one of our graphs."""
    return isinstance(value, _tensor.Tensor) and not isinstance(value, EagerTensor) and _is_tf1(value.graph)


def runs_statements(body: Any) -> bool:
    """Whether what writes in a function body runs, in order, though no output needs it: `tf.function`'s way."""
    return body._add_control_dependencies


@contextlib.contextmanager
def running_statements(body: Any) -> Iterator[None]:
    """Bodies that are made inside this one meanwhile run their statements."""
    body._add_control_dependencies = True
    try:
        yield
    finally:
        body._add_control_dependencies = False


def clear_kernels() -> None:
    """Let go of all kernels that eager execution keeps, which are made again where they are needed.

    Does nothing where TensorFlow's library is not found under its usual name. Its Python door to the
    function is no use: it keeps other threads from running Python, which a kernel that ends may wait for.
    """
    for name in ("libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib"):
        path = os.path.join(tf.sysconfig.get_lib(), name)
        if os.path.exists(path):
            pointer = ctypes.pythonapi.PyCapsule_GetPointer
            pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
            handle = pointer(runtime()._handle, None)
            ctypes.CDLL(path).TFE_ContextClearCaches(ctypes.c_void_p(handle))
            return



def in_keras_call() -> bool:
    """Whether this thread builds a part of a TF1 graph by calling a Keras layer: code that was written for TF2."""
    graph = graph_being_built()
    return graph is not None and graph.keras_calls.is_inside


def install_equality() -> None:
    """`==` of our graphs' tensors compares values where Keras's or a layer's code asks, identity elsewhere."""

    def in_keras(graph: Any) -> bool:
        if not _is_tf1(graph) or graph.building_function:
            return False
        asking = sys._getframe(2).f_globals.get("__name__", "").partition(".")[0]
        return asking == "keras" or (graph.keras_calls.is_inside and asking not in ("tensorflow", "tf1compat"))

    for cls, graph_of in (
        (_tensor.Tensor, lambda tensor: tensor.graph),
        (variables.Variable, lambda variable: getattr(getattr(variable, "_handle", None), "graph", None)),
    ):

        def equal(self: Any, other: Any, _plain: Any = cls.__eq__, _graph_of: Any = graph_of) -> Any:
            if isinstance(self, EagerTensor) or not in_keras(_graph_of(self)) or other is None:
                return _plain(self, other)
            return tf.equal(self, other)

        def not_equal(self: Any, other: Any, _plain: Any = cls.__ne__, _graph_of: Any = graph_of) -> Any:
            if isinstance(self, EagerTensor) or not in_keras(_graph_of(self)) or other is None:
                return _plain(self, other)
            return tf.not_equal(self, other)

        cls.__eq__, cls.__ne__ = equal, not_equal


def share_functions(source: Any, target: Any) -> None:
    """Let a graph call the functions that another one holds."""
    for function in list(source._functions.values()):
        target._add_function_recursive(function)


def set_attribute(op: tf.Operation, name: str, value: str) -> None:
    """Change a string attribute of an operation that stands in a graph."""
    op._set_attr(name, tf.compat.v1.AttrValue(s=value.encode()))


def set_string_list(op: tf.Operation, name: str, values: Sequence[str]) -> None:
    """Give an operation an attribute of its own that holds strings."""
    value = tf.compat.v1.AttrValue()
    value.list.s.extend(tf.compat.as_bytes(one) for one in values)
    op._set_attr(name, value)


def string_list(op: tf.Operation, name: str) -> list[str]:
    """The strings of such an attribute; none where the operation has it not."""
    try:
        return [tf.compat.as_str(one) for one in op.get_attr(name)]
    except ValueError:
        return []


@contextlib.contextmanager
def profiled() -> Iterator[list[Any]]:
    """Profile what runs in the block; the list that is given gets one `Trace` when the block ends well."""
    from tensorflow.python.profiler.internal import _pywrap_profiler
    from tensorflow.tsl.profiler.protobuf import trace_events_pb2

    traces: list[Any] = []
    profiler = _pywrap_profiler.ProfilerSession()
    profiler.start("", {"host_tracer_level": 2, "python_tracer_level": 0})
    data = b""
    try:
        yield traces
    finally:
        data = profiler.stop()
    traces.append(trace_events_pb2.Trace.FromString(data))


# --- what tf1compat.train needs ------------------------------------------------------------------

from tensorflow.python.ops import control_flow_util as _control_flow_util  # noqa: E402
from tensorflow.python.trackable import base as _trackable_base  # noqa: E402

#: What `tf.train.Checkpoint` saves, without the tracking of attributes that `tf.Module` adds.
Trackable = _trackable_base.Trackable
#: `CheckpointedValue(position)`: an initial value that a checkpoint holds.
CheckpointedValue = _trackable_base.CheckpointInitialValueCallable


def compiled_by_xla() -> bool:
    """Whether the ops that are made now are compiled by XLA: inside a `tf.function(jit_compile=True)`."""
    return not context.executing_eagerly() and _control_flow_util.GraphOrParentsInXlaContext(ops.get_default_graph())


def variables_read(function: Any) -> list[Any]:
    """The variables that the graph of a `tf.function` has read so far, in that order."""
    return list(getattr(function, "_watched_variables", ()))


def slice_info(variable: Any) -> Any:
    """Which part of a partitioned variable this is (a `SaveSliceInfo`), or None."""
    return getattr(variable, "_save_slice_info", None)


def set_slice_info(variable: Any, info: Any) -> None:
    variable._set_save_slice_info(info)


# --- what tf1compat.v1.testing needs -------------------------------------------------------------


from tensorflow.python.framework import random_seed as _random_seed  # noqa: E402

#: The graph's seed in tests.
DEFAULT_GRAPH_SEED: int = _random_seed.DEFAULT_GRAPH_SEED


@contextlib.contextmanager
def graph_stack_kept() -> Iterator[None]:
    """Put this thread's stack of default graphs back at the end of the block, whatever cleared it."""
    stack_ = ops._default_graph_stack
    entered = list(stack_.stack)
    try:
        yield
    finally:
        stack_.stack[:] = entered


def leave_all(base: tf.Graph) -> None:
    """Leave this graph and all that this thread entered since, however that was; the mode stays graph mode."""
    switches = context.context().context_switches.stack
    for place, switch in enumerate(switches):
        if getattr(switch.enter_context_fn, "__self__", None) is base:
            del switches[place:]
            break
    entered = ops._default_graph_stack.stack
    if base in entered:
        del entered[entered.index(base) :]


def asserting_no_garbage(run: Callable[..., Any]) -> Callable[..., Any]:
    """`run`, failing where it leaves reference cycles or tensors behind."""
    from tensorflow.python.framework import test_util

    return test_util.assert_no_new_tensors(test_util.assert_no_garbage_created(run))


def asserting_no_new_objects(run: Callable[..., Any]) -> Callable[..., Any]:
    """`run`, called several times, failing where Python objects or graph state grow with each."""
    from tensorflow.python.framework import test_util

    return test_util.assert_no_new_pyobjects_executing_eagerly()(run)


# --- what steps without placeholders need ---------------------------------------------------------

from tensorflow.python.ops import variable_scope as _variable_scope  # noqa: E402

#: The collections in which `tf.get_variable` and `tf.variable_scope` keep what they know of a graph.
VARIABLE_STORES = (_variable_scope._VARSTORE_KEY, _variable_scope._VARSCOPESTORE_KEY)


def copied_variable_stores(collections: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
    """Copies of what this thread's variable scopes know, outside of any scope, to put into other collections."""
    variables_key, scopes_key = VARIABLE_STORES
    copies: dict[Any, list[Any]] = {}
    for known in collections.get(variables_key, ()):
        store = _variable_scope._VariableStore()
        store._vars.update(known._vars)
        store._partitioned_vars.update(known._partitioned_vars)
        copies[variables_key] = [store]
    for known in collections.get(scopes_key, ()):
        scopes = _variable_scope._VariableScopeStore()
        scopes.variable_scopes_count.update(known.variable_scopes_count)
        if not known.current_scope.name:
            scopes.current_scope = known.current_scope
        copies[scopes_key] = [scopes]
    return copies


def merge_variable_stores(source: dict[Any, list[Any]], target: dict[Any, list[Any]]) -> None:
    """Tell the variable scopes of one graph's collections what those of others have come to know."""
    variables_key, scopes_key = VARIABLE_STORES
    for new, old in zip(source.get(variables_key, ()), target.setdefault(variables_key, []) or [None], strict=False):
        if old is None:
            target[variables_key].append(new)
            continue
        for name, variable in new._vars.items():
            old._vars.setdefault(name, variable)
        for name, variable in new._partitioned_vars.items():
            old._partitioned_vars.setdefault(name, variable)
    for new, old in zip(source.get(scopes_key, ()), target.setdefault(scopes_key, []) or [None], strict=False):
        if old is None:
            target[scopes_key].append(new)
            continue
        for name, count in new.variable_scopes_count.items():
            old.variable_scopes_count[name] = max(count, old.variable_scopes_count.get(name, 0))


# --- layers --------------------------------------------------------------------------------------

PartitionedVariable = variables.PartitionedVariable


def control_outputs(op: tf.Operation) -> list[tf.Operation]:
    """The operations that wait for this one."""
    return op._control_outputs


def track(parent: Any, name: str, child: Any) -> None:
    """Let `tf.train.Checkpoint` find what an object holds, under a name; restores it where that is due."""
    if isinstance(child, trackable.Trackable):
        parent._track_trackable(child, name, overwrite=True)


#: The shape of an eager tensor as a tuple; its `shape` takes five times as long.
shape_of_eager = EagerTensor._shape_tuple


def collective_workers() -> int:
    """How many processes take part in a MultiWorkerMirroredStrategy of this one; 0 where it made none."""
    server = context.context()._collective_ops_server_def
    return 0 if server is None else sum(len(job.tasks) for job in server.cluster.job if job.name in ("worker", "chief"))


class SessionVariable(resource_variable_ops.BaseResourceVariable):
    """A TF2 variable over the handle of one that a Session owns.

    `check()` raises where the Session is closed; `uninitialized()` is the error for reading what has no value.
    """

    def __init__(self, handle: Any, name: str, like: Any, check: Callable[[], None], uninitialized: Any) -> None:
        self._check, self._uninitialized = check, uninitialized
        super().__init__(
            handle=handle, handle_name=name, unique_id=f"{name}_{id(self)}", in_graph_mode=False, dtype=like.dtype,
            shape=tf.TensorShape(like.shape.as_list() if like.shape.rank is not None else None),
            trainable=like.trainable, synchronization=like.synchronization, aggregation=like.aggregation,
        )  # fmt: skip

    @property
    def handle(self) -> Any:
        self._check()
        return BaseResourceVariable.handle.fget(self)

    @contextlib.contextmanager
    def _saying_what_lacks(self) -> Iterator[None]:
        self._check()
        try:
            yield
        except (tf.errors.FailedPreconditionError, tf.errors.NotFoundError):
            raise self._uninitialized() from None

    def _serialize_to_tensors(self) -> Any:
        def checked(read: Any) -> Callable[[], Any]:
            def value() -> Any:
                found = read.tensor
                if found is None:
                    raise self._uninitialized()  # a checkpoint would leave it out without a word
                return found

            return value

        tensors = super()._serialize_to_tensors()
        return {key: type(read)(checked(read), read.dtype, read.device) for key, read in tensors.items()}


def _saying_what_lacks(name: str) -> Callable[..., Any]:
    plain = getattr(BaseResourceVariable, name)

    @functools.wraps(plain)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        with self._saying_what_lacks():
            return plain(self, *args, **kwargs)

    return method


for _name in (
    "_read_variable_op", "assign_add", "assign_sub", "batch_scatter_update", "gather_nd", "scatter_add", "scatter_div",
    "scatter_max", "scatter_min", "scatter_mul", "scatter_nd_add", "scatter_nd_max", "scatter_nd_min", "scatter_nd_sub",
    "scatter_nd_update", "scatter_sub", "scatter_update", "sparse_read",
):  # fmt: skip
    setattr(SessionVariable, _name, _saying_what_lacks(_name))


# --- what tf.estimator stood on, and TensorFlow keeps inside ---

#: evaluate_once(checkpoint_path, scaffold=, eval_ops=, final_ops=, hooks=, config=): final ops after all evaluations.
evaluate_once = _evaluation._evaluate_once
#: The hook that stops after `num_evals` runs.
stop_after_n_evals_hook = _evaluation._StopAfterNEvalsHook
#: The graph's count of evaluations, a local variable.
get_or_create_eval_step = _evaluation._get_or_create_eval_step


@functools.cache
def has_kernel(op_type: str, device_type: str) -> bool:
    """Whether TensorFlow has a kernel of this op for "CPU" or "GPU"."""
    from tensorflow.python.framework import kernels

    return any(k.device_type == device_type for k in kernels.get_registered_kernels_for_op(op_type).kernel)


def replace_file_writer(writer: Any) -> Any:
    """Have TensorFlow's own hooks and its `FileWriterCache` make `writer`s; returns what they made before."""
    from tensorflow.python.summary.writer import writer as writers
    from tensorflow.python.summary.writer import writer_cache

    before = writers.FileWriter
    writers.FileWriter = writer_cache.FileWriter = writer
    return before


# --- what tf.metrics is made of ---

from tensorflow.python.ops import metrics_impl as _metrics_impl  # noqa: E402
from tensorflow.python.ops import weights_broadcast_ops as _weights_broadcast_ops  # noqa: E402

#: (predictions, labels, weights) of one rank, as metrics want them.
metric_inputs = _metrics_impl._remove_squeezable_dimensions
#: metric_variable(shape, dtype, validate_shape=, name=): zeros, among the local and the metric variables.
metric_variable = _metrics_impl.metric_variable
#: `average_precision_at_k` of the classes already chosen.
average_precision_at_top_k = _metrics_impl._streaming_sparse_average_precision_at_top_k
#: ({what: variable}, {what: update}) of true and false positives and negatives at thresholds.
counts_at_thresholds = _metrics_impl._confusion_matrix_at_thresholds
#: Weights in the shape of the values, with the check that they fit.
broadcast_weights = _weights_broadcast_ops.broadcast_weights


def variable_over(handle: Any) -> Any:
    """A variable of a graph over a handle that stands there."""
    name, dtype = handle.op.name, handle.op.get_attr("dtype")
    return resource_variable_ops.BaseResourceVariable(
        handle=handle, handle_name=name, unique_id=name, in_graph_mode=True, dtype=dtype,
        shape=tf.TensorShape(handle.op.get_attr("shape")), trainable=False,
        synchronization=tf.VariableSynchronization.AUTO, aggregation=tf.VariableAggregation.NONE,
    )  # fmt: skip


def go_by_the_identity_of(stand_in: Any, variable: Any) -> None:
    """Keras's optimizers, which know variables by it, take the one for the other."""
    stand_in._unique_id = variable._unique_id


# --- tables, as tf.contrib.lookup and tf.contrib.eager show them ---

from tensorflow.python.ops import lookup_ops as lookup_ops  # noqa: E402


def has_summary_writer() -> bool:
    """Whether a writer of TensorFlow 2's summaries is entered here."""
    from tensorflow.python.ops import summary_ops_v2

    return summary_ops_v2._summary_state.writer is not None


def import_event(tensor: Any, name: str | None = None) -> Any:
    """Write a serialized `tf.Event` with that writer."""
    from tensorflow.python.ops import summary_ops_v2

    return summary_ops_v2.import_event(tensor, name=name)


# --- what tf1compat.comparing needs ---


def replace_get_seed(make: Any) -> Any:
    """Have random ops ask `make(get_seed)` for their two seeds from now on; returns what undoes it."""
    plain = _random_seed.get_seed
    _random_seed.get_seed = make(plain)
    return lambda: setattr(_random_seed, "get_seed", plain)


# --- what get_variable puts in collections ---


def made_tensor(value: Any) -> Any:
    """The tensor of a regularization loss that TensorFlow would compute again where it is used; all else as it is."""
    from tensorflow.python.ops import variable_scope

    if isinstance(value, variable_scope._LazyEvalTensor):
        return value._master_tensor
    return value
