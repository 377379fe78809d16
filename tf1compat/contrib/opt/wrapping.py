"""Optimizers around another one: averages of its variables, limits of their norms, gradients left out."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat.train import ExponentialMovingAverage, Optimizer, Saver

__all__ = [
    "MovingAverageOptimizer",
    "MultitaskOptimizerWrapper",
    "VariableClippingOptimizer",
    "clip_gradients_by_global_norm",
]

v1 = tf.compat.v1


class MovingAverageOptimizer(Optimizer):
    """Keeps an exponential moving average of each variable that another optimizer trains, and can save it in place.

        opt = tf.contrib.opt.MovingAverageOptimizer(tf.train.AdamOptimizer(0.001))
        train_op = opt.minimize(loss)
        saver = opt.swapping_saver()  # what it saves under a variable's name is its average

    Args:
      opt: the optimizer.
      average_decay, num_updates: as of `tf.train.ExponentialMovingAverage`.
      sequential_update: whether the averages follow after the step; else at the same time, in any order.
    """

    def __init__(
        self, opt: Any, average_decay: float = 0.9999, num_updates: Any = None, sequential_update: bool = True
    ) -> None:
        super().__init__(False, "MovingAverage")
        self._optimizer = opt
        self._ema = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._swapped_variable_name_map: dict[str, str] | None = None
        self._sequential_update = sequential_update

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(  # type: ignore[override]
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        grads_and_vars = list(grads_and_vars)
        train_op = self._optimizer.apply_gradients(grads_and_vars, global_step=global_step, name=name)
        trained = [variable for gradient, variable in grads_and_vars if gradient is not None]
        with tf.control_dependencies([train_op] if self._sequential_update and train_op is not None else []):
            averaging = self._ema.apply(trained)
        self._swapped_variable_name_map = {}
        for variable in trained:
            names = variable.op.name, self._ema.average(variable).op.name
            self._swapped_variable_name_map.update([names, names[::-1]])
        return tf.group(train_op, averaging, name="train_with_avg")

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self) -> list[str]:
        return self._optimizer.get_slot_names()

    def variables(self) -> list[Any]:
        return self._optimizer.variables()

    def swapping_saver(self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any) -> Saver:
        """A Saver that saves averages under their variables' names, and the other way round.

        It is for saving while training; a plain Saver then restores the averages to evaluate with.

        Args:
          var_list: the variables, a list or {name: variable}; all global ones without.
          **kwargs: further arguments of `tf.train.Saver`.

        Raises:
          RuntimeError: before `apply_gradients` or `minimize`.
          ValueError: if a variable is to be saved and its average is not.
        """
        swapped = self._swapped_variable_name_map
        if swapped is None:
            raise RuntimeError("Must call apply_gradients or minimize before creating the swapping_saver")
        saved = _by_name(v1.global_variables() if var_list is None else var_list)
        known = {
            (key if one is whole else one.op.name): one
            for key, whole in saved.items()
            for one in (whole if isinstance(whole, list) else [whole])
        }

        def other(name: str, variable: Any) -> Any:
            if name not in swapped:
                return variable
            if swapped[name] not in known:
                raise ValueError(
                    f"Variable to swap {swapped[name]} is not part of variables to save. "
                    "This breaks MovingAverageOptimizer."
                )
            return known[swapped[name]]

        exchanged = {
            key: [other(part.op.name, part) for part in whole] if isinstance(whole, list) else other(key, whole)
            for key, whole in saved.items()
        }
        return Saver(exchanged, name=name, **kwargs)


def _by_name(variables: Any) -> dict[str, Any]:
    """{name: variable, or the list of its parts}."""
    if isinstance(variables, Mapping):
        return dict(variables)
    found: dict[str, Any] = {}
    for variable in variables:
        part = getattr(variable, "_save_slice_info", None)
        if part is None:
            found[variable.op.name] = variable
        else:
            found.setdefault(part.full_name, []).append(variable)
    return found


class VariableClippingOptimizer(Optimizer):
    """Limits the norm of variables after each step of another optimizer.

    Args:
      opt: the optimizer.
      vars_to_clip_dims: {variable: the axes along which its norm is taken}.
      max_norm: the largest norm.
      use_locking, name: as of all optimizers.
      colocate_clip_ops_with_vars: whether the norm is computed on the variable's device.
    """

    def __init__(
        self,
        opt: Any,
        vars_to_clip_dims: Mapping[Any, Sequence[int]],
        max_norm: float,
        use_locking: bool = False,
        colocate_clip_ops_with_vars: bool = False,
        name: str = "VariableClipping",
    ) -> None:
        super().__init__(use_locking, name)
        self._opt = opt
        self._vars_to_clip_dims = {id(variable): list(axes) for variable, axes in vars_to_clip_dims.items()}
        self._kept = list(vars_to_clip_dims)  # an id is a variable's as long as it lives
        self._max_norm = max_norm
        self._colocate = colocate_clip_ops_with_vars

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self) -> list[str]:
        return self._opt.get_slot_names()

    def apply_gradients(  # type: ignore[override]
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        grads_and_vars = list(grads_and_vars)
        with v1.name_scope(name, self._name) as scope:
            updated = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            clipped = []
            with tf.control_dependencies([updated]):
                for gradient, variable in grads_and_vars:
                    if gradient is not None and id(variable) in self._vars_to_clip_dims:
                        with tf.name_scope(f"clip_{variable.op.name}"):
                            clipped.append(self._clip(gradient, variable))
            return tf.group(updated, *clipped, name=scope)

    def _clip(self, gradient: Any, variable: Any) -> Any:
        axes = self._vars_to_clip_dims[id(variable)]
        by_rows = isinstance(gradient, tf.IndexedSlices) and 0 not in axes
        with v1.colocate_with(variable) if self._colocate else contextlib.nullcontext():
            values = tf.gather(variable, gradient.indices) if by_rows else variable.read_value()
            excess = values - tf.clip_by_norm(values, self._max_norm, axes)
        if by_rows:
            return variable.scatter_sub(tf.IndexedSlices(excess, gradient.indices, gradient.dense_shape))
        return variable.assign_sub(excess)


# --- gradients of several tasks ------------------------------------------------------------------


def _all_zeros(gradient: Any) -> tf.Tensor:
    return tf.equal(tf.math.count_nonzero(gradient), 0)


class MultitaskOptimizerWrapper:
    """Makes an optimizer leave variables and slots as they are where the gradient is all zeros.

    That is for several tasks trained in turns: momentum and the like of the others' variables go on moving otherwise.
    The optimizer itself is changed, and stands behind all attributes.
    """

    def __init__(self, opt: Any) -> None:
        if not isinstance(opt, (Optimizer, v1.train.Optimizer)):
            raise TypeError("Supplied optimizer must be an instance of tf.train.Optimizer")
        self._opt = opt
        for name in ("_apply_dense", "_resource_apply_dense", "_apply_sparse", "_resource_apply_sparse"):
            if hasattr(opt, name):
                setattr(opt, name, types.MethodType(_unless_zero(getattr(opt, name)), opt))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opt, name)


def _unless_zero(apply: Any) -> Any:
    def applied(self: Any, gradient: Any, *args: Any, **kwargs: Any) -> Any:
        def then() -> Any:
            with tf.control_dependencies([apply(gradient, *args, **kwargs)]):
                return tf.no_op()

        return v1.cond(_all_zeros(gradient), tf.no_op, then)

    return applied


def clip_gradients_by_global_norm(gradients_variables: Any, clip_norm: float = 20.0) -> tuple[list[Any], tf.Tensor]:
    """([(clipped gradient, variable)], the norm of all gradients that are not all zeros).

    Args:
      gradients_variables: (gradient, variable) pairs.
      clip_norm: the largest norm of all together.
    """
    gradients, variables = zip(*gradients_variables, strict=True)
    nonzero = [
        gradient
        if gradient is None
        else v1.cond(_all_zeros(gradient), lambda g=gradient: tf.zeros([], g.dtype), lambda g=gradient: g)
        for gradient in gradients
    ]
    norm = tf.linalg.global_norm(nonzero)
    clipped, _ = tf.clip_by_global_norm(gradients, clip_norm, use_norm=norm)
    return list(zip(clipped, variables, strict=True)), norm
