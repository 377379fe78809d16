"""Batch normalization by the fused kernel."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from .renormalization import assign_moving_average
from .utils import constant_value, smart_cond
from .weighted import Weighted

__all__ = ["Fused"]

#: The kernel's least epsilon: cuDNN's.
_LEAST_EPSILON = 1.001e-5


class Fused(Weighted):
    """The part of batch normalization that `fused` switches on: one kernel for moments and normalized values."""

    axis: Any
    momentum: Any
    epsilon: float
    renorm: bool
    fused: bool
    virtual_batch_size: int | None
    adjustment: Any
    gamma: Any
    beta: Any
    moving_mean: Any
    moving_variance: Any
    _param_dtype: Any
    _bessels_correction_test_only = True

    def _is_plain(self) -> bool:
        return not self.renorm and self.virtual_batch_size is None and self.adjustment is None

    def _parameter(self, weight: str, wanted: bool, otherwise: float, shape: Any) -> Any:
        if wanted:
            return self._make(weight, shape, self._param_dtype)
        if self.fused:  # whose kernel wants one
            setattr(self, f"_{weight}_const", tf.constant(otherwise, self._param_dtype, shape))
        return None

    def _fused(self, inputs: Any, training: Any) -> Any:
        def kernel(**moments: Any) -> Any:
            return tf.compat.v1.nn.fused_batch_norm(
                inputs,
                self._gamma_const if self.gamma is None else self.gamma,
                self._beta_const if self.beta is None else self.beta,
                epsilon=max(self.epsilon, _LEAST_EPSILON),
                data_format="NCHW" if self.axis == [1] else "NHWC",
                **moments,
            )

        outputs, mean, variance = smart_cond(
            training,
            kernel,
            lambda: kernel(mean=self.moving_mean, variance=self.moving_variance, is_training=False),
        )
        if not self._bessels_correction_test_only:
            count = tf.cast(tf.size(inputs) / tf.size(variance), variance.dtype)
            variance *= (count - 1.0) / count
        known = constant_value(training)
        if known is None:
            momentum = smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = tf.convert_to_tensor(self.momentum)
        if known is not False:
            self.add_update(lambda: assign_moving_average(self.moving_mean, mean, momentum))
            self.add_update(lambda: assign_moving_average(self.moving_variance, variance, momentum))
        return outputs
