"""How one variable is updated: what an optimizer's author defines, and which of it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from . import rows, variables
from .slots import SlotOwner

__all__ = ["Rule"]


class Rule(SlotOwner):
    """The methods that an optimizer defines, each with what it does where it is not defined.

    `_resource_apply_dense` and `_resource_apply_sparse` are the rule. `_apply_dense` and `_apply_sparse`,
    their names for TF1's reference variables, do as well: what the most derived class defines counts,
    and of two in one class the first kind.
    """

    def _create_slots(self, var_list: list[Any]) -> None:
        """Make the slots that these variables need and do not have."""

    def _prepare(self) -> None:
        """Make tensors of the hyperparameters; called once an update, in its name scope."""

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        """What is to be done once all variables are updated; returns one operation of that name."""
        return tf.group(*update_ops, name=name_scope)

    def _resource_apply_dense(self, grad: tf.Tensor, handle: Any) -> Any:
        """Update a variable (`handle`) by a gradient of its shape and dtype; returns the operation."""
        if _overridden(self, "_apply_dense"):
            return self._apply_dense(grad, handle)
        raise _no_rule(self, "dense")

    def _apply_dense(self, grad: tf.Tensor, var: Any) -> Any:
        """Like `_resource_apply_dense`."""
        if _overridden(self, "_resource_apply_dense"):
            return self._resource_apply_dense(grad, var)
        raise _no_rule(self, "dense")

    def _resource_apply_sparse_duplicate_indices(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        """Update rows of a variable (`handle`): `grad` [n, ...], `indices` [n], which may repeat."""
        summed, unique = rows.deduplicate(grad, indices)
        return self._resource_apply_sparse(summed, handle, unique)

    def _resource_apply_sparse(self, grad: tf.Tensor, handle: Any, indices: tf.Tensor) -> Any:
        """Update rows of a variable (`handle`): `grad` [n, ...], `indices` [n], no one twice."""
        if _overridden(self, "_apply_sparse"):
            return self._apply_sparse(tf.IndexedSlices(grad, indices), handle)
        raise _no_rule(self, "sparse")

    def _apply_sparse_duplicate_indices(self, grad: tf.IndexedSlices, var: Any) -> Any:
        """Update rows of a variable by slices whose indices may repeat."""
        values, indices = rows.deduplicate(grad.values, grad.indices)
        return self._apply_sparse(tf.IndexedSlices(values, indices, grad.dense_shape), var)

    def _apply_sparse(self, grad: tf.IndexedSlices, var: Any) -> Any:
        """Update rows of a variable by slices, no index twice."""
        if _overridden(self, "_resource_apply_sparse"):
            return self._resource_apply_sparse(grad.values, var, grad.indices)
        raise _no_rule(self, "sparse")

    # What is called.

    def _update_of(self, variable: Any) -> Callable[[Any, Any], Any]:
        """The function of (TensorFlow's variable, gradient) that updates a variable."""
        constraint = getattr(variable, "constraint", None)

        def update(target: Any, gradient: Any) -> Any:
            with variables.beside(target):
                if isinstance(gradient, tf.IndexedSlices):
                    if constraint is not None:
                        raise RuntimeError("Cannot use a constraint function on a sparse variable.")
                    if self._defines("_apply_sparse", "_apply_sparse_duplicate_indices"):
                        return self._apply_sparse_duplicate_indices(gradient, target)
                    return self._resource_apply_sparse_duplicate_indices(gradient.values, target, gradient.indices)
                dense = self._apply_dense if self._defines("_apply_dense") else self._resource_apply_dense
                done = dense(gradient, target)
                if constraint is None:
                    return done
                with tf.control_dependencies([done] if done is not None else []):
                    return target.assign(constraint(target))

        return update

    def _defines(self, *names: str) -> bool:
        """Whether methods of these names, for reference variables, are more derived than those for resources."""
        for cls in type(self).__mro__:
            if any(f"_resource{name}" in vars(cls) for name in names) or cls is Rule:
                return False
            if any(name in vars(cls) for name in names):
                return True
        return False


def _overridden(rule: Rule, name: str) -> bool:
    return getattr(type(rule), name) is not getattr(Rule, name)


def _no_rule(rule: Rule, kind: str) -> NotImplementedError:
    return NotImplementedError(
        f"{type(rule).__name__} has no rule for {kind} gradients: define _resource_apply_{kind}."
    )
