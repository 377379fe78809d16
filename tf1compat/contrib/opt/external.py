"""Minimizing with somebody else's algorithm, SciPy's: a Session gives it losses and gradients."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

__all__ = ["ExternalOptimizerInterface", "ScipyOptimizerInterface"]

v1 = tf.compat.v1


class ExternalOptimizerInterface:
    """The base: subclasses define `_minimize`, which gets and gives all variables' values in one vector.

    Args:
      loss: what is minimized, a scalar.
      var_list: the variables; all trainable ones without.
      equalities, inequalities: tensors that are to be zero, or not negative.
      var_to_bounds: {variable: (lowest, highest)}, each a number or an array that fits the variable.
      **optimizer_kwargs: for the algorithm.
    """

    def __init__(
        self,
        loss: Any,
        var_list: Sequence[Any] | None = None,
        equalities: Sequence[Any] | None = None,
        inequalities: Sequence[Any] | None = None,
        var_to_bounds: Mapping[Any, tuple[Any, Any]] | None = None,
        **optimizer_kwargs: Any,
    ) -> None:
        self._loss = loss
        self._equalities = list(equalities or [])
        self._inequalities = list(inequalities or [])
        self._vars = v1.trainable_variables() if var_list is None else list(var_list)
        self._packed_bounds = None if var_to_bounds is None else self._bounds(var_to_bounds)
        self._update_placeholders = [v1.placeholder(var.dtype) for var in self._vars]
        self._var_updates = [
            var.assign(tf.reshape(value, _shape(var)))
            for var, value in zip(self._vars, self._update_placeholders, strict=True)
        ]
        self.optimizer_kwargs = optimizer_kwargs
        self._packed_var = _packed(self._vars)
        self._packed_loss_grad = self._gradient(loss)
        self._packed_equality_grads = [self._gradient(each) for each in self._equalities]
        self._packed_inequality_grads = [self._gradient(each) for each in self._inequalities]
        ends = list(itertools.accumulate((math.prod(_shape(var)) for var in self._vars), initial=0))
        self._packing_slices = [slice(start, end) for start, end in itertools.pairwise(ends)]

    def minimize(
        self,
        session: Any = None,
        feed_dict: Mapping[Any, Any] | None = None,
        fetches: Sequence[Any] | None = None,
        step_callback: Callable[..., Any] | None = None,
        loss_callback: Callable[..., Any] | None = None,
        **run_kwargs: Any,
    ) -> None:
        """Minimize the loss, and leave the variables there.

        Args:
          session: the Session, the default one without.
          feed_dict, **run_kwargs: for its runs.
          fetches: what is fetched beside each loss, for `loss_callback(*values)`.
          step_callback: is called with the vector of all variables after each step.
        """
        session = session or v1.get_default_session()
        feeds, beside = dict(feed_dict or {}), list(fetches or [])

        def function(*tensors: Any, callback: Callable[..., Any] | None = None) -> Callable[[Any], list[Any]]:
            def at(x: Any) -> list[Any]:
                values = {
                    var: x[part].reshape(_shape(var))
                    for var, part in zip(self._vars, self._packing_slices, strict=True)
                }
                found = session.run([*tensors, *beside], feed_dict={**values, **feeds})
                if callback is not None:
                    callback(*found[len(tensors) :])
                return found[: len(tensors)]

            return at

        found = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=function(self._loss, self._packed_loss_grad, callback=loss_callback),
            equality_funcs=[function(each) for each in self._equalities],
            equality_grad_funcs=[function(each) for each in self._packed_equality_grads],
            inequality_funcs=[function(each) for each in self._inequalities],
            inequality_grad_funcs=[function(each) for each in self._packed_inequality_grads],
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda x: None),
            optimizer_kwargs=self.optimizer_kwargs,
        )
        values = [found[part] for part in self._packing_slices]
        session.run(
            self._var_updates, feed_dict=dict(zip(self._update_placeholders, values, strict=True)), **run_kwargs
        )

    def _minimize(
        self,
        initial_val: Any,
        loss_grad_func: Any,
        equality_funcs: Any,
        equality_grad_funcs: Any,
        inequality_funcs: Any,
        inequality_grad_funcs: Any,
        packed_bounds: Any,
        step_callback: Any,
        optimizer_kwargs: Any,
    ) -> Any:
        raise NotImplementedError(
            "To use ExternalOptimizerInterface, subclass from it and implement the _minimize() method."
        )

    def _gradient(self, tensor: Any) -> Any:
        gradients = tf.gradients(tensor, self._vars)
        pairs = zip(self._vars, gradients, strict=True)
        return _packed([tf.zeros_like(var) if gradient is None else gradient for var, gradient in pairs])

    def _bounds(self, given: Mapping[Any, tuple[Any, Any]]) -> list[tuple[float, float]]:
        sides: tuple[list[float], list[float]] = ([], [])
        known = {id(var): bounds for var, bounds in given.items()}
        for var in self._vars:
            for side, bound in zip(sides, known.get(id(var), (-np.inf, np.inf)), strict=True):
                side.extend(np.broadcast_to(bound, _shape(var)).flat)
        return list(zip(*sides, strict=True))


def _shape(tensor: Any) -> tuple[int, ...]:
    return tuple(tensor.shape.as_list())


def _packed(tensors: Sequence[Any]) -> Any:
    """All values in one vector; None for none."""
    flat = [tf.reshape(tensor, [-1]) for tensor in tensors]
    return None if not flat else flat[0] if len(flat) == 1 else tf.concat(flat, 0)


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """`scipy.optimize.minimize` for TF1 graphs; `method`, "L-BFGS-B" without, and `options` are its arguments.

    Raises:
      ValueError: for an argument that is set here.
    """

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(
        self,
        initial_val: Any,
        loss_grad_func: Any,
        equality_funcs: Any,
        equality_grad_funcs: Any,
        inequality_funcs: Any,
        inequality_grad_funcs: Any,
        packed_bounds: Any,
        step_callback: Any,
        optimizer_kwargs: Any,
    ) -> Any:
        import scipy.optimize  # type: ignore[import-untyped, import-not-found, unused-ignore]

        def loss_and_gradient(x: Any) -> tuple[Any, Any]:
            loss, gradient = loss_grad_func(x)
            return float(loss), gradient.astype("float64")

        def first(function: Any) -> Any:
            return lambda x: np.asarray(function(x)[0], "float64")

        wanted = dict(optimizer_kwargs)
        constraints = [
            {"type": kind, "fun": first(function), "jac": first(gradient)}
            for kind, functions, gradients in (
                ("eq", equality_funcs, equality_grad_funcs),
                ("ineq", inequality_funcs, inequality_grad_funcs),
            )
            for function, gradient in zip(functions, gradients, strict=True)
        ]
        arguments = {
            "jac": True,
            "callback": step_callback,
            "method": wanted.pop("method", self._DEFAULT_METHOD),
            "constraints": constraints,
            "bounds": packed_bounds,
        }
        for name in wanted:
            if name == "bounds":
                raise ValueError("Bounds must be set using the var_to_bounds argument")
            if name in arguments:
                raise ValueError(
                    f"Optimizer keyword arg '{name}' is set automatically and cannot be injected manually"
                )
        start = np.asarray(initial_val, "float64")
        result = scipy.optimize.minimize(loss_and_gradient, start, **arguments, **wanted)
        says = [f"Message: {result.message}", f"Objective function value: {result.fun:f}"]
        for name, what in (("nit", "iterations"), ("nfev", "functions evaluations")):
            if hasattr(result, name):
                says.append(f"Number of {what}: {result[name]}")
        v1.logging.info("\n".join(["Optimization terminated with:", *(f"  {line}" for line in says)]))
        return result["x"]
