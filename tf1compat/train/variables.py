"""The one module that knows a variable in every mode.

A variable here is one of a TF1 graph, an eager `tf.Variable` (used eagerly, inside `tf.function`, or
inside a TF1 graph, which shares it), a Keras 3 variable, or a variable that `tf.distribute` keeps on
several devices. The rest of `tf1compat.train` asks the functions here and never looks itself.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf

__all__ = [
    "beside",
    "graph_of",
    "in_tf1_graph",
    "increment",
    "initial_value_of",
    "is_keras_variable",
    "is_schedule",
    "is_variable",
    "key_of",
    "make_slot",
    "make_variable",
    "op_name",
    "tf1_graph",
    "unwrapped",
]


def in_tf1_graph() -> bool:
    """Whether variables made now belong to a graph, as all of TF1's; False eagerly and in `tf.function`."""
    return not tf.compat.v1.executing_eagerly_outside_functions()


def tf1_graph() -> tf.Graph | None:
    """The graph that variables made now belong to, or None in TF2's modes."""
    if not in_tf1_graph():
        return None
    graph = tf.compat.v1.get_default_graph()
    if not graph.building_function:
        return graph
    with tf.init_scope():
        return tf.compat.v1.get_default_graph()


def unwrapped(variable: Any) -> Any:
    """The TensorFlow variable behind a variable of any kind.

    It is Keras's own inside a `keras.Variable`, and for an eager variable in a TF1 graph the one by
    which the graph shares it. Anything else is returned as it is.

    Raises:
      ValueError: for a Keras variable that has not been built.
    """
    if is_keras_variable(variable):
        value = variable._value  # `.value` would be a cast tensor inside an autocast scope
        if value is None:
            raise ValueError(f"The Keras variable {variable.path!r} has no value yet: build the layer before.")
        variable = value
    if tf.executing_eagerly() or not isinstance(_tf.variable_handle_of(variable), _tf.EagerTensor):
        return variable  # nearly always: what follows is for eager variables in graphs
    if isinstance(variable, tf.distribute.DistributedValues):
        return variable
    with tf.init_scope():
        graph = _tf.graph_being_built()
        return variable if graph is None else graph.shared.watch(variable)


def is_variable(value: Any) -> bool:
    """Whether a value is a variable of any kind that this package updates (references of TF1 are none)."""
    return (
        isinstance(value, _tf.BaseResourceVariable)
        or is_keras_variable(value)
        or (isinstance(value, tf.distribute.DistributedValues) and isinstance(value, tf.Variable))
    )


def is_keras_variable(value: Any) -> bool:
    """Whether a value is a variable of Keras; where nothing has loaded Keras it is none, and Keras stays unloaded."""
    return _is_of_keras(value, "Variable")


def is_schedule(value: Any) -> bool:
    """Whether a value is a learning rate schedule of Keras, in the same way."""
    return _is_of_keras(value, "optimizers.schedules.LearningRateSchedule")


def _is_of_keras(value: Any, name: str) -> bool:
    found: Any = sys.modules.get("keras")
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is not None and isinstance(value, found)


def graph_of(variable: Any) -> tf.Graph | None:
    """The graph that a variable belongs to; None for one of TF2."""
    handle = _tf.variable_handle_of(variable)
    if handle is None or isinstance(handle, _tf.EagerTensor):
        return None
    return handle.graph


def key_of(variable: Any) -> Any:
    """What a dict keeps a variable's slots under: equal for two objects that stand for one variable."""
    variable = unwrapped(variable)
    graph = None if isinstance(variable, tf.distribute.DistributedValues) else graph_of(variable)
    return variable.ref() if graph is None else (graph, variable.op.name)


def op_name(variable: Any) -> str:
    """A variable's name without the `:0`."""
    return variable.name.partition(":")[0] if graph_of(variable) is None else variable.op.name


@contextlib.contextmanager
def beside(variable: Any) -> Any:
    """Ops made inside go to the variable's device, in a TF1 graph by TF1's colocation.

    TensorFlow 2 places what takes a variable's handle there by itself.
    """
    if graph_of(variable) is None:
        yield
    else:
        with tf.compat.v1.get_default_graph().colocate_with(variable.op):
            yield


def increment(variable: Any, name: str | None = None) -> Any:
    """Add 1. Returns the operation, named `name` in a graph; None eagerly.

    Raises:
      TypeError: if it is no variable.
    """
    variable = unwrapped(variable)
    if tf.is_tensor(variable) and not is_variable(variable) and hasattr(variable, "assign_add"):
        # what `graph.get_tensor_by_name("global_step:0")` gives, and `tf.train.get_global_step` of such a graph
        return variable.assign_add(tf.ones([], variable.dtype), name=name, read_value=False)
    if not is_variable(variable):
        raise TypeError(f"global_step must be a variable, to be incremented; it is {variable!r}.")
    if isinstance(variable, tf.distribute.DistributedValues):
        return variable.assign_add(tf.ones([], variable.dtype))
    with beside(variable):
        return tf.raw_ops.AssignAddVariableOp(
            resource=variable.handle, value=tf.ones([], variable.dtype.base_dtype), name=name
        )


def initial_value_of(variable: Any) -> tf.Tensor:
    """The value that a variable begins with, in a graph even before it is initialized; its value in TF2."""
    return tf.convert_to_tensor(variable) if graph_of(variable) is None else variable.initialized_value()


def make_variable(initial_value: Any, name: str, primary: Any) -> Any:
    """A variable that is not trained, on `primary`'s device; in a TF1 graph in GLOBAL_VARIABLES.

    Call it in `tf.init_scope()`. In a TF1 graph it is named as TF1 named it, within the scopes around.
    """
    with tf.distribute.get_strategy().extended.colocate_vars_with(primary):
        if in_tf1_graph():
            return tf.compat.v1.Variable(initial_value, trainable=False, name=name, use_resource=True)
        return tf.Variable(initial_value, trainable=False, name=name)


def make_slot(
    primary: Any,
    initial_value: Any,
    name: str,
    shape: tf.TensorShape | None = None,
    dtype: tf.DType | None = None,
) -> Any:
    """A variable that belongs to another one: `primary`'s name, a slash, `name`.

    Args:
      primary: The variable whose slot it is.
      initial_value: A tensor, or a callable: of `shape` and `dtype` where a shape is given, else of nothing.
      name: The slot's own name. In a TF1 graph a number is added where the name is taken (`w/Adam_1`).
      shape: What to call the initializer with.
      dtype: Likewise.

    Returns:
      The variable: in a TF1 graph one of the graph, in GLOBAL_VARIABLES, beside its primary and saved
      as the same slice of a partitioned variable; else a `tf.Variable`, under a strategy a distributed
      one.
    """
    full_name = f"{op_name(primary)}/{name}"
    with tf.distribute.get_strategy().extended.colocate_vars_with(primary):
        if not in_tf1_graph():
            return tf.Variable(_called(initial_value, shape, dtype), trainable=False, name=full_name, dtype=dtype)
        with tf.compat.v1.variable_scope(None, full_name) as scope:
            scope.set_partitioner(None)  # the primary is one part already
            static = shape if callable(initial_value) else initial_value.shape
            slot = tf.compat.v1.get_variable(
                "",
                initializer=initial_value,
                trainable=False,
                use_resource=True,
                shape=shape if callable(initial_value) else None,
                dtype=dtype if callable(initial_value) else None,
                validate_shape=static is not None and static.is_fully_defined(),
            )
    _save_as_slice(slot, primary)
    return slot


def _called(initial_value: Any, shape: tf.TensorShape | None, dtype: tf.DType | None) -> Any | Callable[[], Any]:
    if callable(initial_value) and shape is not None:
        return lambda: initial_value(shape, dtype=dtype)
    return initial_value


def _save_as_slice(slot: Any, primary: Any) -> None:
    """Slots of one part of a partitioned variable are parts, too."""
    part = _tf.slice_info(primary)
    if part is None:
        return
    own_name = op_name(slot)[len(op_name(primary)) + 1 :]
    _tf.set_slice_info(
        slot,
        tf.compat.v1.Variable.SaveSliceInfo(
            f"{part.full_name}/{own_name}", part.full_shape[:], part.var_offset[:], part.var_shape[:]
        ),
    )
