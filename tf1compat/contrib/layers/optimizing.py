"""`optimize_loss`: a training op from a loss, with decay, clipping, noise and summaries."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf1compat import train

__all__ = ["OPTIMIZER_CLS_NAMES", "OPTIMIZER_SUMMARIES", "adaptive_clipping_fn", "optimize_loss"]

v1 = tf.compat.v1
#: A pair (gradient, variable).
Pairs = list[tuple[Any, Any]]
_OPTIMIZERS: Any = (train.Optimizer, v1.train.Optimizer)

#: Name: what makes the optimizer from a learning rate.
OPTIMIZER_CLS_NAMES: dict[str, Callable[..., Any]] = {
    "Adagrad": train.AdagradOptimizer,
    "Adam": train.AdamOptimizer,
    "Ftrl": train.FtrlOptimizer,
    "Momentum": lambda learning_rate: train.MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": train.RMSPropOptimizer,
    "SGD": train.GradientDescentOptimizer,
}
#: What `summaries` may name.
OPTIMIZER_SUMMARIES = ["learning_rate", "loss", "gradients", "gradient_norm", "global_gradient_norm"]


def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Mapping[Any, Any] | None = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Callable[[Any, Any], Any] | None = None,
    update_ops: Sequence[Any] | None = None,
    variables: Sequence[Any] | None = None,
    name: str | None = None,
    summaries: Sequence[str] | None = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> tf.Tensor:
    """A tensor of the loss that, when it runs, takes a step of the optimizer.

    Args:
      loss: a scalar.
      global_step: the step to count; None for the graph's own, if it has one.
      learning_rate: a float, which becomes the variable `learning_rate`, a scalar tensor, or None where the
        optimizer needs none.
      optimizer: a name in `OPTIMIZER_CLS_NAMES`, an optimizer, its class, or a function that gives one, from the
        learning rate or from nothing.
      gradient_noise_scale: truncated normal noise, times this, is added to the gradients.
      gradient_multipliers: {variable or its name: factor of its gradient}.
      clip_gradients: the greatest global norm, a float, or a function from pairs to pairs.
      learning_rate_decay_fn: (learning rate, global step) to the learning rate.
      update_ops: run before the loss; the graph's UPDATE_OPS unless given.
      variables: all that are trained unless given.
      summaries: of `OPTIMIZER_SUMMARIES`; the loss, the learning rate and the global gradient norm unless given.
      increment_global_step: whether a step counts.

    Raises:
      ValueError: naming the argument that cannot be used.
    """
    loss = tf.convert_to_tensor(loss)
    v1.assert_scalar(loss)
    if global_step is None:
        global_step = v1.train.get_global_step()
    else:
        v1.train.assert_global_step(global_step)
    with v1.variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = v1.get_collection(v1.GraphKeys.UPDATE_OPS)
        if update_ops:
            with tf.control_dependencies(update_ops):
                loss = tf.identity(loss)
        rate = _learning_rate(learning_rate)
        if summaries is None:
            summaries = ["loss", "learning_rate", "global_gradient_norm"]
        for summary in summaries:
            if summary not in OPTIMIZER_SUMMARIES:
                raise ValueError(
                    f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you provided {summary}."
                )
        if rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in summaries:
                v1.summary.scalar("learning_rate", rate)
        chosen = _optimizer(optimizer, rate)
        pairs = chosen.compute_gradients(
            loss,
            v1.trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gradient_noise_scale is not None:
            pairs = [(_noisy(gradient, gradient_noise_scale), variable) for gradient, variable in pairs]
        if gradient_multipliers is not None:
            pairs = _multiplied(pairs, gradient_multipliers)
            if not pairs:
                raise ValueError(
                    "Empty list of (gradient, var) pairs encountered. This is most likely to be caused by an improper "
                    "value of gradient_multipliers."
                )
        norms = "global_gradient_norm" in summaries or "gradient_norm" in summaries
        if norms:
            v1.summary.scalar("global_norm/gradient_norm", train.global_norm([g for g, _ in pairs]))
        pairs = _clipped(pairs, clip_gradients)
        _summarize(loss, pairs, summaries)
        if clip_gradients is not None and norms:
            v1.summary.scalar("global_norm/clipped_gradient_norm", train.global_norm([g for g, _ in pairs]))
        counted = global_step if increment_global_step else None
        with tf.control_dependencies([chosen.apply_gradients(pairs, global_step=counted, name="train")]):
            return tf.identity(loss)


def _learning_rate(given: Any) -> Any:
    if given is None or (isinstance(given, tf.Tensor) and given.shape.rank == 0):
        return given
    if isinstance(given, float):
        if given < 0.0:
            raise ValueError(f"Invalid learning_rate {given}.")
        return v1.get_variable("learning_rate", [], trainable=False, initializer=v1.constant_initializer(given))
    raise ValueError(f"Learning rate should be 0d Tensor or float. Got {given} of type {type(given)}")


def _optimizer(given: Any, rate: Any) -> Any:
    if isinstance(given, str):
        if rate is None:
            raise ValueError(f"Learning rate is None, but should be specified if optimizer is string ({given}).")
        if given not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], you provided {given}."
            )
        return OPTIMIZER_CLS_NAMES[given](learning_rate=rate)
    kind: Any = given
    if isinstance(kind, type) and issubclass(kind, _OPTIMIZERS):
        if rate is None:
            raise ValueError(f"Learning rate is None, but should be specified if optimizer is class ({given}).")
        return kind(learning_rate=rate)
    if isinstance(given, _OPTIMIZERS):
        return given
    if callable(given):
        made = given(rate) if rate is not None or inspect.signature(given).parameters else given()
        if not isinstance(made, _OPTIMIZERS):
            raise ValueError(f"Unrecognized optimizer: function should return subclass of Optimizer. Got {made}.")
        return made
    raise ValueError(
        "Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass of Optimizer or "
        f"function with one argument. Got {given}."
    )


def _changed(gradient: Any, change: Callable[[Any], Any]) -> Any:
    """`change` of a gradient, or of the values of a sparse one; None for none."""
    if gradient is None:
        return None
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(change(gradient.values), gradient.indices, gradient.dense_shape)
    return change(gradient)


def _noisy(gradient: Any, scale: float) -> Any:
    if gradient is None:
        return None
    # Every element of the variable has its noise, so what was sparse is dense then.
    sparse = isinstance(gradient, tf.IndexedSlices)
    return gradient + v1.truncated_normal(gradient.dense_shape if sparse else gradient.shape) * scale


def _multiplied(pairs: Pairs, multipliers: Mapping[Any, Any]) -> Pairs:
    by_name = {key if isinstance(key, str) else key.name: multiplier for key, multiplier in multipliers.items()}

    def multiplied(gradient: Any, variable: Any) -> Any:
        if variable.name not in by_name:
            return gradient
        return _changed(gradient, lambda values: values * tf.cast(by_name[variable.name], values.dtype))

    return [(multiplied(gradient, variable), variable) for gradient, variable in pairs]


def _clipped(pairs: Pairs, clip: Any) -> Pairs:
    if clip is None:
        return pairs
    if isinstance(clip, float):
        gradients, _ = train.clip_by_global_norm([gradient for gradient, _ in pairs], clip)
        return [(gradient, variable) for gradient, (_, variable) in zip(gradients, pairs, strict=True)]
    if callable(clip):
        return clip(pairs)
    raise ValueError(f"Unknown type {type(clip)} for clip_gradients")


def _summarize(loss: Any, pairs: Pairs, summaries: Sequence[str]) -> None:
    if "loss" in summaries:
        v1.summary.scalar("loss", loss)
    for gradient, variable in pairs:
        values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        if values is None:
            continue
        name = variable.name.replace(":", "_")
        if "gradients" in summaries:
            v1.summary.histogram(f"gradients/{name}", values)
        if "gradient_norm" in summaries:
            v1.summary.scalar(f"gradient_norm/{name}", train.global_norm([values]))


def adaptive_clipping_fn(
    std_factor: float = 2.0,
    decay: float = 0.95,
    static_max_norm: float | None = None,
    global_step: Any = None,
    report_summary: bool = False,
    epsilon: float = 1e-8,
    name: str | None = None,
) -> Callable[[Pairs], Pairs]:
    """For `clip_gradients`: clips to the mean of the norm's logarithm plus `std_factor` deviations.

    Mean and mean square are moving averages with `decay`, or min(decay, n / (n + 1)) at step n where there is a
    `global_step`. A norm above the limit becomes exp(mean), and none is above `static_max_norm`.
    """

    def moving_average(name: str, value: tf.Tensor, decay: Any) -> tf.Tensor:
        variable = v1.get_variable(
            name, shape=value.shape, dtype=value.dtype, initializer=v1.zeros_initializer(), trainable=False
        )
        return train.assign_moving_average(variable, value, decay, zero_debias=False)

    def gradient_clipping(grads_and_vars: Pairs) -> Pairs:
        norm = train.global_norm([gradient for gradient, _ in grads_and_vars])
        with v1.variable_scope(name, "AdaptiveMaxNorm", [norm]):
            logarithm = tf.math.log(norm + epsilon)
            rate: Any = decay
            if global_step is not None:
                n = tf.cast(global_step, tf.float32)
                rate = tf.minimum(decay, n / (n + 1.0))
            mean = moving_average("mean", logarithm, rate)
            squares = moving_average("sq_mean", tf.square(logarithm), rate)
            deviation = tf.sqrt(tf.maximum(epsilon, squares - tf.square(mean)))
            greatest = tf.exp(mean + std_factor * deviation)
        if report_summary:
            v1.summary.scalar("global_norm/adaptive_max_gradient_norm", greatest)
        factor = tf.where(norm < greatest, tf.ones_like(norm), tf.exp(mean) / norm)
        if static_max_norm is not None:
            factor = tf.minimum(static_max_norm / norm, factor)
        return [(_changed(gradient, lambda values: values * factor), variable) for gradient, variable in grads_and_vars]

    return gradient_clipping
