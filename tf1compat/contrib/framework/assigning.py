"""Values and checkpoints into variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tf1compat.train import Saver

from .variables import get_unique_variable, get_variable_full_name

__all__ = ["assign_from_checkpoint", "assign_from_checkpoint_fn", "assign_from_values", "assign_from_values_fn"]

v1 = tf.compat.v1


def _assignments(values: Sequence[tuple[Any, np.ndarray]]) -> tuple[Any, dict[Any, Any]]:
    """An op that assigns, and what to feed it: the values are no part of the graph."""
    fed, ops = {}, []
    for variable, value in values:
        placeholder = v1.placeholder(variable.dtype.base_dtype, variable.shape, f"placeholder/{variable.op.name}")
        ops.append(variable.assign(placeholder))
        fed[placeholder] = value
    return tf.group(*ops), fed


def assign_from_values(var_names_to_values: Mapping[str, Any]) -> tuple[Any, dict[Any, Any]]:
    """The op, and its feed dictionary, that assign values to the global variables of those names.

    Each value is reshaped to its variable's shape.

    Raises:
      ValueError: naming the variable that is not there.
    """
    pairs = []
    for name, value in var_names_to_values.items():
        found = v1.get_collection(v1.GraphKeys.GLOBAL_VARIABLES, name)
        if not found:
            raise ValueError(f"Variable {name} wasn't found")
        variable = found[0] if len(found) == 1 else get_unique_variable(name)
        pairs.append((variable, np.asarray(value).reshape(variable.shape)))
    return _assignments(pairs)


def assign_from_values_fn(var_names_to_values: Mapping[str, Any]) -> Callable[[Any], Any]:
    """`assign_from_values`, as a function of the Session to assign in."""
    op, fed = assign_from_values(var_names_to_values)
    return lambda session: session.run(op, fed)


def assign_from_checkpoint(
    model_path: str, var_list: Sequence[Any] | Mapping[str, Any], ignore_missing_vars: bool = False
) -> tuple[Any, dict[Any, Any]]:
    """The op, and its feed dictionary, that give variables their values in a checkpoint.

    Args:
      model_path: the checkpoint's prefix, see `tf.train.latest_checkpoint`.
      var_list: the variables, or for names in the checkpoint a variable each, or the list of its slices.
      ignore_missing_vars: what the checkpoint does not have is left as it is, with a warning.

    Raises:
      ValueError: naming what the checkpoint does not have, or has in another shape.
    """
    grouped: dict[str, list[Any]] = {}
    if isinstance(var_list, Mapping):
        for name, value in var_list.items():
            grouped[name] = list(value) if isinstance(value, (list, tuple)) else [value]
    else:
        for variable in var_list:
            grouped.setdefault(get_variable_full_name(variable), []).append(variable)
    reader = v1.train.NewCheckpointReader(model_path)
    pairs = []
    for name, variables in grouped.items():
        if not reader.has_tensor(name):
            if not ignore_missing_vars:
                raise ValueError(f"Checkpoint is missing variable [{name}]")
            v1.logging.warning("Checkpoint is missing variable [%s]", name)
            continue
        value = reader.get_tensor(name)
        for variable in variables:
            part = value
            if sliced := variable._get_save_slice_info():
                places = zip(sliced.var_offset, sliced.var_shape, strict=True)
                part = value[tuple(slice(start, start + size) for start, size in places)]
            if tuple(variable.shape) != np.shape(part):
                raise ValueError(
                    f"Total size of new array must be unchanged for {name} "
                    f"lh_shape: [{np.shape(part)}], rh_shape: [{variable.shape}]"
                )
            pairs.append((variable, part))
    return _assignments(pairs)


def assign_from_checkpoint_fn(
    model_path: str,
    var_list: Sequence[Any] | Mapping[str, Any],
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Callable[[Any], None] | None:
    """A function that restores variables in the Session it is called with; None where there are none to restore.

    Args:
      model_path, var_list, ignore_missing_vars: as of `assign_from_checkpoint`.
      reshape_variables: another shape of as many elements will do.

    Raises:
      ValueError: for an empty `var_list`.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = v1.train.NewCheckpointReader(model_path)
        named = dict(var_list) if isinstance(var_list, Mapping) else {var.op.name: var for var in var_list}
        missing = [name for name in named if not reader.has_tensor(name)]
        for name in missing:
            v1.logging.warning("Variable %s missing in checkpoint %s", name, model_path)
        var_list = {name: var for name, var in named.items() if name not in missing}
    if not var_list:
        v1.logging.warning("No Variables to restore")
        return None
    saver = Saver(var_list, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)
