"""The base of TF1's optimizers: from a loss to gradients, and from gradients to an update."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import tensorflow as tf

from . import gradients, replica, rows, shares, variables
from .rule import Rule

__all__ = ["Optimizer"]

_deduplicate_indexed_slices = rows.deduplicate  # by this name scripts' own optimizers import it
_var_key = variables.key_of

Gradients = list[tuple[Any, Any]]


class Optimizer(Rule):
    """What all optimizers of TF1 have in common; make one of its subclasses.

    One optimizer works in four modes, with TensorFlow's variables and with Keras 3's:

    * In a TF1 graph, `minimize(loss)` returns an operation, and each `Session.run` of it is a step.
    * Eagerly, `minimize(loss)` takes a step at once; `loss` is a callable without arguments.
    * Inside `tf.function`, with `jit_compile=True` too, a step is part of the function; `loss` is a
      tensor or a callable.
    * Inside `strategy.run` of `tf.distribute`, the replicas' gradients are added up, and each replica
      applies the sum. A loss that is a mean over a replica's examples must be divided by the number of
      replicas, `strategy.num_replicas_in_sync`. To clip gradients, see `reduce_gradients`.

    A hyperparameter is a number, a tensor, a variable, a callable without arguments that returns one of
    these, or a `keras.optimizers.schedules.LearningRateSchedule`. A schedule is called with `global_step`
    where `apply_gradients` is given one, otherwise with the number of steps this optimizer has taken,
    which it then keeps in a variable named `iterations`. Python numbers become float32 and then what the
    gradient is, as in TF1: 0.1 for a float64 variable is float32's 0.1.

    Subclasses define what `Rule` lists.

    Args:
      use_locking: Whether the kernels hold a lock on the variable while they update it.
      name: The name scope of the update; also the name of the slots.

    Raises:
      ValueError: if the name is empty.
    """

    #: Values of `gate_gradients`: gradients may be used as soon as they are there, ...
    GATE_NONE = 0
    #: ... once all of the same operation are, ...
    GATE_OP = 1
    #: ... or once all are.
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        super().__init__()
        self._use_locking = use_locking
        self._name = name
        self._step: Any = None  # what schedules are called with, while an update is made
        self._first_variable: Any = None

    def get_name(self) -> str:
        return self._name

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Any:
        """`compute_gradients`, then `apply_gradients`; the arguments are theirs.

        Returns:
          The operation that takes a step; None eagerly, where the step has been taken.

        Raises:
          ValueError: if the loss depends on none of the variables.
        """
        pairs = self.compute_gradients(
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(gradient is None for gradient, _ in pairs):
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not support gradients, "
                f"between variables {[str(v) for _, v in pairs]} and loss {loss}."
            )
        return self.apply_gradients(pairs, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> Gradients:
        """The gradients of a loss.

        Args:
          loss: A floating tensor, or a callable that returns one (eagerly it must be a callable). Several
            values count as their sum.
          var_list: The variables (or tensors, to see their gradients), in any nest. By default the graph's
            trainable variables; in `tf.function` and with a callable, those that the loss has read.
          gate_gradients: GATE_NONE, GATE_OP or GATE_GRAPH.
          aggregation_method: One of `tf.AggregationMethod`.
          colocate_gradients_with_ops: Whether gradients go to the device of the operation they are of.
          grad_loss: The gradient of something by the loss, in the loss's shape; ones by default.

          A callable's gradients come of a `tf.GradientTape`, which does not use the three arguments
          before `grad_loss`: they change where and when gradients are computed, not what they are.

        Returns:
          (gradient, variable) pairs; a gradient is a tensor of the variable's shape and dtype, a
          `tf.IndexedSlices`, or None where the loss does not depend on the variable. In a replica of
          `tf.distribute` it is that replica's share: see `reduce_gradients`.

        Raises:
          RuntimeError: if executing eagerly and the loss is no callable; under a strategy, for a tensor
            outside of its replicas.
          ValueError: if there are no variables, or `gate_gradients` is none of the three, or the loss or
            a variable is not floating.
        """
        if callable(loss):
            pairs = gradients.taped(loss, var_list, grad_loss)
            shares.known_shares([gradient for gradient, _ in pairs])
            return pairs
        if tf.executing_eagerly():
            raise RuntimeError(
                "`loss` passed to Optimizer.compute_gradients should be a function when eager execution is enabled."
            )
        if replica.is_distributed():
            replica.check_inside()
        if gate_gradients not in (Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH.  "
                f"Not {gate_gradients}"
            )
        self._assert_valid_dtypes([loss] if grad_loss is None else [loss, grad_loss])
        found = gradients.trainable_variables() if var_list is None else tf.nest.flatten(var_list)
        targets = [gradients.target_of(v) for v in found]
        if not targets:
            raise ValueError("No variables to optimize.")
        computed = tf.compat.v1.gradients(
            loss,
            targets,
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == Optimizer.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == Optimizer.GATE_GRAPH:
            computed = tf.compat.v1.tuple(computed)
        reached = [v for g, v in zip(computed, targets, strict=True) if g is not None]
        self._assert_valid_dtypes([v for v in reached if v.dtype != tf.resource])
        return list(zip(shares.known_shares(computed), found, strict=True))

    @tf.autograph.experimental.do_not_convert
    def apply_gradients(
        self,
        grads_and_vars: Iterable[tuple[Any, Any]],
        global_step: Any = None,
        name: str | None = None,
        *,
        reduced: bool = False,
    ) -> Any:
        """Update variables.

        Args:
          grads_and_vars: (gradient, variable) pairs as `compute_gradients` returns them. Pairs without
            gradient are left out. Rows that occur several times in a `tf.IndexedSlices` are added up.
          global_step: A variable to increment by one once the others have been updated.
          name: The operation's name; the optimizer's by default.
          reduced: Whether the gradients are the sums of all replicas' already, the same in each replica, as
            `reduce_gradients` makes them; else they are added up here. Outside of replicas nothing is.

        Returns:
          The operation, in a TF1 graph also in the TRAIN_OP collection; None eagerly.

        Raises:
          TypeError: if a gradient is none of tensor, IndexedSlices and None.
          ValueError: if there are no pairs, or none with a gradient.
          NotImplementedError: if what is to be updated is no variable, or there is no rule for its gradient.
          RuntimeError: if a variable with a constraint has a sparse gradient; under a strategy, if not
            called in a replica, or if `reduced` is not what the gradients are known for.
        """
        pairs = [(gradients.as_gradient(g), v) for g, v in tuple(grads_and_vars)]
        if not pairs:
            raise ValueError("No variables provided.")
        given = [(g, v) for g, v in pairs if g is not None]
        if not given:
            raise ValueError(f"No gradients provided for any variable: {[str(v) for _, v in pairs]}.")
        if replica.is_distributed():
            replica.check_one_device_is_compiled_for()
            if reduced:
                shares.check_sums("apply_gradients(..., reduced=True)", [g for g, _ in given])
            else:
                shares.check_shares("apply_gradients", [g for g, _ in given])

            def apply(strategy: Any, merged: Any) -> Any:
                pairs = [(g, v) for g, (_, v) in zip(merged, given, strict=True)]
                return (self._apply_sums if reduced else self._distributed_apply)(strategy, pairs, global_step, name)

            return replica.merged(apply, [g for g, _ in given])
        return self._apply(given, global_step, name, lambda g, v, update: [update(gradients.updatable(v), g)])

    def _distributed_apply(
        self, distribution: Any, grads_and_vars: Gradients, global_step: Any = None, name: str | None = None
    ) -> Any:
        """`apply_gradients` for all replicas at once; each gradient holds every replica's."""
        targets = [gradients.updatable(v) for _, v in grads_and_vars]
        summed = replica.summed(distribution, [g for g, _ in grads_and_vars], targets)
        pairs = [(g, v) for g, (_, v) in zip(summed, grads_and_vars, strict=True)]
        return self._apply_sums(distribution, pairs, global_step, name)

    def _apply_sums(self, distribution: Any, grads_and_vars: Gradients, global_step: Any, name: str | None) -> Any:
        def on_each(gradient: Any, variable: Any, update: Callable[..., Any]) -> list[Any]:
            return replica.on_each(distribution, gradients.updatable(variable), update, gradient)

        return self._apply(grads_and_vars, global_step, name, on_each)

    def _apply(
        self, given: Gradients, global_step: Any, name: str | None, on_variable: Callable[..., list[Any]]
    ) -> Any:
        targets = [gradients.updatable(v) for _, v in given]
        with tf.init_scope():
            self._create_slots(targets)
        self._first_variable, self._step = targets[0], global_step
        with tf.compat.v1.name_scope(name or self._name) as scope:
            self._prepare()
            updates = []
            for (gradient, variable), target in zip(given, targets, strict=True):
                own = variables.graph_of(target) is not None and variables.op_name(target)
                with tf.compat.v1.name_scope(f"update_{own or ''}"):
                    updates += on_variable(gradient, variable, self._update_of(variable))
            step, self._step = self._step, None
            done = self._finish(updates, scope if step is None else "update")
            if step is not None:  # it is counted after everything else
                with tf.control_dependencies([] if done is None else [done]):
                    done = variables.increment(step, scope)
        if tf.compat.v1.get_default_graph() is variables.tf1_graph():
            train_ops = tf.compat.v1.get_collection_ref(tf.compat.v1.GraphKeys.TRAIN_OP)
            if done not in train_ops:
                train_ops.append(done)
        return done

    # Hyperparameters.

    def _call_if_callable(self, param: Any) -> Any:
        """What a hyperparameter is now: a schedule's value at this step, a callable's result, or itself."""
        if variables.is_schedule(param):
            if self._step is None:
                with tf.init_scope(), tf.compat.v1.name_scope(""):
                    self._step = self._create_non_slot_variable(
                        tf.zeros([], tf.int64), "iterations", self._first_variable
                    )
            return param(tf.convert_to_tensor(variables.unwrapped(self._step)))
        return param() if callable(param) else param

    def _tensor(self, param: Any, name: str) -> tf.Tensor:
        """A hyperparameter's value now, as a tensor."""
        return tf.convert_to_tensor(self._call_if_callable(param), name=name)

    def _initial_value(self, param: Any, variable: Any) -> Any:
        """What a variable that follows a hyperparameter begins with; `variable` is any that is trained."""
        if variables.is_schedule(param):
            return param(tf.zeros([], tf.int64))
        return variables.unwrapped(param() if callable(param) else param)

    # Dtypes.

    def _valid_dtypes(self) -> set[tf.DType]:
        """The dtypes that losses, variables and gradients may have."""
        return {tf.float16, tf.bfloat16, tf.float32, tf.float64}

    def _assert_valid_dtypes(self, tensors: Sequence[Any]) -> None:
        valid = self._valid_dtypes()
        for tensor in tensors:
            dtype = tensor.dtype.base_dtype
            if dtype not in valid:
                raise ValueError(f"Invalid type {dtype!r} for {tensor.name}, expected: {list(valid)}.")
