"""From a loss to gradients, and what may be updated by them: what an optimizer does before it has a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from .. import _tensorflow as _tf
from . import replica, variables

__all__ = ["as_gradient", "taped", "target_of", "trainable_variables", "updatable"]


def taped(loss: Callable[[], Any], var_list: Any, grad_loss: Any) -> list[tuple[Any, Any]]:
    """(gradient, variable) pairs of what a callable returns; of all variables that it reads by default."""
    found = None if var_list is None else tf.nest.flatten(var_list)
    with tf.GradientTape() as tape:
        for target in map(target_of, found or ()):
            if target.dtype.is_floating or target.dtype.is_complex:
                tape.watch(target)
        value = loss()
    if found is None:
        found = list(tape.watched_variables())
    # In a TF1 graph the loss's own writes come before what its gradients are used for.
    with tf.control_dependencies([value] if tf.is_tensor(value) else []):
        gradients = tape.gradient(value, [target_of(v) for v in found], grad_loss)
    return list(zip(gradients, found, strict=True))


def trainable_variables() -> list[Any]:
    """What a tensor depends on by default: the graph's trainable variables, or those that a function has read."""
    if not variables.in_tf1_graph():
        read = map(replica.whole, _tf.variables_read(tf.compat.v1.get_default_graph()))
        return list({id(v): v for v in read if v.trainable}.values())  # replicas read parts of one whole
    keys = tf.compat.v1.GraphKeys
    return [*tf.compat.v1.trainable_variables(), *tf.compat.v1.get_collection(keys.TRAINABLE_RESOURCE_VARIABLES)]


def target_of(variable: Any) -> Any:
    """What to differentiate by for a variable of any kind, or for a tensor.

    Raises:
      NotImplementedError: for anything else.
    """
    if variables.is_variable(variable):
        return variables.unwrapped(variable)
    if tf.is_tensor(variable) and not isinstance(variable, tf.Variable):
        return variable
    raise NotImplementedError(f"Trying to optimize unsupported type {variable!r}: {_KINDS}")


def updatable(variable: Any) -> Any:
    """TensorFlow's variable behind one of any kind.

    Raises:
      NotImplementedError: for what is no variable, a tensor for example.
    """
    if variables.is_variable(variable):
        return variables.unwrapped(variable)
    if tf.is_tensor(variable) and not isinstance(variable, tf.Variable):
        raise NotImplementedError(f"Trying to update a Tensor {variable!r}")
    raise NotImplementedError(f"Trying to optimize unsupported type {variable!r}: {_KINDS}")


_KINDS = (
    "an optimizer of tf1compat.train updates resource variables (tf.Variable), Keras 3's variables and those of "
    "tf.distribute; of a partitioned variable pass the parts, list(variable)."
)


def as_gradient(gradient: Any) -> Any:
    """A gradient as a tensor or `tf.IndexedSlices`; None stays None.

    Raises:
      TypeError: if it cannot be made one.
    """
    if gradient is None:
        return None
    try:
        converted = tf.compat.v1.convert_to_tensor_or_indexed_slices(gradient)
    except TypeError as error:
        raise TypeError(f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {gradient}") from error
    if not isinstance(converted, (tf.Tensor, tf.IndexedSlices)):
        raise TypeError(f"Gradient must be a Tensor, IndexedSlices, or None: {gradient}")
    return converted
