"""Batch normalization."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from tf1compat import layers
from tf1compat.contrib.framework import add_arg_scope, model_variable
from tf1compat.train import assign_moving_average

from .utils import constant_value, get_variable_collections, smart_cond
from .weighted import add_to_collections, checked_format, finish, renaming

__all__ = ["batch_norm"]

v1 = tf.compat.v1
_UPDATES = v1.GraphKeys.UPDATE_OPS
_INITIALIZERS = {
    "beta": v1.zeros_initializer(),
    "gamma": v1.ones_initializer(),
    "moving_mean": v1.zeros_initializer(),
    "moving_variance": v1.ones_initializer(),
}


@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: Any = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Any = None,
    param_initializers: Mapping[str, Any] | None = None,
    param_regularizers: Mapping[str, Any] | None = None,
    updates_collections: Any = _UPDATES,
    is_training: Any = True,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    batch_weights: Any = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_decay: float = 0.99,
    adjustment: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, by channel.

    In training the moments are the batch's, and moving averages of them, with `decay`, are kept for use otherwise:

        moving -= (moving - batch's) * (1 - decay)

    Args:
      inputs: [batch, ..., channels], or with the channels second where `data_format` is "NCHW".
      center, scale: whether there are `beta` and `gamma`.
      activation_fn: is applied to the outputs.
      param_initializers, param_regularizers: by "beta", "gamma", "moving_mean", "moving_variance".
      updates_collections: where the ops that move the averages are put, which a training step must run; None moves
        them whenever the outputs are computed.
      is_training: a bool, or a tensor of one.
      batch_weights: a weight for each example, in the moments.
      fused: whether to use the fused kernel, where it can be; None for True.
      zero_debias_moving_mean: whether to correct the moving mean for its start at zero, `tf.train`'s
        `assign_moving_average` says how.
      renorm, renorm_clipping, renorm_decay, adjustment: as of `tf.layers.batch_normalization`.
      reuse, variables_collections, outputs_collections, trainable, scope: as of the layers with weights.

    The update ops stand in their collection only if the layer is built with them, so two layers that share
    their variables (`reuse`) update them twice.

    Raises:
      ValueError: for an unknown data format or rank, or `renorm` together with batch weights, other collections of
        updates or `zero_debias_moving_mean`.
    """
    layout = checked_format(data_format, "NHWC", "NCHW")
    inputs = tf.convert_to_tensor(inputs)
    rank = inputs.shape.rank
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank")
    plain = batch_weights is None and updates_collections == _UPDATES and not zero_debias_moving_mean
    fused = fused is not False and batch_weights is None and not renorm and adjustment is None and rank in (2, 4)
    initializers = {**_INITIALIZERS, **(param_initializers or {})}
    regularizers = dict(param_regularizers or {})
    if plain and not (fused and rank == 2):
        with v1.variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=renaming()) as inside:
            layer = layers.BatchNormalization(
                axis=1 if layout == "channels_first" else -1,
                momentum=decay,
                epsilon=epsilon,
                center=center,
                scale=scale,
                **{f"{name}_initializer": initializers[name] for name in _INITIALIZERS},
                beta_regularizer=regularizers.get("beta"),
                gamma_regularizer=regularizers.get("gamma"),
                trainable=trainable,
                renorm=renorm,
                renorm_clipping=renorm_clipping,
                renorm_momentum=renorm_decay,
                adjustment=adjustment,
                name=inside.name,
                _scope=inside,
                _reuse=reuse,
                fused=fused,
            )
            outputs = layer.apply(inputs, training=is_training)
            for name in ("moving_mean", "moving_variance", "beta", "gamma"):
                if getattr(layer, name) is not None:
                    add_to_collections(getattr(layer, name), variables_collections, name)
            return finish(outputs, inside, activation_fn, outputs_collections)
    if renorm:
        raise ValueError("renorm is not supported with batch_weights, updates_collections or zero_debias_moving_mean")
    if adjustment is not None:
        raise ValueError(
            "adjustment is not supported with batch_weights, updates_collections or zero_debias_moving_mean"
        )
    # What the moving mean's correction keeps is a model variable, too, where TF1 made it through the getter.
    getter = None if fused else renaming()
    with v1.variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=getter) as inside:
        channels = inputs.shape[1 if layout == "channels_first" else -1]
        if channels is None:
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension.")

        def variable(name: str, trained: bool) -> Any:
            return model_variable(
                name,
                shape=[channels],
                # The fused kernel takes float32 parameters for inputs of float16, too.
                dtype=tf.float32 if fused else inputs.dtype.base_dtype,
                initializer=initializers[name],
                regularizer=regularizers.get(name) if trained else None,
                collections=get_variable_collections(variables_collections, name),
                trainable=trained and trainable,
            )

        beta = variable("beta", True) if center else None
        gamma = variable("gamma", True) if scale else None
        with v1.variable_scope(v1.get_variable_scope()) as whole:
            whole.set_partitioner(None)  # what moves is never in parts
            moving = variable("moving_mean", False), variable("moving_variance", False)

        def update(mean: tf.Tensor, variance: tf.Tensor) -> Any:
            moved = assign_moving_average(moving[0], mean, decay, zero_debias=zero_debias_moving_mean)
            return moved, assign_moving_average(moving[1], variance, decay, zero_debias=False)

        updating = _Updating(is_training, updates_collections, update, moving)
        if fused:
            outputs = _fused(inputs, beta, gamma, moving, epsilon, data_format, updating)
        else:
            outputs = _unfused(inputs, beta, gamma, moving, epsilon, data_format, batch_weights, updating)
        outputs.set_shape(inputs.shape)
        return finish(outputs, inside, activation_fn, outputs_collections)


class _Updating:
    """When the moving averages move: never, with the outputs, or by ops in a collection."""

    def __init__(self, is_training: Any, collections: Any, update: Callable[..., Any], moving: tuple[Any, Any]) -> None:
        self.is_training, self.collections, self._update, self.moving = is_training, collections, update, moving
        known = constant_value(is_training)
        #: Whether the batch's moments can be asked for.
        self.possible = known is None or bool(known)

    def cond(self, training: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        return smart_cond(self.is_training, training, otherwise)

    def with_outputs(self, outputs: Any, mean: Any, variance: Any) -> Any:
        """`outputs`, after the updates where there is no collection for them, which else get them."""
        if not self.possible:
            return outputs
        if self.collections is None:

            def updated() -> Any:
                with tf.control_dependencies(self._update(mean, variance)):
                    return tf.nest.map_structure(tf.identity, outputs)

            return self.cond(updated, lambda: outputs)
        for update in self.cond(lambda: self._update(mean, variance), lambda: self.moving):
            v1.add_to_collections(self.collections, update)
        return outputs


def _fused(
    inputs: tf.Tensor, beta: Any, gamma: Any, moving: Any, epsilon: float, data_format: str, updating: _Updating
) -> tf.Tensor:
    channels = inputs.shape[1 if data_format == "NCHW" else -1]
    images = inputs
    if inputs.shape.rank == 2:
        images = tf.reshape(inputs, [-1, channels, 1, 1] if data_format == "NCHW" else [-1, 1, 1, channels])
    offset = tf.zeros([channels]) if beta is None else beta
    factor = tf.ones([channels]) if gamma is None else gamma
    arguments = {"epsilon": epsilon, "data_format": data_format}
    outputs, mean, variance = updating.cond(
        lambda: v1.nn.fused_batch_norm(images, factor, offset, **arguments),
        lambda: v1.nn.fused_batch_norm(
            images, factor, offset, mean=moving[0], variance=moving[1], is_training=False, **arguments
        ),
    )
    outputs = updating.with_outputs(outputs, mean, variance)
    return tf.reshape(outputs, tf.shape(inputs)) if inputs.shape.rank == 2 else outputs


def _unfused(
    inputs: tf.Tensor,
    beta: Any,
    gamma: Any,
    moving: Any,
    epsilon: float,
    data_format: str,
    batch_weights: Any,
    updating: _Updating,
) -> tf.Tensor:
    rank = inputs.shape.rank
    channel_axis = 1 if data_format == "NCHW" else rank - 1
    axes = [axis for axis in range(rank) if axis != channel_axis]
    mean, variance = moving
    if updating.possible:
        if batch_weights is None:
            mean, variance = v1.nn.moments(inputs, axes)
        else:
            batch_weights = tf.convert_to_tensor(batch_weights)
            inputs.shape[:1].assert_is_compatible_with(batch_weights.shape)
            weights = tf.reshape(batch_weights, [-1] + [1] * (rank - 1))
            mean, variance = v1.nn.weighted_moments(inputs, axes, weights)
        if updating.collections is None:

            def own() -> Any:
                return mean, variance

            moments = updating.with_outputs(own(), mean, variance)
        else:
            updating.with_outputs((), mean, variance)
            moments = (mean, variance)
        mean, variance = updating.cond(lambda: moments, lambda: tuple(tf.identity(v) for v in moving))
    if channel_axis != rank - 1:
        shape = [1, -1] + [1] * (rank - 2)
        mean, variance, beta, gamma = (
            None if each is None else tf.reshape(each, shape) for each in (mean, variance, beta, gamma)
        )
    return tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
