"""Variables as `tf.contrib` makes them, and finding them by scope, name and suffix."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from .arg_scopes import add_arg_scope

__all__ = [
    "VariableDeviceChooser",
    "add_model_variable",
    "assert_or_get_global_step",
    "filter_variables",
    "get_local_variables",
    "get_model_variables",
    "get_trainable_variables",
    "get_unique_variable",
    "get_variable_full_name",
    "get_variables",
    "get_variables_by_name",
    "get_variables_by_suffix",
    "get_variables_to_restore",
    "global_variable",
    "local_variable",
    "model_variable",
    "variable",
]

v1 = tf.compat.v1
Keys = v1.GraphKeys


# --- making --------------------------------------------------------------------------------------


def _kept_in(collection: str, initial_value: Any, validate_shape: bool, name: str | None, use_resource: Any) -> Any:
    return v1.Variable(
        initial_value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        name=name,
        use_resource=use_resource,
    )


def local_variable(
    initial_value: Any, validate_shape: bool = True, name: str | None = None, use_resource: bool | None = None
) -> Any:
    """A variable that is not trained, in `GraphKeys.LOCAL_VARIABLES` alone."""
    return _kept_in(Keys.LOCAL_VARIABLES, initial_value, validate_shape, name, use_resource)


def global_variable(
    initial_value: Any, validate_shape: bool = True, name: str | None = None, use_resource: bool | None = None
) -> Any:
    """A variable that is not trained, in `GraphKeys.GLOBAL_VARIABLES` alone."""
    return _kept_in(Keys.GLOBAL_VARIABLES, initial_value, validate_shape, name, use_resource)


@add_arg_scope
def variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Sequence[str] | None = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: Any = tf.VariableSynchronization.AUTO,
    aggregation: Any = v1.VariableAggregation.NONE,
) -> Any:
    """`tf.get_variable`, on a device.

    device: a device, or a function from an op to one, see `VariableDeviceChooser`.
    """
    getter = v1.get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=v1.get_variable_scope().reuse)
    with v1.device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys([Keys.GLOBAL_VARIABLES] if collections is None else collections)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@add_arg_scope
def model_variable(
    name: str,
    shape: Any = None,
    dtype: Any = tf.float32,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Sequence[str] | None = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: Any = tf.VariableSynchronization.AUTO,
    aggregation: Any = v1.VariableAggregation.NONE,
) -> Any:
    """`variable`, in `GraphKeys.GLOBAL_VARIABLES` and `GraphKeys.MODEL_VARIABLES` beside `collections`."""
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=[*(collections or ()), Keys.GLOBAL_VARIABLES, Keys.MODEL_VARIABLES],
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def add_model_variable(var: Any) -> None:
    """Put a variable into `GraphKeys.MODEL_VARIABLES`, once."""
    if not any(var is other for other in v1.get_collection(Keys.MODEL_VARIABLES)):
        v1.add_to_collection(Keys.MODEL_VARIABLES, var)


class VariableDeviceChooser:
    """A device function for variables: one device, or `num_tasks` parameter servers in turn."""

    def __init__(
        self,
        num_tasks: int = 0,
        job_name: str = "ps",
        device_type: str = "CPU",
        device_index: int | None = 0,
        replica: int | None = None,
    ) -> None:
        self._device = {"device_type": device_type, "device_index": device_index, "replica": replica}
        self._job_name, self._num_tasks, self._next_task_id = job_name, num_tasks, 0

    def __call__(self, op: Any) -> str:
        place = dict(self._device)
        if self._num_tasks > 0:
            place.update(job=self._job_name, task=self._next_task_id)
            self._next_task_id = (self._next_task_id + 1) % self._num_tasks
        return v1.DeviceSpec(**place).to_string()


# --- finding -------------------------------------------------------------------------------------


def get_variables(scope: Any = None, suffix: str | None = None, collection: str = Keys.GLOBAL_VARIABLES) -> list[Any]:
    """The variables of a collection whose names begin with `scope` and end with `suffix`.

    Both are regular expressions; a `VariableScope` stands for its name.
    """
    if isinstance(scope, v1.VariableScope):
        scope = scope.name
    if suffix is not None:
        scope = f"{scope or ''}.*{suffix}{'' if ':' in suffix else ':'}"
    return v1.get_collection(collection, scope)


def get_model_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """`get_variables` among `GraphKeys.MODEL_VARIABLES`."""
    return get_variables(scope, suffix, Keys.MODEL_VARIABLES)


def get_local_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """`get_variables` among `GraphKeys.LOCAL_VARIABLES`."""
    return get_variables(scope, suffix, Keys.LOCAL_VARIABLES)


def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """`get_variables` among `GraphKeys.TRAINABLE_VARIABLES`."""
    return get_variables(scope, suffix, Keys.TRAINABLE_VARIABLES)


def get_variables_by_suffix(suffix: str, scope: Any = None) -> list[Any]:
    """The global variables whose names end with `suffix`."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name: str, scope: Any = None) -> list[Any]:
    """The global variables of that name in whichever scope."""
    return get_variables(scope=scope, suffix=f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name: str) -> Any:
    """The one global variable of that whole name.

    Raises:
      ValueError: if there is none.
    """
    candidates = get_variables(scope=var_op_name)
    for candidate in candidates:
        if candidate.op.name == var_op_name:
            return candidate
    if candidates:
        raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")
    raise ValueError(f"Couldn't find variable {var_op_name}")


def get_variables_to_restore(include: Sequence[str] | None = None, exclude: Sequence[str] | None = None) -> list[Any]:
    """The global variables of the scopes in `include` (all, where None) without those of the scopes in `exclude`."""
    for name, scopes in (("include", include), ("exclude", exclude)):
        if not isinstance(scopes, (list, tuple, type(None))):
            raise TypeError(f"{name} is provided but is not a list or a tuple.")
    included = get_variables() if include is None else [var for scope in include for var in get_variables(scope)]
    excluded = {id(var) for scope in exclude or () for var in get_variables(scope)}
    return [var for var in included if id(var) not in excluded]


def get_variable_full_name(var: Any) -> str:
    """The name that a checkpoint knows a variable by: for a slice the whole variable's."""
    sliced = var._get_save_slice_info()
    return sliced.full_name if sliced else var.op.name


def filter_variables(
    var_list: Sequence[Any],
    include_patterns: Sequence[str] | None = None,
    exclude_patterns: Sequence[str] | None = None,
    reg_search: bool = True,
) -> list[Any]:
    """The variables whose names match any pattern to include (all, where empty) and none to exclude.

    reg_search: a pattern may match anywhere in the name, not at its beginning only.
    """
    matches: Callable[[str, str], Any] = re.search if reg_search else re.match

    def among(patterns: Sequence[str] | None, var: Any) -> bool:
        return any(matches(pattern, var.op.name) for pattern in patterns or ())

    return [
        var
        for var in var_list
        if (not include_patterns or among(include_patterns, var)) and not among(exclude_patterns, var)
    ]


def assert_or_get_global_step(graph: Any = None, global_step_tensor: Any = None) -> Any:
    """`global_step_tensor`, checked to be one, or the graph's own where None."""
    if global_step_tensor is None:
        return v1.train.get_global_step(graph)
    v1.train.assert_global_step(global_step_tensor)
    return global_step_tensor
