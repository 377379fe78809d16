"""Training ops and a loop for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import train as rules

__all__ = [
    "add_gradients_summaries",
    "clip_gradient_norms",
    "clip_gradient_norms_fn",
    "create_train_op",
    "multiply_gradients",
    "train",
]

v1 = tf.compat.v1
#: A pair (gradient, variable).
Pairs = list[tuple[Any, Any]]
_OWN = object()


def _changed(gradient: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(change(gradient.values), gradient.indices, gradient.dense_shape)
    return change(gradient)


def add_gradients_summaries(grads_and_vars: Iterable[tuple[Any, Any]]) -> list[Any]:
    """A histogram of each gradient, `<variable>_gradient`, and its norm, `<variable>_gradient_norm`."""
    summaries = []
    for gradient, variable in grads_and_vars:
        if gradient is None:
            v1.logging.info("Var %s has no gradient", variable.op.name)
            continue
        values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        summaries.append(v1.summary.histogram(f"{variable.op.name}_gradient", values))
        summaries.append(v1.summary.scalar(f"{variable.op.name}_gradient_norm", rules.global_norm([values])))
    return summaries


def clip_gradient_norms(gradients_to_variables: Iterable[tuple[Any, Any]], max_norm: float) -> Pairs:
    """The pairs, with each gradient clipped to the norm by itself; a sparse one by the rows that it has."""
    return [
        (None if gradient is None else _changed(gradient, lambda v: rules.clip_by_norm(v, max_norm)), variable)
        for gradient, variable in gradients_to_variables
    ]


def clip_gradient_norms_fn(max_norm: float) -> Callable[[Pairs], Pairs]:
    """`clip_gradient_norms` for `create_train_op`'s `transform_grads_fn`."""
    return lambda pairs: clip_gradient_norms(pairs, max_norm)


def multiply_gradients(grads_and_vars: Pairs, gradient_multipliers: Mapping[Any, Any]) -> Pairs:
    """The pairs, with the gradients of some variables multiplied.

    gradient_multipliers: {variable, or the name of its op: factor}.

    Raises:
      ValueError: for what is no list or no dictionary, an empty one, or a variable that has no gradient.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, Mapping):
        raise ValueError("`gradient_multipliers` must be a dict.")
    factors = {key if isinstance(key, str) else key.op.name: value for key, value in gradient_multipliers.items()}

    def multiplied(gradient: Any, name: str) -> Any:
        if name not in factors:
            return gradient
        if gradient is None:
            raise ValueError(f"Requested multiple of `None` gradient: variable {name}.")
        return _changed(gradient, lambda values: values * tf.cast(factors[name], values.dtype))

    return [(multiplied(gradient, variable.op.name), variable) for gradient, variable in grads_and_vars]


def create_train_op(
    total_loss: Any,
    optimizer: Any,
    global_step: Any = _OWN,
    update_ops: Sequence[Any] | None = None,
    variables_to_train: Sequence[Any] | None = None,
    transform_grads_fn: Callable[[Pairs], Pairs] | None = None,
    summarize_gradients: bool = False,
    gate_gradients: int = v1.train.Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    check_numerics: bool = True,
) -> tf.Tensor:
    """A tensor of the loss that, when it runs, takes a step: after the update ops, and in `tf.GraphKeys.TRAIN_OP`.

    Args:
      total_loss: a scalar.
      optimizer: a `tf.train.Optimizer`.
      global_step: counts the steps: the graph's own, made where there is none; None counts none.
      update_ops: run before the loss; the graph's UPDATE_OPS unless given.
      variables_to_train: all that are trained unless given.
      transform_grads_fn: from the pairs (gradient, variable) to others.
      summarize_gradients: see `add_gradients_summaries`.
      gate_gradients, aggregation_method, colocate_gradients_with_ops: as of `Optimizer.compute_gradients`.
      check_numerics: a loss that is not a number, or infinite, is an `InvalidArgumentError`.
    """
    if global_step is _OWN:
        global_step = v1.train.get_or_create_global_step()
    graphs_updates = v1.get_collection(v1.GraphKeys.UPDATE_OPS)
    updates = list(graphs_updates if update_ops is None else update_ops)
    if any(all(op is not given for given in updates) for op in graphs_updates):
        v1.logging.warning("update_ops in create_train_op does not contain all the update_ops in GraphKeys.UPDATE_OPS")
    if updates:
        with tf.control_dependencies(updates):
            barrier = tf.no_op(name="update_barrier")
        with tf.control_dependencies([barrier]):
            total_loss = tf.identity(total_loss)
    trained = v1.trainable_variables()
    if variables_to_train is None:
        variables_to_train = trained
    for variable in variables_to_train:
        if not variable.trainable and all(variable is not other for other in trained):
            raise AssertionError(f"variables_to_train has {variable.name}, which is not trainable.")
    if not variables_to_train:
        raise AssertionError("There are no variables to train.")
    pairs = optimizer.compute_gradients(
        total_loss,
        variables_to_train,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn:
        pairs = transform_grads_fn(pairs)
    if summarize_gradients:
        with v1.name_scope("summarize_grads"):
            add_gradients_summaries(pairs)
    applied = optimizer.apply_gradients(pairs, global_step=global_step)
    with v1.name_scope("train_op"):
        if check_numerics:
            total_loss = tf.debugging.check_numerics(total_loss, "LossTensor is inf or nan")
        with tf.control_dependencies([applied]):
            train_op = tf.identity(total_loss)
    v1.add_to_collection(v1.GraphKeys.TRAIN_OP, train_op)
    return train_op


def train(
    train_op: Any,
    logdir: str | None,
    master: str = "",
    is_chief: bool = True,
    scaffold: Any = None,
    hooks: Any = None,
    chief_only_hooks: Any = None,
    save_checkpoint_secs: float | None = 600,
    save_summaries_steps: int | None = 100,
    config: Any = None,
    max_wait_secs: float = 7200,
    run_metadata: Any = None,
) -> Any:
    """Run `train_op` in a `tf.train.MonitoredTrainingSession` until a hook or the input ends it; its last value.

    Raises:
      ValueError: without a `logdir` where something is to be saved there.
    """
    if logdir is None and is_chief:
        for name, given in (
            ("save_summaries_steps", save_summaries_steps),
            ("save_checkpoint_secs", save_checkpoint_secs),
        ):
            if given:
                raise ValueError(f"logdir cannot be None when {name} is not None")
    loss = None
    with v1.train.MonitoredTrainingSession(
        master=master,
        is_chief=is_chief,
        checkpoint_dir=logdir,
        scaffold=scaffold,
        hooks=hooks,
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
        max_wait_secs=max_wait_secs,
    ) as session:
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss
