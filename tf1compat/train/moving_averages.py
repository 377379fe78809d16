"""Exponential moving averages of variables and tensors, as TensorFlow 1.15.5 computed them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from .. import _tensorflow as _tf
from . import replica, variables
from .averaging import assign_moving_average, debiasing_variables, decay_at, zeros_for
from .swapping import Swapper

__all__ = ["ExponentialMovingAverage"]

_DTYPES = (tf.bfloat16, tf.float16, tf.float32, tf.float64)


class _Average(NamedTuple):
    #: The variable; None for a tensor, which must not keep its function's graph alive.
    of: Any
    shadow: Any
    name: str


class ExponentialMovingAverage:
    """Keeps a shadow of each of many variables, which follows it slowly:

        shadow -= (shadow - variable) * (1 - decay)

    A shadow begins at its variable's initial value. With `num_updates` the decay is
    `min(decay, (1 + num_updates) / (10 + num_updates))`, so that the shadow follows faster at first.

    In a TF1 graph, `apply` makes the shadows and returns the operation that updates them, which is run
    after each step:

        with tf.control_dependencies([train_step]):
            train_step = ema.apply()

    In TF2, make the shadows before training, update them after each step, and evaluate with them:

        ema = ExponentialMovingAverage(0.999)
        ema.build(model.trainable_variables)
        ...
        ema.apply()  # eagerly, in a tf.function, or in a replica of tf.distribute
        ...
        with ema.swapped():
            model.evaluate(x, y)

    Tensors have averages, too, in TF1 graphs and inside `tf.function`: they begin at 0, and with
    `zero_debias` are divided by what that makes them too small by (see `assign_moving_average`). A tensor
    inside a function is known by the names of the function and of its operation, which it has again when
    the function is traced again.

    Args:
      decay: A scalar below 1, such as 0.999: a number (float32 is made of it), a tensor, a variable, or a
        callable without arguments that returns one of these.
      num_updates: None or how many steps were made: a number, tensor, variable or callable, likewise.
      zero_debias: Whether to divide averages of tensors; those of variables begin at the right place.
      name: The name of the update and of the shadows, which are called `variable/name`.

    Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992; the
    recurrence is TensorFlow 1.15.5's.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, _Average] = {}
        self._swapper = Swapper()

    @property
    def name(self) -> str:
        """The name of the update and of the shadows."""
        return self._name

    @tf.autograph.experimental.do_not_convert
    def build(self, var_list: Iterable[Any]) -> None:
        """Make the shadows of variables, at the variables' values (in a TF1 graph, their initial values).

        Variables that have one already keep it. `apply` makes what is missing, but outside of a TF1 graph
        a shadow that it makes begins at the value the variable then has: that after the first step.

        Raises:
          TypeError: for what is no variable of dtype bfloat16, float16, float32 or float64.
        """
        for var in _checked(var_list):
            if not variables.is_variable(var):
                raise TypeError(f"build takes variables; averages of tensors begin with apply. It got {var!r}.")
            self._add(_whole(var), _name_of(var))

    @tf.autograph.experimental.do_not_convert
    def apply(self, var_list: Sequence[Any] | None = None) -> Any:
        """Update the averages of variables and tensors, and make those that are missing.

        In a TF1 graph the shadows are in GLOBAL_VARIABLES and not trainable, and the variables they are
        of (not tensors) join MOVING_AVERAGE_VARIABLES.

        Args:
          var_list: Variables, and in graphs tensors. If None, in a TF1 graph all trainable variables, else
            all that have an average.

        Returns:
          The operation that updates; None eagerly, where the averages are updated.

        Raises:
          TypeError: for eager tensors, and for other dtypes than bfloat16, float16, float32 or float64.
          ValueError: if `var_list` is None in TF2's modes and nothing has an average yet.
        """
        checked = _checked(self._default_variables() if var_list is None else var_list)
        wholes, names = [_whole(var) for var in checked], [_name_of(var) for var in checked]
        if replica.is_distributed() and not tf.distribute.in_cross_replica_context():
            return replica.merged(lambda strategy, *merged: self._apply(merged, names), *wholes)
        with _strategy_of(wholes):
            return self._apply(wholes, names)

    def _apply(self, var_list: Sequence[Any], names: Sequence[str]) -> Any:
        known = set(self._averages)
        averages = [self._add(var, name) for var, name in zip(var_list, names, strict=True)]
        with tf.compat.v1.name_scope(self.name) as scope:
            decay = decay_at(self._decay, self._num_updates)
            updates = []
            for var, shadow in zip(var_list, averages, strict=True):
                # In a graph TF1 debiases in the first update that is made, and in no other.
                first = not variables.in_tf1_graph() or _key(var) not in known
                debias = self._zero_debias and first and not variables.is_variable(var)
                updates.append(assign_moving_average(shadow, var, decay, debias))
            return tf.group(*updates, name=scope)

    def _default_variables(self) -> list[Any]:
        if variables.in_tf1_graph():
            return tf.compat.v1.trainable_variables()
        known = [variable for variable, _ in self._pairs()]
        if not known:
            raise ValueError("There are no averages to update yet: call build(variables), or pass var_list.")
        return known

    def _add(self, var: Any, name: str) -> Any:
        """The shadow of a variable or tensor, made where there is none."""
        key = _key(var)
        if key not in self._averages:
            with _strategy_of([var]), tf.init_scope():
                if variables.is_variable(var):
                    shadow = variables.make_slot(var, variables.initial_value_of(var), self.name)
                    if variables.in_tf1_graph():
                        tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.MOVING_AVERAGE_VARIABLES, var)
                else:
                    shadow = zeros_for(_first(var), f"{name}/{self.name}")
            own_name = variables.op_name(shadow) if variables.in_tf1_graph() else f"{name}/{self.name}"
            self._averages[key] = _Average(var if variables.is_variable(var) else None, shadow, own_name)
        return self._averages[key].shadow

    # Finding the shadows.

    def average(self, var: Any) -> Any:
        """The shadow of a variable or tensor, a variable; None where there is none.

        In a replica of `tf.distribute`, given a replica's part of a variable, that part of the shadow.
        """
        if not isinstance(var, tf.Tensor) and not variables.is_variable(var):
            return None
        whole = _whole(var)
        known = self._averages.get(_key(whole))
        if known is None:
            return None
        part = variables.unwrapped(var)
        is_part = variables.is_variable(var) and part is not whole
        return replica.part_beside(known.shadow, part) if is_part else known.shadow

    def average_name(self, var: Any) -> str:
        """The name under which checkpoints hold the average of a variable or tensor, made or not."""
        known = self._averages.get(_key(_whole(var)))
        if known is not None:
            return known.name
        name = f"{_name_of(var)}/{self.name}"
        if not variables.in_tf1_graph():
            return name
        return tf.compat.v1.get_default_graph().unique_name(name, mark_as_used=False)

    def variables(self) -> list[Any]:
        """The variables kept here for the current graph, or for TF2's modes: for a `tf.train.Checkpoint`."""
        graph = variables.tf1_graph()
        shadows = [known.shadow for known in self._averages.values() if variables.graph_of(known.shadow) is graph]
        return [kept for shadow in shadows for kept in (shadow, *debiasing_variables(shadow, make=False))]

    def variables_to_restore(self, moving_avg_variables: Iterable[Any] | None = None) -> dict[str, Any]:
        """What a `Saver` takes to read averages into the variables they are of.

        Args:
          moving_avg_variables: Those to read from their averages. If None, in a TF1 graph the trainable
            ones and those in MOVING_AVERAGE_VARIABLES, else all that have averages here.

        Returns:
          Names to variables: `average_name(v)` for those, and in a TF1 graph every other global variable
          under its own name.
        """
        in_graph = variables.in_tf1_graph()
        if moving_avg_variables is None:
            moving_avg_variables = [variable for variable, _ in self._pairs()]
            if in_graph:
                moving_avg_variables = tf.compat.v1.trainable_variables() + tf.compat.v1.moving_average_variables()
        averaged = {_key(_whole(var)): var for var in moving_avg_variables}
        names = {self.average_name(var): var for var in averaged.values()}
        own_names = {_name_of(var) for var in averaged.values()}
        for var in tf.compat.v1.global_variables() if in_graph else ():
            if var.op.name not in own_names:
                names.setdefault(var.op.name, var)
        return names

    @tf.autograph.experimental.do_not_convert
    def swapped(self) -> contextlib.AbstractContextManager[None]:
        """A block in which the variables hold their averages: to evaluate or save a model with them.

            with ema.swapped():
                model.evaluate(x, y)

        After the block, also when it raised, the variables hold what they held before it. It works eagerly
        (under `tf.distribute`, outside of replicas), inside one `tf.function`, and in a TF1 graph for the
        default Session.

        Raises:
          RuntimeError: in a TF1 graph without a default Session.
        """
        return self._swapper.swapped(self._pairs())

    def _pairs(self) -> list[tuple[Any, Any]]:
        """The variables of the current graph, or of TF2's modes, with their shadows."""
        graph = variables.tf1_graph()
        known = [each for each in self._averages.values() if each.of is not None]
        return [(each.of, each.shadow) for each in known if variables.graph_of(each.shadow) is graph]


def _checked(var_list: Iterable[Any]) -> list[Any]:
    checked = list(var_list)
    for var in checked:
        if isinstance(var, _tf.EagerTensor):
            raise TypeError(
                "tf.train.ExponentialMovingAverage does not support non-Variable tensors when eager execution is "
                "enabled."
            )
        if not isinstance(var, tf.Tensor) and not variables.is_variable(var):
            raise TypeError(f"Averages are kept of variables and tensors, not of {var!r}.")
        if tf.as_dtype(var.dtype).base_dtype not in _DTYPES:
            raise TypeError(f"The variables must be half, float, or double: {var.name}")
    return checked


def _whole(var: Any) -> Any:
    """The TensorFlow variable of a variable, with all its parts; a tensor itself."""
    return replica.whole(variables.unwrapped(var)) if variables.is_variable(var) else var


def _first(tensor: Any) -> tf.Tensor:
    """The first replica's, of a tensor that replicas have brought together."""
    return tf.distribute.get_strategy().experimental_local_results(tensor)[0]


def _name_of(var: Any) -> str:
    if variables.is_keras_variable(var) and not variables.in_tf1_graph():
        return var.path
    return variables.op_name(variables.unwrapped(var))


def _key(var: Any) -> Any:
    """What stays the same of a variable, or of a tensor when a function is traced again or by a replica."""
    if variables.is_variable(var):
        return variables.key_of(var)
    tensor = _first(var)
    if isinstance(tensor, _tf.EagerTensor):
        return None
    graph = tensor.graph if tensor.graph is variables.tf1_graph() else tensor.graph.name
    return graph, re.sub(r"\breplica_\d+/", "", tensor.name)


def _strategy_of(var_list: Sequence[Any]) -> contextlib.AbstractContextManager[Any]:
    """The scope of the strategy that distributed variables belong to, where it is not in force."""
    distributed = [var for var in var_list if isinstance(var, tf.distribute.DistributedValues)]
    if not distributed or replica.is_distributed():
        return contextlib.nullcontext()
    return distributed[0].distribute_strategy.scope()
