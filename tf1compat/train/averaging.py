"""One update of a moving average: `assign_moving_average`, and `weighted_moving_average` on top of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from . import replica, variables

__all__ = ["assign_moving_average", "debiasing_variables", "decay_at", "weighted_moving_average", "zeros_for"]


def decay_at(decay: Any, num_updates: Any = None) -> tf.Tensor:
    """`decay`, or with `num_updates` `min(decay, (1 + num_updates) / (10 + num_updates))`, which warms up.

    Args:
      decay: A scalar: a number (float32 is made of it), a tensor, a variable, or a callable without
        arguments that returns one of these.
      num_updates: None or a scalar of any number type, or a callable, likewise.
    """
    decay, num_updates = (each() if callable(each) else each for each in (decay, num_updates))
    decay = tf.convert_to_tensor(decay, name="decay")
    if num_updates is None:
        return decay
    num_updates = tf.cast(num_updates, tf.float32, name="num_updates")
    return tf.minimum(decay, (1.0 + num_updates) / (10.0 + num_updates))


@tf.autograph.experimental.do_not_convert
def assign_moving_average(
    variable: Any, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Any:
    """`variable -= (variable - value) * (1 - decay)`, which is `decay * variable + (1 - decay) * value`.

    With `zero_debias`, `variable` is taken for an average that began at 0, and becomes

        biased -= (biased - value) * (1 - decay)
        local_step += 1
        variable = biased / (1 - decay ** local_step)

    where `biased` and `local_step` are variables that begin at 0. In a TF1 graph each call makes its
    own, named after `variable`, within the scopes around (`v/biased`, `v/local_step`, then
    `v/biased_1`…), so that TF1's checkpoints fit. Elsewhere there is one pair for each variable, made at
    the first call and kept with the variable.

    In a replica of `tf.distribute` all replicas' variables are updated by the mean of their values.

    Args:
      variable: A variable of a floating dtype.
      value: A tensor, variable or array of its shape and dtype.
      decay: A scalar number or tensor. `1 - decay` is computed in its own dtype, float32 for a tensor
        made of a number and float64 for a number itself, and then cast to the variable's.
      zero_debias: Whether to divide by what an average from 0 is too small by.
      name: The name of the update.

    Returns:
      In a graph, what updates and then reads the variable when it is run; else the updated variable.

    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, section 3.
    """
    variable, value = replica.whole(variables.unwrapped(variable)), variables.unwrapped(value)
    with tf.compat.v1.name_scope(name, "AssignMovingAvg", [variable, decay]) as scope:
        rate = tf.convert_to_tensor(1.0 - decay, name="decay")
        rate = tf.cast(rate, variable.dtype.base_dtype)
        if not replica.is_distributed():
            return _assign(None, variable, value, rate, zero_debias, scope)
        if tf.distribute.in_cross_replica_context():
            return _assign(tf.distribute.get_strategy(), variable, value, rate, zero_debias)
        return replica.merged(
            lambda strategy, variable, value: _assign(strategy, variable, value, rate, zero_debias), variable, value
        )


def _assign(
    strategy: Any, variable: Any, value: Any, rate: tf.Tensor, zero_debias: bool, name: str | None = None
) -> Any:
    """The update, outside of replicas: of the variable itself, or of its parts on a strategy's devices.

    Parts are updated by operations of their own, so they cannot have the one `name`.
    """
    state = debiasing_variables(variable) if zero_debias else ()

    def update(part: Any, value: Any, *state: Any) -> Any:
        if not state:
            return part.assign_sub((part - value) * rate, name=name)
        biased, local_step = state
        average = tf.convert_to_tensor(biased.assign_sub((biased - value) * rate))
        count = tf.convert_to_tensor(local_step.assign_add(tf.ones([], part.dtype.base_dtype)))
        return part.assign(average / (1 - tf.pow(1.0 - rate, count)), name=name)

    if strategy is None:
        with variables.beside(variable):
            return update(variable, value, *state)
    if isinstance(value, tf.distribute.DistributedValues):
        value = strategy.extended.reduce_to(tf.distribute.ReduceOp.MEAN, value, variable)
    return strategy.extended.update(variable, update, args=(value, *state))


#: Where a variable of TF2 keeps its debiasing variables, which so live as long as it does.
_KEPT = "_tf1compat_debiasing"


def debiasing_variables(variable: Any, make: bool = True) -> tuple[Any, ...]:
    """`biased` and `local_step` of a variable: in a TF1 graph new ones, else those kept with it.

    With `make` false only those kept with it, () where there are none.
    """
    known = getattr(variable, _KEPT, ())
    if known or not make:
        return known
    dtype = variable.dtype.base_dtype
    if variables.in_tf1_graph():
        return _graph_debiasing_variables(variable, dtype)
    name = variables.op_name(variable)
    with tf.init_scope():
        state = (
            variables.make_variable(tf.zeros(variable.shape, dtype), f"{name}/biased", variable),
            variables.make_variable(tf.zeros([], dtype), f"{name}/local_step", variable),
        )
    setattr(variable, _KEPT, state)
    return state


def _graph_debiasing_variables(variable: Any, dtype: tf.DType) -> tuple[Any, ...]:
    colocated = tf.distribute.get_strategy().extended.colocate_vars_with(variable)
    with tf.compat.v1.variable_scope(variables.op_name(variable), values=[variable]) as scope, colocated:
        shapes = {"biased": variable.shape, "local_step": []}
        return tuple(_graph_zeros(_free_name(scope, name), shape, dtype) for name, shape in shapes.items())


def _graph_zeros(name: str, shape: Any, dtype: tf.DType, collections: Sequence[str] | None = None) -> Any:
    return tf.compat.v1.get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=tf.compat.v1.zeros_initializer(),
        trainable=False,
        collections=collections,
        use_resource=True,
    )


def zeros_for(tensor: tf.Tensor, name: str) -> Any:
    """The shadow of a tensor: a variable of zeros of its shape and dtype, on no device in particular.

    Call it in `tf.init_scope()`. In a TF1 graph it is named as TF1's slots, within the scopes around.

    Raises:
      ValueError: outside of a TF1 graph, if the shape is not known. There, it is that of the tensor when
        the variable is initialized.
    """
    if not variables.in_tf1_graph():
        if not tensor.shape.is_fully_defined():
            raise ValueError(f"The average of {tensor.name} needs its shape; only {tensor.shape} of it is known.")
        return tf.Variable(tf.zeros(tensor.shape, tensor.dtype), trainable=False, name=name)
    with tf.compat.v1.variable_scope(None, name) as scope:
        scope.set_partitioner(None)
        if tensor.shape.is_fully_defined():
            return _graph_zeros("", tensor.shape, tensor.dtype)
        zeros = tf.zeros(tf.shape(tensor), tensor.dtype)
        return tf.compat.v1.get_variable(
            "", initializer=zeros, trainable=False, use_resource=True, validate_shape=False
        )


def _free_name(scope: Any, name: str) -> str:
    """`name`, with a number where the scope has such a variable already and does not reuse it."""
    if scope.reuse:
        return name
    taken = {variable.op.name for variable in scope.global_variables()}
    free, number = name, 0
    while f"{scope.name}/{free}" in taken:
        number += 1
        free = f"{name}_{number}"
    return free


@tf.autograph.experimental.do_not_convert
def weighted_moving_average(
    value: Any,
    decay: Any,
    weight: Any,
    truediv: bool = True,
    collections: Sequence[str] | None = None,
    name: str | None = None,
    averages: tuple[Any, Any] | None = None,
) -> Any:
    """The moving average of `value * weight`, divided by that of `weight`; both begin at 0.

    Args:
      value: A tensor.
      decay: As in `assign_moving_average`.
      weight: A tensor of a shape that broadcasts to `value`'s.
      truediv: Whether to divide as Python 3 does; otherwise integers are divided as Python 2 did.
      collections: In a TF1 graph, the collections that list the two variables; GLOBAL_VARIABLES if None.
      name: The name of the variable scope and of the result; `WeightedMovingAvg` if None.
      averages: The two variables, zeros of the shapes of `value * weight` and of `weight`. A TF1 graph
        makes them (`value_x_weight` and `weight` in the scope) where they are not given.

    Returns:
      A tensor. In a graph, running it updates the two averages.

    Raises:
      ValueError: if `averages` is not given outside of a TF1 graph, where nothing else would keep them
        from one call to the next.
    """
    if averages is None and not variables.in_tf1_graph():
        raise ValueError(
            "weighted_moving_average keeps two variables. Outside of a TF1 graph, make them and pass them: "
            "averages=(tf.Variable(tf.zeros_like(value)), tf.Variable(tf.zeros_like(weight)))."
        )
    value, weight = tf.convert_to_tensor(value), tf.convert_to_tensor(weight)
    with tf.compat.v1.variable_scope(name, "WeightedMovingAvg", [value, weight, decay]) as scope:
        if averages is None:
            averages = (
                _graph_zeros("value_x_weight", value.shape, value.dtype, collections),
                _graph_zeros("weight", weight.shape, weight.dtype, collections),
            )
        numerator, denominator = (
            tf.convert_to_tensor(assign_moving_average(average, latest, decay, zero_debias=False))
            for average, latest in zip(averages, (value * weight, weight), strict=True)
        )
        divide = tf.truediv if truediv else tf.compat.v1.div
        return divide(numerator, denominator, name=scope.name)
