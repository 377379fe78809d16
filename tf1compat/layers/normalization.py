"""Batch normalization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from . import identifiers
from .functional import functional
from .fused_normalization import Fused
from .input_spec import InputSpec
from .renormalization import Renormalization, assign_moving_average, assign_new_value
from .utils import constant_value, smart_cond

__all__ = ["BatchNormalization", "batch_normalization"]

_v1 = tf.compat.v1
_ZEROS, _ONES = _v1.zeros_initializer(), _v1.ones_initializer()


class BatchNormalization(Fused, Renormalization):
    """`gamma * (x - mean) / sqrt(variance + epsilon) + beta` for each place along an axis.

    In training, mean and variance are the batch's, and update ops, in the collection UPDATE_OPS, move the
    averages that are used otherwise:

        moving -= (moving - batch's) * (1 - momentum)

    A training step must run those: `with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS))`.
    The fused kernel gives the averages the variance by `n - 1`, the other way has it by `n`.

    Variables: `gamma` and `beta`, to be trained, `moving_mean` and `moving_variance`; with `renorm` also
    `moving_stddev`, `renorm_mean` and `renorm_stddev`. All have the size of the axis, or, with several axes or
    virtual batches, the rank of the inputs.

    Args:
      axis: The axis of the channels, or a list of axes.
      momentum: Of the moving averages, a number or a tensor.
      epsilon: Is added to the variance.
      center, scale: Whether there are `beta` and `gamma`.
      beta_initializer, ...: for the variables.
      renorm: Whether to correct the batch's moments by the averages, in training: Ioffe, Batch Renormalization,
        2017, https://arxiv.org/abs/1702.03275.
      renorm_clipping: A dictionary of scalars `rmax`, `rmin` and `dmax`, between which the correction is kept.
      renorm_momentum: Of the averages that `renorm` uses.
      fused: Whether to use the fused kernel, None for True; only where it can be used: inputs of rank 4, axis 1
        or 3, and neither renorm, virtual batches nor an adjustment.
      trainable: Whether the variables are added to TRAINABLE_VARIABLES.
      virtual_batch_size: The size of the parts of a batch that are normalized each by itself.
      adjustment: A function of the inputs' shape, a tensor, that gives scale and bias for the normalized values
        in training.
      name: The layer's name.

    Called with `training`, a bool or a scalar tensor.

    Attributes:
      _bessels_correction_test_only: Set it to False for the fused kernel's averages to have the variance by `n`.

    Raises:
      TypeError: for an axis that is neither an integer nor a list.
      ValueError: for other keys in `renorm_clipping`; when it is built, for an axis that the inputs have not or
        whose size is not known, or a virtual batch size together with axis 0 or an adjustment.
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: Any = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = _ZEROS,
        gamma_initializer: Any = _ONES,
        moving_mean_initializer: Any = _ZEROS,
        moving_variance_initializer: Any = _ONES,
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: dict[str, Any] | None = None,
        renorm_momentum: Any = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Callable[[tf.Tensor], tuple[Any, Any]] | None = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, **kwargs)
        if not isinstance(axis, (int, list)):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.axis: Any = axis[:] if isinstance(axis, list) else axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self._describe("beta", beta_initializer, beta_regularizer, beta_constraint)
        self._describe("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        self.moving_mean_initializer = identifiers.initializer(moving_mean_initializer)
        self.moving_variance_initializer = identifiers.initializer(moving_variance_initializer)
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment
        self.fused = True if fused is None else fused
        self._keep_renorm(renorm, renorm_clipping, renorm_momentum)

    # Variables.

    @property
    def _param_dtype(self) -> tf.DType:
        dtype = tf.as_dtype(self.dtype or tf.float32)
        return tf.float32 if dtype in (tf.float16, tf.bfloat16) else dtype

    def build(self, input_shape: Any) -> None:
        shape = tf.TensorShape(input_shape)
        if not shape.rank:
            raise ValueError(f"Input has undefined rank: {input_shape}")
        sizes = shape.as_list()
        self.axis = _axes(len(sizes), self.axis, self.virtual_batch_size, self.adjustment)
        given = self.axis
        self.fused = bool(self.fused) and len(sizes) == 4 and given in ([1], [3]) and self._is_plain()
        unknown = [axis for axis in given if sizes[axis] is None]
        if unknown:
            raise ValueError(f"Input has undefined `axis` dimension {unknown[0]}. Input shape: {input_shape}")
        self.input_spec = InputSpec(ndim=len(sizes), axes={axis: sizes[axis] for axis in given})
        param_shape: Any = (sizes[given[0]],)
        if len(given) > 1 or self.virtual_batch_size is not None:
            param_shape = [size if axis in given else 1 for axis, size in enumerate(sizes)]
            if self.virtual_batch_size is not None:
                param_shape.insert(1, 1)
                self.axis = [axis + 1 for axis in given]  # the inputs will have an axis for the virtual batches
        self.gamma = self._parameter("gamma", self.scale, 1.0, param_shape)
        self.beta = self._parameter("beta", self.center, 0.0, param_shape)
        partitioner = self._scope.partitioner if self._scope else None
        if partitioner:
            self._scope.set_partitioner(None)  # what moves is never in parts
        try:
            self.moving_mean = self._statistic("moving_mean", param_shape, self.moving_mean_initializer)
            self.moving_variance = self._statistic("moving_variance", param_shape, self.moving_variance_initializer)
            if self.renorm:
                self._build_renorm(param_shape)
        finally:
            if partitioner:
                self._scope.set_partitioner(partitioner)
        self.built = True

    def _statistic(self, name: str, shape: Any, initializer: Any) -> Any:
        return self.add_weight(
            name,
            shape,
            self._param_dtype,
            initializer,
            trainable=False,
            synchronization=tf.VariableSynchronization.ON_READ,
            aggregation=tf.VariableAggregation.MEAN,
        )

    # Calls.

    def call(self, inputs: Any, training: Any = False) -> Any:
        training = False if training is None else training
        if self.virtual_batch_size is None:
            return self._fused(inputs, training) if self.fused else self._normalized(inputs, training)
        shape = [-1, *inputs.shape.as_list()[1:]]
        outputs = self._normalized(tf.reshape(inputs, [self.virtual_batch_size, *shape]), training)
        return tf.reshape(outputs, shape)

    def _normalized(self, inputs: Any, training: Any) -> Any:
        static = inputs.shape
        rank = len(static)
        axes = [axis for axis in range(rank) if axis not in self.axis]
        if self.virtual_batch_size is not None:
            del axes[1]  # each virtual batch has moments of its own
        shape = [1] * rank
        shape[self.axis[0]] = static.as_list()[self.axis[0]]

        def broadcast(value: Any) -> Any:
            if value is not None and len(value.shape) != rank and axes != list(range(rank - 1)):
                return tf.reshape(value, shape)
            return value

        scale, offset = broadcast(self.gamma), broadcast(self.beta)
        if constant_value(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment:
                scale, offset = _composed(*self._adjusted(inputs, training), scale, offset)
            mean, variance = self._moments(inputs, axes, training)
            new_mean, new_variance = mean, variance
            if self.virtual_batch_size is not None:
                new_mean = tf.reduce_mean(mean, axis=1, keepdims=True)
                new_variance = tf.reduce_mean(variance, axis=1, keepdims=True)
            if self.renorm:
                r, d, new_mean, new_variance = self._correction(new_mean, new_variance, training)
                r = broadcast(tf.stop_gradient(r, name="renorm_r"))
                d = broadcast(tf.stop_gradient(d, name="renorm_d"))
                scale, offset = _composed(r, d, scale, offset)
            self._move(new_mean, new_variance, training)
        mean, variance, offset, scale = (
            None if each is None else tf.cast(each, inputs.dtype) for each in (mean, variance, offset, scale)
        )
        outputs = tf.nn.batch_normalization(inputs, broadcast(mean), broadcast(variance), offset, scale, self.epsilon)
        outputs.set_shape(static)
        return outputs

    def _adjusted(self, inputs: Any, training: Any) -> tuple[Any, Any]:
        assert self.adjustment is not None
        scale, bias = self.adjustment(tf.shape(inputs))
        return (
            smart_cond(training, lambda: scale, lambda: tf.ones_like(scale)),
            smart_cond(training, lambda: bias, lambda: tf.zeros_like(bias)),
        )

    def _moments(self, inputs: Any, axes: list[int], training: Any) -> tuple[Any, Any]:
        """The batch's moments in training, and those moved so far otherwise."""
        keep = self.virtual_batch_size is not None or len(self.axis) > 1
        mean, variance = tf.nn.moments(tf.cast(inputs, self._param_dtype), axes, keepdims=keep)
        return (
            smart_cond(training, lambda: mean, lambda: tf.convert_to_tensor(self.moving_mean)),
            smart_cond(training, lambda: variance, lambda: tf.convert_to_tensor(self.moving_variance)),
        )

    def _move(self, mean: Any, variance: Any, training: Any) -> None:
        def moved_variance() -> Any:
            if not self.renorm:
                return assign_moving_average(self.moving_variance, variance, self.momentum)
            stddev = assign_moving_average(self.moving_stddev, tf.sqrt(variance + self.epsilon), self.momentum)
            return assign_new_value(self.moving_variance, tf.nn.relu(stddev * stddev - self.epsilon))

        def moved_mean() -> Any:
            return assign_moving_average(self.moving_mean, mean, self.momentum)

        self.add_update(lambda: smart_cond(training, moved_mean, lambda: self.moving_mean))
        self.add_update(lambda: smart_cond(training, moved_variance, lambda: self.moving_variance))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


def _axes(rank: int, axis: Any, virtual_batch_size: int | None, adjustment: Any) -> list[int]:
    """The axes counted from 0; ValueError where they, or the two other arguments with them, are not allowed."""
    axes = [each + rank if each < 0 else each for each in tf.nest.flatten(axis)]
    for each in axes:
        if not 0 <= each < rank:
            raise ValueError(f"Invalid axis: {each} for inputs of rank {rank}")
    if len(axes) != len(set(axes)):
        raise ValueError(f"Duplicate axis: {axis}")
    if virtual_batch_size is not None:
        if virtual_batch_size <= 0:
            raise ValueError(
                "virtual_batch_size must be a positive integer that divides the true batch size of the input "
                f"Tensor; got {virtual_batch_size}"
            )
        if 0 in axes:
            raise ValueError(
                "When using virtual_batch_size, the batch dimension must be 0 and thus axis cannot include 0"
            )
        if adjustment is not None:
            raise ValueError("When using virtual_batch_size, adjustment cannot be specified")
    return axes


def _composed(scale: Any, offset: Any, then_scale: Any, then_offset: Any) -> tuple[Any, Any]:
    """Two linear maps, one after the other, as one; None for one that does nothing."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    if then_offset is not None:
        offset = offset + then_offset
    return scale, offset


batch_normalization = functional(
    BatchNormalization,
    "batch_normalization",
    """axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer
    moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint training
    trainable name reuse renorm renorm_clipping renorm_momentum fused virtual_batch_size adjustment""",
    {"training": False},
)
